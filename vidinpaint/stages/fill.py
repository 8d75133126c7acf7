"""Fill and FillEachFrame: what no frame shows is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from vidinpaint.anchors.album import Anchors
from vidinpaint.anchors.alignment import Picture
from vidinpaint.canvas import Canvas, Source
from vidinpaint.clip import Clip
from vidinpaint.fillers.interface import ImageInpainter, VideoInpainter, inpaint_array, inpaint_frames
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.invent import FillImage, invent
from vidinpaint.stages.invention import build_filler, invention
from vidinpaint.video.colour import contaminated, rgb_from_planes
from vidinpaint.window import Box, Window

LITTLE = 0.04  # share of the painted pixels up to which what is left is not worth asking the whole shot


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
        if isinstance(build_filler(self.filler, self.options), ImageInpainter):
            invention(self.filler, self.options, self.detail)

    def __call__(
        self,
        clip: Clip,
        mask: np.ndarray,
        box: Box,
        window: Window,
        propagated: Canvas,
        flow: FlowPair,
        anchors: Anchors,
    ) -> Canvas:
        if not propagated.unfilled.any():
            return propagated
        filler = build_filler(self.filler, self.options)
        if isinstance(filler, VideoInpainter):
            return _filled(propagated, inpaint_frames(filler, propagated.pixels, propagated.unfilled))
        pixels, unknown = propagated.pixels.copy(), propagated.unfilled
        asked = anchors if unknown.sum() > LITTLE * (propagated.source != Source.ORIGINAL).sum() else None
        owned = clip.cut(window.start, window.stop)
        paint = _KeyFrames(owned, mask[window.owned], box, asked, invention(self.filler, self.options, self.detail))
        origin = invent(pixels, unknown, flow.cut(window.owned), paint, invention(self.rest, self.options, 1.0))
        source = np.where(propagated.unfilled, np.uint8(Source.SYNTHESISED), propagated.source)
        for key, label in paint.sources.items():
            source[(origin == key) & propagated.unfilled] = _usual(label)
            source[key] = np.where(label == Source.ORIGINAL, source[key], label)
        return Canvas(pixels, source)


class _KeyFrames:
    """Paints key frames of a crop: as the shot's anchors show them, and by a filler what they lack.

    sources   by number of the key frame, where its pixels came from: uint8 (h, w), ORIGINAL what was not painted
    """

    def __init__(self, clip: Clip, mask: np.ndarray, box: Box, anchors: Anchors | None, fill: FillImage) -> None:
        self._clip, self._mask, self._box, self._anchors, self._fill = clip, mask, box, anchors, fill
        self.sources: dict[int, np.ndarray] = {}

    def __call__(self, number: int, image: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        source = np.where(unknown, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
        if self._anchors:
            image, source = self._anchors.look(self._picture(number), unknown, self._box, image)
        left = source == Source.UNFILLED
        self.sources[number] = np.where(left, np.uint8(Source.SYNTHESISED), source)
        return self._fill(image, left) if left.any() else image

    def _picture(self, number: int) -> Picture:
        index = self._clip.first + number
        frame = self._clip.cut(index, index + 1)
        whole = Box(0, 0, frame.width, frame.height)
        hole = contaminated(self._mask[number : number + 1], frame.format, whole, frame.colour)[0]
        return Picture.of(index, rgb_from_planes(frame, whole)[0], hole)


def _usual(label: np.ndarray) -> Source:
    """What most painted pixels of a key frame are; those carried from it to other frames count as the same."""
    carried = int((label == Source.PROPAGATED).sum())
    return Source.PROPAGATED if 2 * carried > int((label != Source.ORIGINAL).sum()) else Source.SYNTHESISED


@dataclass(frozen=True)
class FillEachFrame(_Choice):
    """Fills every frame by itself, nothing is carried; a filler for clips sees all frames that were read."""

    def __call__(self, frames: np.ndarray, holes: np.ndarray, window: Window) -> Canvas:
        filler, owned = build_filler(self.filler, self.options), window.owned
        if isinstance(filler, VideoInpainter):
            pixels = inpaint_frames(filler, frames, holes)[owned]
        else:
            pixels = np.stack([inpaint_array(filler, image, hole) for image, hole in zip(frames[owned], holes[owned])])
        source = np.where(holes[owned], np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
        return _filled(Canvas(frames[owned], source), pixels)


def _filled(before: Canvas, pixels: np.ndarray) -> Canvas:
    """The canvas with everything unfilled taken from pixels."""
    source = np.where(before.unfilled, np.uint8(Source.SYNTHESISED), before.source)
    return Canvas(pixels, source)
