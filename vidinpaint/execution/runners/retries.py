"""Retries: a window that the check finds bad is computed again with other settings, and the best attempt is kept."""

import dataclasses
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vidinpaint.checking.record import WindowCheck
from vidinpaint.checking.retries import RETRIES
from vidinpaint.checking.verdict import join
from vidinpaint.graph import Graph
from vidinpaint.window import Window

log = logging.getLogger(__name__)

CHECKED = "checked"  # the value of a compute stage that decides; a graph without it is never retried
Boxes = Sequence[dict[str, Any]]
"""What the compute lane made, by crop."""


def held(graph: Graph) -> set[str]:
    """What to keep of an attempt, so that the first retry need not run every stage again."""
    other = next(_retries(graph), None) if CHECKED in graph.stages else None
    start = other[1].first_difference(graph, "compute") if other else ""
    return graph.read_from(start) if start else set()


def best_attempt(
    graph: Graph, window: Window, compute: Callable[[Graph, Boxes | None], Boxes]
) -> tuple[Boxes, WindowCheck | None]:
    """The boxes of the attempt with the lowest score, and what the check says of it; None without a check.

    compute(graph, boxes) runs a graph; boxes are those of the graph as asked, None at first.
    Which attempts are made depends on nothing but the window and the settings.
    """
    best = compute(graph, None)
    if CHECKED not in graph.stages or not best:
        return best, None
    check = _joined(window, best, "asked")
    tried = [check.attempt]
    asked: Boxes | None = best
    for name, other in _retries(graph):
        if check.verdict != "bad":
            break
        if asked and not _usable(graph, other, asked):
            asked = None
            _let_go(graph, best)
        boxes = compute(other, asked)
        again = _joined(window, boxes, name)
        tried.append(name)
        log.info("frames %d to %d, %s: score %.2f, was %.2f", window.start, window.stop, name, again.score, check.score)
        if again.score < check.score:
            best, check = boxes, again
        del boxes  # large, where it is not the best
    return best, dataclasses.replace(check, attempts=tuple(tried))


def _usable(graph: Graph, other: Graph, boxes: Boxes) -> bool:
    """Whether what was kept of an attempt saves another graph some stages."""
    start = other.first_difference(graph, "compute")
    return bool(start) and all(other.read_from(start) <= made.keys() for made in boxes)


def _let_go(graph: Graph, boxes: Boxes) -> None:
    """Forget what was kept for a retry: it is large, and the next one starts anew."""
    for made in boxes:
        for name in held(graph) - {CHECKED, *graph.wanted("merge")}:
            made.pop(name, None)


def _joined(window: Window, boxes: Boxes, attempt: str) -> WindowCheck:
    return dataclasses.replace(join(window, [made[CHECKED] for made in boxes]), attempt=attempt)


def _retries(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """The graph with other settings; only where it has the stages and settings, and they are not yet tried."""
    tried = [graph.settings()]
    for name, tables in RETRIES:
        if all(key in tried[0].get(stage, {}) for stage, table in tables.items() for key in table):
            other = graph.with_settings(tables)
            if other.settings() not in tried:
                tried.append(other.settings())
                yield name, other
