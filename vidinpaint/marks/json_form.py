"""Marks as values of JSON, exactly, and back."""

import base64
import zlib
from typing import Any

import numpy as np

from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.marks.template import Template

_KINDS = {"float32": np.float32, "bool": np.bool_}


def to_json(marks: Marks) -> list[dict[str, Any]]:
    """Every mark, as values of JSON."""
    return [
        {
            "x": mark.x,
            "y": mark.y,
            "start": mark.start,
            "stop": mark.stop,
            "confidence": mark.confidence,
            "known": mark.known,
            "strength": _packed(mark.strength),
            "support": _packed(mark.support),
            "given": _packed(mark.given),
            "alpha": _packed(mark.template.alpha),
            "colour": _packed(mark.template.colour),
            "deviation": _packed(mark.template.deviation),
        }
        for mark in marks.placed
    ]


def from_json(values: list[dict[str, Any]]) -> Marks:
    """What `to_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    placed = []
    for one in values:
        names = ("alpha", "colour", "deviation", "support", "given", "strength")
        alpha, colour, deviation, support, given, strength = (_unpacked(one[name]) for name in names)
        template = Template(alpha, colour, deviation)
        place = one["x"], one["y"], one["start"], one["stop"]
        placed.append(PlacedMark(template, support, given, *place, strength, one["confidence"], one["known"]))
    return Marks(tuple(placed))


def _packed(array: np.ndarray) -> list[Any]:
    data = base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes())).decode("ascii")
    return [str(array.dtype), list(array.shape), data]


def _unpacked(packed: list[Any]) -> np.ndarray:
    kind, shape, data = packed
    try:
        values = zlib.decompress(base64.b64decode(data))
    except zlib.error as error:
        raise ValueError("expected compressed values") from error
    return np.frombuffer(values, _KINDS[kind]).reshape(shape)
