"""Inpaint: takes what propagation left unfilled from the shot's reference frames, or synthesises it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.clip import Clip
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import setting
from vidinpaint.core.window import Box, Window
from vidinpaint.inpainters.interface import VideoInpainter, inpaint_frames
from vidinpaint.propagation.synthesise import InpaintImage, synthesise_remaining
from vidinpaint.reference_frames.alignment import ShotFrame
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.stages.uses_inpainters import UsesInpainters, build_inpainter, detail_setting, image_synthesis
from vidinpaint.video.pixels.colour import rgb_from_planes

MIN_UNFILLED = 0.04  # fraction of the inpainted pixels; below it, reference frames are not worth their cost


@dataclass(frozen=True)
class Inpaint(UsesInpainters):
    """Inpaints the unfilled pixels of a few key frames and propagates them along the flow, so that all frames agree.

    A key frame takes what the shot's reference frames show; only the rest is synthesised here.
    """

    method: str = setting("patchmatch", "Inpainter for the key frames; one for videos gets all frames at once.")
    detail: float = detail_setting()
    remainder_method: str = setting("harmonic", "Inpainter for the few pixels that remain, frame by frame.")
    name: ClassVar[str] = "inpaint"
    phase: ClassVar[Phase] = "compute"

    def __post_init__(self) -> None:
        super().__post_init__()
        image_synthesis(self.remainder_method, self.options, 1.0)
        build_inpainter(self.method, self.options)

    def __call__(
        self,
        clip: Clip,
        mask: np.ndarray,
        crop: Box,
        window: Window,
        propagated: Canvas,
        flow: FlowPair,
        reference_frames: ReferenceSet,
    ) -> Canvas:
        if not propagated.unfilled.any():
            return propagated
        inpainter = build_inpainter(self.method, self.options)
        if isinstance(inpainter, VideoInpainter):
            return propagated.synthesised(inpaint_frames(inpainter, propagated.pixels, propagated.unfilled))
        pixels, unknown = propagated.pixels.copy(), propagated.unfilled
        many = unknown.sum() > MIN_UNFILLED * (propagated.source != Source.ORIGINAL).sum()
        owned = clip.cut(window.start, window.stop)
        synthesise = image_synthesis(self.method, self.options, self.detail)
        key_frames = _KeyFrames(owned, mask[window.owned], crop, reference_frames if many else None, synthesise)
        remainder = image_synthesis(self.remainder_method, self.options, 1.0)
        origin = synthesise_remaining(pixels, unknown, flow.cut(window.owned), key_frames, remainder)
        source = np.where(propagated.unfilled, np.uint8(Source.SYNTHESISED), propagated.source)
        for key, key_source in key_frames.sources.items():
            source[(origin == key) & propagated.unfilled] = _prevailing(key_source)
            source[key] = np.where(key_source == Source.ORIGINAL, source[key], key_source)
        return Canvas(pixels, source)


class _KeyFrames:
    """Inpaints key frames of a crop: takes what the shot's reference frames show, and synthesises the rest.

    sources   by the number of the key frame, where its pixels came from: uint8 (h, w), ORIGINAL where not inpainted
    """

    def __init__(
        self, clip: Clip, mask: np.ndarray, crop: Box, reference_frames: ReferenceSet | None, synthesise: InpaintImage
    ) -> None:
        self._clip, self._mask, self._crop = clip, mask, crop
        self._reference_frames, self._synthesise = reference_frames, synthesise
        self.sources: dict[int, np.ndarray] = {}

    def __call__(self, number: int, image: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        source = np.where(unknown, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
        if self._reference_frames:
            image, source = self._reference_frames.lookup(self._shot_frame(number), unknown, self._crop, image)
        unfilled = source == Source.UNFILLED
        self.sources[number] = np.where(unfilled, np.uint8(Source.SYNTHESISED), source)
        return self._synthesise(image, unfilled) if unfilled.any() else image

    def _shot_frame(self, number: int) -> ShotFrame:
        index = self._clip.first + number
        frame = self._clip.cut(index, index + 1)
        whole = Box(0, 0, frame.width, frame.height)
        mask = self._mask[number : number + 1]
        return ShotFrame.of(index, rgb_from_planes(frame, whole, mask)[0], mask[0])


def _prevailing(source: np.ndarray) -> Source:
    """The source of most inpainted pixels of a key frame, uint8 (h, w); pixels propagated from it count as the same."""
    propagated = int((source == Source.PROPAGATED).sum())
    return Source.PROPAGATED if 2 * propagated > int((source != Source.ORIGINAL).sum()) else Source.SYNTHESISED
