"""Ray, in a network of its own: see ray_cases.py."""

from pathlib import Path

from tests.alone import run_alone


def test_ray(tmp_path: Path) -> None:
    run_alone("tests/execution/runners/ray_cases.py", tmp_path, "ray")
