"""Unblend, CropUnknown, CropUnblended, FuseUnblended: half-transparent marks undone, and only the rest inpainted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box, Window
from vidinpaint.marks.fusion import fuse
from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.marks.unblending import unblend
from vidinpaint.propagation.exposure import Levels
from vidinpaint.video.pixels.colour import rgb_from_planes

TRUSTED = 0.55
"""Confidence above which a template is taken to be right where it contradicts propagated pixels for long. Imposed marks
on moving and many-shot clips had .53 to .94, of which three gained -.2, .9 and 2.0 dB; on still clips .09 to .52."""


@dataclass(frozen=True, eq=False)
class Unblended:
    """All frames that were read, in one crop, without the marks.

    pixels     float32 (T, h, w, 3) RGB in [0, 1]
    deviation  float32 (T, h, w): standard deviation of the pixels; 0 where nothing was done, infinite where nothing is
               known of what is under the mask
    exact      whether all marks have templates that were given, or estimated with confidence. Default: False
    """

    pixels: np.ndarray
    deviation: np.ndarray
    exact: bool = False


@dataclass(frozen=True)
class Unblend:
    """Undoes the blend of the marks in a crop of a window, as far as the opacity lets the background through."""

    name: ClassVar[str] = "unblend"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, mask: np.ndarray, crop: Box, marks: Marks) -> Unblended:
        pixels = rgb_from_planes(clip, crop)
        deviation = np.where(mask[:, *crop.slices], np.float32(np.inf), np.float32(0))
        shown = [mark for mark in marks.in_frames(clip.first, clip.first + len(clip)) if mark.box.overlaps(crop)]
        for mark in shown:
            _unblend_one(pixels, deviation, mark, crop, clip)
        return Unblended(pixels, deviation, all(mark.known or mark.confidence > TRUSTED for mark in shown))


def _unblend_one(pixels: np.ndarray, deviation: np.ndarray, mark: PlacedMark, crop: Box, clip: Clip) -> None:
    """Undo one mark where it lies in the crop, in place."""
    common = mark.box.intersection(crop)
    if common is None:
        return
    start, stop = max(clip.first, mark.start), min(clip.first + len(clip), mark.stop)
    strength = mark.strength[start - mark.start : stop - mark.start]
    region = (slice(start - clip.first, stop - clip.first), *common.within(crop).slices)
    subsampled = bool(clip.format.chroma_x or clip.format.chroma_y)
    found, uncertainty = unblend(
        pixels[region], mark.template.part(common.within(mark.box)), strength, subsampled=subsampled
    )
    masked = np.isinf(deviation[region])
    pixels[region] = np.where(masked[..., None], found, pixels[region])
    deviation[region] = np.where(masked, uncertainty, 0)


@dataclass(frozen=True)
class CropUnknown(Settings):
    """Finds the pixels of a crop to inpaint, bool (T, h, w): the mask, unless un-blending tells each of them well.

    The faint edges of a mark are told well by themselves, but its shadow and the compression reach farther than its
    template: as sources of others they would show the mark's outline.
    """

    noise: float = setting(
        5.0, "Standard deviation of un-blended pixels above which they are also inpainted.", low=0, high=255,
        unit="grey levels",
    )  # fmt: skip
    name: ClassVar[str] = "crop_mask"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, unblended: Unblended) -> np.ndarray:
        uncertain = (unblended.deviation > self.noise / 255).any()
        return (unblended.deviation > 0) & uncertain


@dataclass(frozen=True)
class CropUnblended:
    """Cuts out a crop of the frames, with the marks un-blended: float32 (T, h, w, 3) RGB in [0, 1]."""

    name: ClassVar[str] = "crop_frames"
    phase: ClassVar[Phase] = "compute"

    def __call__(self, clip: Clip, crop_mask: np.ndarray, crop: Box, unblended: Unblended) -> np.ndarray:
        if not crop_mask.any():
            return unblended.pixels
        frames = rgb_from_planes(clip, crop, crop_mask)
        known = (unblended.deviation > 0) & ~crop_mask
        return np.where(known[..., None], unblended.pixels, frames)


@dataclass(frozen=True)
class FuseUnblended:
    """Averages inpainted and un-blended pixels by their variances."""

    name: ClassVar[str] = "fuse_unblended"
    phase: ClassVar[Phase] = "compute"

    def __call__(
        self, unblended: Unblended, crop_mask: np.ndarray, exposure: Levels, synthesised: Canvas, window: Window
    ) -> Canvas:
        owned = window.owned
        pixels, deviation = exposure.cut(owned).level(unblended.pixels[owned]), unblended.deviation[owned]
        fused, weight = fuse(synthesised.pixels, pixels, deviation, crop_mask[owned], unblended.exact)
        known = (deviation > 0) & ~crop_mask[owned]
        source = np.where(known | (weight > 0.5), np.uint8(Source.UNBLENDED), synthesised.source)
        return Canvas(np.where(known[..., None], pixels, fused), source)
