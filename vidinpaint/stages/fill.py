"""Fill and FillEachFrame: what no frame shows is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from vidinpaint.anchors.album import Anchors
from vidinpaint.anchors.alignment import Picture
from vidinpaint.canvas import Canvas, Source
from vidinpaint.clip import Clip
from vidinpaint.fillers.interface import ClipFiller, FrameFiller, fill_clip, fill_image
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.invent import invent
from vidinpaint.propagation.key_frames import paint_key_frames
from vidinpaint.stages.invention import build_filler, invention
from vidinpaint.video.colour import contaminated, rgb_from_planes
from vidinpaint.window import Box


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
            build_filler(name, self.options)


@dataclass(frozen=True)
class Fill(_Choice):
    """Paints what is left on a few key frames and carries it along the flow, so that it is the same everywhere.

    A key frame takes what the shot's anchors show; only what they lack is invented here.

    filler   name of a filler for the key frames; one for whole clips is given all frames at once
    detail   how much of its detail is kept, 0 to 1, see `vidinpaint.stages.invention`
    rest     name of the filler for odd pixels that stay, frame by frame
    """

    filler: str = "patchmatch"
    detail: float = 0.7
    rest: str = "harmonic"

    def __post_init__(self) -> None:
        super().__post_init__()
        invention(self.rest, self.options, 1.0)
        if isinstance(build_filler(self.filler, self.options), FrameFiller):
            invention(self.filler, self.options, self.detail)

    def __call__(
        self, clip: Clip, mask: np.ndarray, box: Box, propagated: Canvas, flow: FlowPair, anchors: Anchors
    ) -> Canvas:
        if not propagated.unfilled.any():
            return propagated
        filler = build_filler(self.filler, self.options)
        if isinstance(filler, ClipFiller):
            return _filled(propagated, fill_clip(filler, propagated.pixels, propagated.unfilled))
        pixels, unknown = propagated.pixels.copy(), propagated.unfilled
        seen = _KeyFrames(clip, mask, box, anchors)
        paint_key_frames(pixels, unknown, flow, seen.carried)
        carried = np.where(propagated.unfilled & ~unknown, np.uint8(Source.PROPAGATED), propagated.source)
        paint_key_frames(pixels, unknown, flow, seen.invented)
        fill = invention(self.filler, self.options, self.detail)
        invent(pixels, unknown, flow, fill, invention(self.rest, self.options, 1.0))
        return _filled(Canvas(propagated.pixels, carried), pixels)


class _KeyFrames:
    """Key frames of a crop as the anchors show them."""

    def __init__(self, clip: Clip, mask: np.ndarray, box: Box, anchors: Anchors) -> None:
        self._clip, self._mask, self._box, self._anchors = clip, mask, box, anchors
        self._pictures: dict[int, Picture] = {}

    def carried(self, number: int, image: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        """Paint what some frame of the shot shows; returns where."""
        return self._paint(number, image, unknown, Source.PROPAGATED)

    def invented(self, number: int, image: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        """Paint what was invented for the whole shot; returns where."""
        return self._paint(number, image, unknown, Source.SYNTHESISED)

    def _paint(self, number: int, image: np.ndarray, unknown: np.ndarray, kind: Source) -> np.ndarray:
        pixels, source = self._anchors.look(self._picture(number), unknown, self._box, image)
        here = np.asarray(unknown & (source == kind))
        image[here] = pixels[here]
        return here

    def _picture(self, number: int) -> Picture:
        if number not in self._pictures:
            index = self._clip.first + number
            frame = self._clip.cut(index, index + 1)
            whole = Box(0, 0, frame.width, frame.height)
            hole = contaminated(self._mask[number : number + 1], frame.format, whole, frame.colour)[0]
            self._pictures[number] = Picture.of(index, rgb_from_planes(frame, whole)[0], hole)
        return self._pictures[number]


@dataclass(frozen=True)
class FillEachFrame(_Choice):
    """Fills every frame by itself (or all at once, by a filler for clips); nothing is carried between frames."""

    def __call__(self, frames: np.ndarray, holes: np.ndarray) -> Canvas:
        filler = build_filler(self.filler, self.options)
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
