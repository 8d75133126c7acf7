"""A bad window is retried in a fixed order until it is good; the best attempt is kept."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from vidinpaint.checking.verdict import CropCheck
from vidinpaint.core.graph import Graph, Phase
from vidinpaint.core.presets import load_config, load_pipeline
from vidinpaint.core.window import Box, Window
from vidinpaint.execution.runners import retries as retry_module
from vidinpaint.execution.runners.retries import best_attempt

WINDOW = Window(0, 0, 0, 10, 0, 10, (Box(0, 0, 8, 8),))


@dataclass(frozen=True)
class Inpaint:
    """Inpaints with a given score."""

    score: float = 3.0
    options: dict[str, Any] = field(default_factory=dict)
    phase: ClassVar[Phase] = "compute"

    def __call__(self, crop: int) -> float:
        return self.score


@dataclass(frozen=True)
class Check:
    """Reports the score of `Inpaint`."""

    phase: ClassVar[Phase] = "compute"

    def __call__(self, inpainted: float) -> CropCheck:
        return CropCheck((), "bad" if inpainted >= 1 else "good", inpainted, ("reason",) if inpainted >= 1 else ())


def attempt(graph: Graph, computed: list[float]) -> tuple[Any, Any]:
    def compute(chosen: Graph, before: Any) -> list[dict[str, Any]]:
        score = chosen["inpainted"].score
        computed.append(score)
        return [
            {
                "inpainted": score,
                **({"checked": chosen["checked"](inpainted=score)} if "checked" in chosen.stages else {}),
            }
        ]

    return best_attempt(graph, WINDOW, compute)


def retries(*scores: float) -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple((f"to {score}", {"inpainted": {"score": score}}) for score in scores)


@pytest.mark.parametrize(
    ("scores", "computed", "kept"),
    [
        ((2.0, 0.5, 0.1), [3.0, 2.0, 0.5], "to 0.5"),  # good: the rest is not tried
        ((2.0, 1.5, 4.0), [3.0, 2.0, 1.5, 4.0], "to 1.5"),  # all bad: the best of them
        ((5.0, 6.0), [3.0, 5.0, 6.0], "requested"),
        ((3.0, 5.0, 5.0), [3.0, 5.0], "requested"),  # equal settings would give equal pixels
    ],
)
def test_the_best_attempt_is_kept(
    monkeypatch: pytest.MonkeyPatch, scores: tuple[float, ...], computed: list[float], kept: str
) -> None:
    monkeypatch.setattr(retry_module, "RETRIES", retries(*scores))
    done: list[float] = []
    boxes, check = attempt(Graph(inpainted=Inpaint(), checked=Check()), done)
    assert done == computed
    assert check.attempt == kept
    assert check.attempts == ("requested", *(f"to {score}" for score in computed[1:]))
    assert boxes[0]["inpainted"] == check.score == min(computed)


def test_a_good_window_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry_module, "RETRIES", retries(0.0))
    done: list[float] = []
    _, check = attempt(Graph(inpainted=Inpaint(score=0.9), checked=Check()), done)
    assert done == [0.9]
    assert (check.verdict, check.attempts) == ("good", ("requested",))


def test_retries_without_their_stages_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = (("flow", {"flow": {"passes": 9}}), ("other", {"inpainted": {"no_such": 1}}))
    monkeypatch.setattr(retry_module, "RETRIES", (*elsewhere, *retries(0.5)))
    done: list[float] = []
    _, check = attempt(Graph(inpainted=Inpaint(), checked=Check()), done)
    assert check.attempts == ("requested", "to 0.5")


def test_a_graph_without_a_check_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry_module, "RETRIES", retries(0.0))
    done: list[float] = []
    assert attempt(Graph(inpainted=Inpaint()), done) == ([{"inpainted": 3.0}], None)
    assert done == [3.0]


def test_every_retry_changes_the_compute_phase_of_the_default_pipeline() -> None:
    graph = load_pipeline("object_removal").with_settings(load_config("balanced"))
    assert [name for name, _ in retry_module._retries(graph)] == [name for name, _ in retry_module.RETRIES]
    assert {stage for _, tables in retry_module.RETRIES for stage in tables} <= {
        graph.stage_name(value) for value in graph.names("compute")
    }
