"""`ReferenceSet`: a few frames of a shot, completed together, that show every window what it cannot see itself.

First, the reference frames complete each other: what is masked in one may be visible in another, however far away in
time. Then the frame with most unknown pixels is synthesised, warped onto the others, and so on; so every part of the
background is synthesised once per shot.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from vidinpaint.core.canvas import Source
from vidinpaint.core.window import Box
from vidinpaint.numerics.morphology import dilate
from vidinpaint.propagation.synthesise import InpaintImage
from vidinpaint.reference_frames.alignment import IDENTITY, ShotFrame, align
from vidinpaint.reference_frames.source_selection import RING, select_sources
from vidinpaint.reference_frames.warp_source import WarpedSource, warp_source

MAX_SOURCES = 3  # reference frames that are warped onto one crop
MIN_PIXELS = 20  # that a source must show to be warped
TIME_PENALTY = 0.03  # cost of the source farthest away in time


@dataclass(frozen=True)
class ReferenceFrame:
    """A frame of the shot, and where each of its pixels came from: provenance uint8 (H, W), `Source`."""

    frame: ShotFrame
    provenance: np.ndarray

    @classmethod
    def of(cls, frame: ShotFrame) -> "ReferenceFrame":
        """A frame whose masked pixels are still unknown."""
        return cls(frame, np.where(frame.mask, Source.UNFILLED, Source.ORIGINAL).astype(np.uint8))

    def with_pixels(self, box: Box, pixels: np.ndarray, region: np.ndarray, provenance: np.ndarray) -> "ReferenceFrame":
        """A copy with the pixels of a crop where `region` bool (h, w) is True; its features stay as they were."""
        own_pixels, own_mask, own_provenance = self.frame.pixels.copy(), self.frame.mask.copy(), self.provenance.copy()
        own_pixels[box.slices][region] = pixels[region]
        own_mask[box.slices][region] = False
        own_provenance[box.slices][region] = provenance[region]
        return ReferenceFrame(replace(self.frame, pixels=own_pixels, mask=own_mask), own_provenance)


class ReferenceSet:
    """The reference frames of one shot; nothing is read or completed before a window needs them.

    read        returns the frames to complete
    synthesise  (image float32 (h, w, 3), mask bool (h, w)) -> image, all of it known
    """

    def __init__(self, read: Callable[[], Sequence[ShotFrame]], synthesise: InpaintImage) -> None:
        self._read = read
        self._synthesise = synthesise

    @cached_property
    def frames(self) -> tuple[ReferenceFrame, ...]:
        """All reference frames, completed."""
        references = [ReferenceFrame.of(frame) for frame in self._read() if not frame.mask.all()]
        alignments = _Alignments()
        incomplete = tuple(references)
        references = [_complete(reference, incomplete, alignments) for reference in references]
        for _ in references:
            unknown = [int(reference.frame.mask.sum()) for reference in references]
            largest = int(np.argmax(unknown))
            if not unknown[largest]:
                break
            references[largest] = self._synthesised(references[largest])
            references = [_complete(reference, (references[largest],), alignments) for reference in references]
        return tuple(replace(reference, frame=_half_precision(reference.frame)) for reference in references)

    def lookup(
        self, frame: ShotFrame, unknown: np.ndarray, box: Box, pixels: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What the reference frames show of a frame's crop `box`: pixels float32 (h, w, 3), provenance uint8 (h, w).

        pixels float32 (h, w, 3) and unknown bool (h, w) are the crop so far. Where no reference frame shows an unknown
        pixel, it is unchanged and its provenance UNFILLED; the provenance of known pixels is ORIGINAL.
        """
        result, provenance = pixels.copy(), np.where(unknown, Source.UNFILLED, Source.ORIGINAL).astype(np.uint8)
        if not unknown.any():
            return result, provenance
        x, y, width, height = cv2.boundingRect(unknown.astype(np.uint8))
        part = Box(x, y, width, height).expanded(2 * RING, 2 * RING, box.width, box.height)
        part_of_frame = Box(box.x + part.x, box.y + part.y, part.width, part.height)
        region = part.slices
        shown, index, warped = _inpaint_from(
            self.frames, frame, _Alignments(), part_of_frame, unknown[region], pixels[region]
        )
        result[region] = np.where((index >= 0)[..., None], shown, pixels[region])
        provenance[region] = np.where(index >= 0, _provenance(index, warped), provenance[region])
        return result, provenance

    def _synthesised(self, reference: ReferenceFrame) -> ReferenceFrame:
        mask = reference.frame.mask
        pixels = self._synthesise(reference.frame.pixels, mask)
        whole = Box(0, 0, mask.shape[1], mask.shape[0])
        return reference.with_pixels(whole, pixels, mask, np.full(mask.shape, Source.SYNTHESISED, np.uint8))


