"""The simulation of a cluster gives what can be worked out by hand."""

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parent.parent / "benchmarks" / "cluster_model.py"


@pytest.fixture(scope="module")
def model():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("cluster_model", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["cluster_model"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("costs", "workers", "per_second"),
    [
        ({"window": 10.0, "noise": 0, "lifetime": 0, "store": 1e9, "trip": 0, "driver": 0}, 1, 0.1),
        ({"window": 10.0, "noise": 0, "lifetime": 0, "store": 1e9, "trip": 0, "driver": 0}, 50, 5.0),
        ({"window": 1.0, "noise": 0, "lifetime": 0, "store": 1e9, "trip": 0.5, "driver": 0}, 1, 0.5),
        ({"window": 1.0, "lifetime": 0, "store": 1e9, "driver": 0.01}, 1000, 100.0),  # the driver is full
        ({"window": 1.0, "lifetime": 0, "store": 100.0, "segment": 2.0}, 1000, 50.0),  # the store is full
        (
            {"window": 3600.0, "noise": 0, "lifetime": 1.0, "store": 1e9, "trip": 0, "driver": 0},
            1,
            1 / 5400,
        ),  # half is lost
    ],
)
def test_known_rates(model, costs: dict[str, float], workers: int, per_second: float) -> None:  # type: ignore[no-untyped-def]
    point = model.simulate(model.Costs(**costs), workers, 4000)
    assert point.per_second == pytest.approx(per_second, rel=0.02)
    assert point.efficiency == pytest.approx(per_second * costs["window"] / workers, rel=0.02)
