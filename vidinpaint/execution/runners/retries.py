"""Retries: a window that the check finds bad is computed again with other settings, and the best attempt is kept."""

import dataclasses
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vidinpaint.checking.record import WindowCheck
from vidinpaint.checking.retries import RETRIES
from vidinpaint.checking.verdict import join_crops
from vidinpaint.core.graph import CHECKED, FINISHED, Graph
from vidinpaint.core.window import Window

log = logging.getLogger(__name__)

Crops = Sequence[dict[str, Any]]
"""The values of the compute phase, by crop."""


def needed_by_retry(graph: Graph) -> set[str]:
    """The values of an attempt to keep, so that the first retry need not run every stage again."""
    other = next(_retries(graph), None) if CHECKED in graph.stages else None
    start = other[1].first_difference(graph, "compute") if other else ""
    return graph.read_from(start) if start else set()


def best_attempt(
    graph: Graph, window: Window, compute: Callable[[Graph, Crops | None], Crops]
) -> tuple[Crops, WindowCheck | None]:
    """The crops of the attempt with the lowest score, and the result of its check; None without a check stage.

    compute(graph, crops) runs a graph; crops are those of the first attempt, None for the first attempt itself.
    Which attempts are made depends only on the window and the settings.
    """
    best = compute(graph, None)
    if CHECKED not in graph.stages or not best:
        return best, None
    check = _join_checks(window, best, "requested")
    tried = [check.attempt]
    first: Crops | None = best
    for name, other in _retries(graph):
        if check.verdict != "bad":
            break
        if first and not _usable(graph, other, first):
            first = None
            _free(graph, best)
        crops = compute(other, first)
        again = _join_checks(window, crops, name)
        tried.append(name)
        log.info("frames %d to %d, %s: score %.2f, was %.2f", window.start, window.stop, name, again.score, check.score)
        if again.score < check.score:
            best, check = crops, again
        del crops  # large, where it is not the best
    return best, dataclasses.replace(check, attempts=tuple(tried))


def _usable(graph: Graph, other: Graph, crops: Crops) -> bool:
    """Whether the kept values of an attempt save another graph some stages."""
    start = other.first_difference(graph, "compute")
    return bool(start) and all(other.read_from(start) <= made.keys() for made in crops)


def _free(graph: Graph, crops: Crops) -> None:
    """Free what was kept for a retry: it is large, and the next retry computes it again."""
    for made in crops:
        for name in needed_by_retry(graph) - {CHECKED, FINISHED, *graph.reads("merge")}:
            made.pop(name, None)


def _join_checks(window: Window, crops: Crops, attempt: str) -> WindowCheck:
    return dataclasses.replace(join_crops(window, [made[CHECKED] for made in crops]), attempt=attempt)


def _retries(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """The graph with the settings of each retry that it has stages for; equal settings are tried once."""
    tried = [graph.settings()]
    for name, tables in RETRIES:
        if all(key in tried[0].get(stage, {}) for stage, table in tables.items() for key in table):
            other = graph.with_settings(tables)
            if other.settings() not in tried:
                tried.append(other.settings())
                yield name, other
