"""Retries: a window with the verdict "bad" is computed again with other settings, and the best attempt is kept."""

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
FIRST_ATTEMPT = "requested"  # its name in reports; those of retries are in `RETRIES`

Crops = Sequence[dict[str, Any]]
"""The values of the compute phase by name, one dictionary per crop."""


def needed_by_retry(graph: Graph) -> set[str]:
    """Names of the values of an attempt to keep, so that the first retry need not run every stage again."""
    retry = next(_retries(graph), None) if CHECKED in graph.stages else None
    start = retry[1].first_difference(graph, "compute") if retry else ""
    return graph.read_from(start) if start else set()


def best_attempt(
    graph: Graph, window: Window, compute: Callable[[Graph, Crops | None], Crops]
) -> tuple[Crops, WindowCheck | None]:
    """The crops of the attempt with the lowest score, and the result of its check, None without a check stage.

    compute   compute(graph, crops) runs a graph; crops are those of the first attempt, or None
    Which attempts are made depends only on the window and the settings.
    """
    best = compute(graph, None)
    if CHECKED not in graph.stages or not best:
        return best, None
    check = _join_checks(window, best, FIRST_ATTEMPT)
    tried = [check.attempt]
    first: Crops | None = best
    for name, retry in _retries(graph):
        if check.verdict != "bad" or not getattr(graph[CHECKED], "retries", True):
            break
        if first and not _usable(retry, graph, first):
            first = None
            _free(graph, best)
        crops = compute(retry, first)
        new = _join_checks(window, crops, name)
        tried.append(name)
        log.info("frames %d to %d, %s: score %.2f, was %.2f", window.start, window.stop, name, new.score, check.score)
        if new.score < check.score:
            best, check = crops, new
        del crops  # large, unless it is the best
    return best, dataclasses.replace(check, attempts=tuple(tried))


def _usable(retry: Graph, graph: Graph, crops: Crops) -> bool:
    """Whether the values kept from the first attempt save a retry some stages."""
    start = retry.first_difference(graph, "compute")
    return bool(start) and all(retry.read_from(start) <= values.keys() for values in crops)


def _free(graph: Graph, crops: Crops) -> None:
    """Free the values kept for a retry: they are large, and the next retry computes them again."""
    for values in crops:
        for name in needed_by_retry(graph) - {CHECKED, FINISHED, *graph.reads("merge")}:
            values.pop(name, None)


def _join_checks(window: Window, crops: Crops, attempt: str) -> WindowCheck:
    return dataclasses.replace(join_crops(window, [values[CHECKED] for values in crops]), attempt=attempt)


def _retries(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """The graph with the settings of each retry; skips those without a stage in it and those that change nothing."""
    tried = [graph.settings()]
    for name, tables in RETRIES:
        if all(key in tried[0].get(stage, {}) for stage, table in tables.items() for key in table):
            retry = graph.with_settings(tables)
            if retry.settings() not in tried:
                tried.append(retry.settings())
                yield name, retry
