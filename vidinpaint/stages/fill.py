"""Fill and FillEachFrame: what no frame shows is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np

from vidinpaint.canvas import Canvas, Source
from vidinpaint.errors import SettingError
from vidinpaint.fillers.interface import ClipFiller, FrameFiller, fill_clip, fill_image
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.invent import invent
from vidinpaint.registry import build

PACKAGE = "vidinpaint.fillers"


@dataclass(frozen=True)
class _Choice:
    """The filler of a stage.

    filler   name of a filler; `options` holds settings by filler name
    """

    filler: str = "harmonic"
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lane: ClassVar[Lane] = "compute"

    def __post_init__(self) -> None:
        for name in {self.filler, *self.options}:
            self._build(name)

    def _build(self, name: str) -> FrameFiller | ClipFiller:
        built: FrameFiller | ClipFiller = build(PACKAGE, name, self.options.get(name, {}))
        return built


@dataclass(frozen=True)
class Fill(_Choice):
    """Invents what is left on a few key frames and carries it along the flow, so that it is the same everywhere.

    filler   name of a filler for the key frames; one for whole clips is given all frames at once
    closed   name of the filler for them where a hole stays closed: where more than half of what it hides is never
             seen, as with a still camera and a still mark. A soft guess at all of it errs less than one with texture.
             Empty: the same as filler.
    rest     name of the filler for odd pixels that stay, frame by frame
    """

    filler: str = "patchmatch"
    closed: str = "harmonic"
    rest: str = "harmonic"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.closed:
            self._build(self.closed)
        if not isinstance(self._build(self.rest), FrameFiller):
            raise SettingError("a filler for single frames as rest", repr(self.rest), "Choose another.")

    def __call__(self, propagated: Canvas, flow: FlowPair) -> Canvas:
        unknown = propagated.unfilled
        if not unknown.any():
            return propagated
        stays_closed = unknown.sum() > 0.5 * (propagated.source != Source.ORIGINAL).sum()
        filler = self._build(self.closed if stays_closed and self.closed else self.filler)
        rest = self._build(self.rest)
        assert isinstance(rest, FrameFiller)
        if isinstance(filler, ClipFiller):
            return _filled(propagated, fill_clip(filler, propagated.pixels, unknown))
        pixels = propagated.pixels.copy()
        invent(pixels, unknown, flow, partial(fill_image, filler), partial(fill_image, rest))
        return _filled(propagated, pixels)


@dataclass(frozen=True)
class FillEachFrame(_Choice):
    """Fills every frame by itself (or all at once, by a filler for clips); nothing is carried between frames."""

    def __call__(self, frames: np.ndarray, holes: np.ndarray) -> Canvas:
        filler = self._build(self.filler)
        if isinstance(filler, ClipFiller):
            pixels = fill_clip(filler, frames, holes)
        else:
            pixels = np.stack([fill_image(filler, image, hole) for image, hole in zip(frames, holes)])
        source = np.where(holes, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
        return _filled(Canvas(frames, source), pixels)


def _filled(before: Canvas, pixels: np.ndarray) -> Canvas:
    """The canvas with everything unfilled taken from pixels."""
    source = np.where(before.unfilled, np.uint8(Source.SYNTHESISED), before.source)
    return Canvas(pixels, source)