class _Alignments:
    """Homographies between frames, each estimated once."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], np.ndarray | None] = {}

    def between(self, target: ShotFrame, source: ShotFrame) -> np.ndarray | None:
        """As `align`; backwards, the inverse."""
        key = (target.index, source.index)
        if target.index == source.index:
            return IDENTITY
        if key not in self._found:
            forward = align(target, source)
            backward = forward if forward is None or forward is IDENTITY else np.linalg.inv(forward)
            self._found[key], self._found[key[::-1]] = forward, backward
        return self._found[key]


def _complete(reference: ReferenceFrame, sources: Sequence[ReferenceFrame], alignments: _Alignments) -> ReferenceFrame:
    """The reference frame with those of its unknown pixels that other ones show."""
    others = [source for source in sources if source.frame.index != reference.frame.index]
    for box in _unknown_boxes(reference.frame.mask):
        pixels, unknown = reference.frame.pixels[box.slices], reference.frame.mask[box.slices]
        shown, index, warped = _inpaint_from(others, reference.frame, alignments, box, unknown, pixels)
        reference = reference.with_pixels(box, shown, index >= 0, _provenance(index, warped))
    return reference


def _inpaint_from(
    references: Sequence[ReferenceFrame],
    target: ShotFrame,
    alignments: _Alignments,
    box: Box,
    unknown: np.ndarray,
    pixels: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, list[WarpedSource]]:
    """A crop as other frames show it: pixels, index of the warped source int16 (h, w) or -1, and the warped sources."""
    warped: list[WarpedSource] = []
    penalties: list[float] = []
    if unknown.any():
        farthest = max((abs(other.frame.index - target.index) for other in references), default=1) or 1
        for other, homography in _best_sources(references, target, alignments, box, unknown):
            warped.append(warp_source(pixels, unknown, box, other.frame, other.provenance, homography))
            penalties.append(TIME_PENALTY * abs(other.frame.index - target.index) / farthest)
    if not warped:
        return pixels, np.full(unknown.shape, -1, np.int16), []
    shown, index = select_sources(pixels, unknown, warped, penalties)
    return shown, index, warped


def _best_sources(
    references: Sequence[ReferenceFrame], target: ShotFrame, alignments: _Alignments, box: Box, unknown: np.ndarray
) -> Iterator[tuple[ReferenceFrame, np.ndarray]]:
    """The frames that show most unknown pixels, among equals those nearest in time, with their homographies."""
    candidates = []
    for other in references:
        homography = alignments.between(target, other.frame)
        if homography is None:
            continue
        count = _count_shown(homography, box, unknown, other.frame.mask)
        if count >= min(MIN_PIXELS, int(unknown.sum())):
            candidates.append((count, other, homography))
    candidates.sort(key=lambda entry: (-entry[0], abs(entry[1].frame.index - target.index)))
    for _, other, homography in candidates[:MAX_SOURCES]:
        yield other, homography


def _count_shown(homography: np.ndarray, box: Box, unknown: np.ndarray, mask: np.ndarray) -> int:
    """How many unknown pixels of the crop are at known pixels of a source with this mask."""
    if homography is IDENTITY:
        return int((unknown & ~mask[box.slices]).sum())
    y, x = np.nonzero(unknown)
    u, v, w = homography @ np.stack([x + box.x, y + box.y, np.ones(len(x))])
    column, row = np.round(u / w).astype(int), np.round(v / w).astype(int)
    inside = (column >= 0) & (row >= 0) & (column < mask.shape[1]) & (row < mask.shape[0])
    return int((~mask[row[inside], column[inside]]).sum())


def _unknown_boxes(unknown: np.ndarray) -> list[Box]:
    """Boxes of the connected parts of a mask, each with its ring; parts whose rings overlap share a box."""
    height, width = unknown.shape
    joined = dilate(unknown, RING, "square").view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    return [
        Box(int(x), int(y), int(w), int(h)).expanded(RING, RING, width, height) for x, y, w, h, _ in stats[1:].tolist()
    ]


def _provenance(index: np.ndarray, warped: Sequence[WarpedSource]) -> np.ndarray:
    """uint8 (h, w), `Source` of pixels taken from other frames: PROPAGATED, unless they were synthesised there."""
    result = np.full(index.shape, Source.UNFILLED, np.uint8)
    for k, source in enumerate(warped):
        taken = np.where(source.provenance == Source.ORIGINAL, np.uint8(Source.PROPAGATED), source.provenance)
        result[index == k] = taken[index == k]
    return result


def _half_precision(frame: ShotFrame) -> ShotFrame:
    """The frame with float16 pixels: 11 bits each, half the memory."""
    return replace(frame, pixels=frame.pixels.astype(np.float16))
