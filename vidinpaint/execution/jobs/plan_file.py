"""The values of the plan phase as JSON, so that the clip is scanned by one worker only."""

from collections.abc import Callable
from dataclasses import asdict, astuple
from fractions import Fraction
from typing import Any

import numpy as np

from vidinpaint.core.window import Box, Plan, Window
from vidinpaint.detection.detection import Detections
from vidinpaint.detection.json_form import from_json, to_json
from vidinpaint.marks import json_form as marks_json
from vidinpaint.marks.placed import Marks
from vidinpaint.planning.timeline import Timeline


def known_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values of the plan phase that JSON can represent, by name."""
    writers: dict[type, Callable[[Any], dict[str, Any]]] = {
        Timeline: _timeline_json,
        Detections: _detections_json,
        Marks: _marks_json,
        Plan: _plan_json,
    }
    return {name: writers[type(value)](value) for name, value in values.items() if type(value) in writers}


def read_values(written: dict[str, Any]) -> dict[str, Any]:
    """Read what `known_values` returned. Raises ValueError, TypeError, KeyError or MaskError for anything else."""
    readers: dict[str, Callable[[dict[str, Any]], Any]] = {
        "timeline": _timeline,
        "detections": _detections,
        "marks": _marks,
        "plan": _plan,
    }
    return {name: readers[value["kind"]](value) for name, value in written.items()}


def _timeline_json(timeline: Timeline) -> dict[str, Any]:
    return {
        "kind": "timeline",
        "pts": timeline.pts.tolist(),
        "time_base": str(timeline.time_base),
        "shots": timeline.shots,
        "motion": timeline.motion.tolist(),  # float32 to float64 and back is exact
    }


def _timeline(written: dict[str, Any]) -> Timeline:
    pts, motion = np.array(written["pts"], np.int64), np.array(written["motion"], np.float32)
    return Timeline(pts, Fraction(written["time_base"]), _shots(written), motion)


def _detections_json(detections: Detections) -> dict[str, Any]:
    return {
        "kind": "detections",
        "of_mask": [None if found is None else [*map(to_json, found)] for found in detections.of_mask],
    }


def _detections(written: dict[str, Any]) -> Detections:
    of_mask = written["of_mask"]
    return Detections(tuple(None if found is None else tuple(map(from_json, found)) for found in of_mask))


def _marks_json(marks: Marks) -> dict[str, Any]:
    return {"kind": "marks", "placed": marks_json.to_json(marks)}


def _marks(written: dict[str, Any]) -> Marks:
    return marks_json.from_json(written["placed"])


def _plan_json(plan: Plan) -> dict[str, Any]:
    windows = [
        [*astuple(window)[:6], [list(asdict(crop).values()) for crop in window.crops]] for window in plan.windows
    ]
    return {
        "kind": "plan",
        "pts": plan.pts.tolist(),
        "time_base": str(plan.time_base),
        "shots": plan.shots,
        "windows": windows,
    }


def _plan(written: dict[str, Any]) -> Plan:
    windows = tuple(_window(*row) for row in written["windows"])
    pts = np.array(written["pts"], np.int64)
    return Plan(pts, Fraction(written["time_base"]), _shots(written), windows)


def _shots(written: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), int(stop)) for start, stop in written["shots"])


def _window(index: int, shot: int, start: int, stop: int, first: int, last: int, crops: list[list[int]]) -> Window:
    return Window(index, shot, start, stop, first, last, tuple(Box(*crop) for crop in crops))
