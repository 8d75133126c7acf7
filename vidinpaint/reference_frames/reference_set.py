"""`ReferenceSet`: a few frames of a shot, completed together, from which every window takes what it cannot see itself.

First the reference frames inpaint each other: what one hides another may show, however far away in time. What is left
is synthesised in the reference with most of it, drawn from there onto the others, and so on; so every part of the
background is synthesised once in a shot.
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
from vidinpaint.reference_frames.alignment import IDENTITY, Picture, align
from vidinpaint.reference_frames.source_selection import RING, choose
from vidinpaint.reference_frames.warp_source import WarpedSource, draw

SOURCES = 3  # reference frames drawn at the most onto one picture
FEWEST = 20  # pixels that make a source worth drawing
TIME_PENALTY = 0.03  # cost of a source as far away as the shot is long


@dataclass(frozen=True)
class View:
    """A picture of the shot, `source` uint8 (H, W) says where each of its pixels came from."""

    picture: Picture
    source: np.ndarray

    @property
    def unknown(self) -> np.ndarray:
        return self.picture.mask

    def inpainted(self, box: Box, pixels: np.ndarray, where: np.ndarray, source: np.ndarray) -> "View":
        """With the pixels of a crop inpainted `where`; features stay those of what was known at first."""
        picture, mask, label = self.picture.pixels.copy(), self.picture.mask.copy(), self.source.copy()
        picture[box.slices][where] = pixels[where]
        mask[box.slices][where] = False
        label[box.slices][where] = source[where]
        return View(replace(self.picture, pixels=picture, mask=mask), label)


class ReferenceSet:
    """The reference frames of one shot; nothing is read or completed before a window asks.

    read   gives the frames to complete
    fill   synthesises: (image float32 (h, w, 3), mask bool (h, w)) -> image
    """

    def __init__(self, read: Callable[[], Sequence[Picture]], fill: InpaintImage) -> None:
        self._read = read
        self._fill = fill

    @cached_property
    def views(self) -> tuple[View, ...]:
        """All reference frames, completed."""
        views = [_untouched(picture) for picture in self._read() if not picture.mask.all()]
        matrices = _Matrices()
        seen = tuple(views)
        views = [self._from_others(view, seen, matrices) for view in views]
        for _ in views:
            left = [int(view.unknown.sum()) for view in views]
            most = int(np.argmax(left))
            if not left[most]:
                break
            views[most] = self._synthesised(views[most])
            views = [self._from_others(view, (views[most],), matrices) for view in views]
        return tuple(replace(view, picture=_stored(view.picture)) for view in views)

    def look(self, frame: Picture, unknown: np.ndarray, box: Box, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the reference frames show of a frame's crop `box`: pixels float32 (h, w, 3), source uint8 (h, w).

        unknown bool (h, w) and pixels float32 (h, w, 3) are the crop as far as it is known. Where no reference shows
        anything, pixels is unchanged and source UNFILLED; where nothing was unknown, it is ORIGINAL.
        """
        inpainted, source = pixels.copy(), np.where(unknown, Source.UNFILLED, Source.ORIGINAL).astype(np.uint8)
        if not unknown.any():
            return inpainted, source
        x, y, width, height = cv2.boundingRect(unknown.astype(np.uint8))
        part = Box(x, y, width, height).expanded(2 * RING, 2 * RING, box.width, box.height)
        place = Box(box.x + part.x, box.y + part.y, part.width, part.height)
        here = part.slices
        shown, number, drawn = _warped_onto(
            _untouched(frame), self.views, _Matrices(), place, unknown[here], pixels[here]
        )
        inpainted[here] = np.where((number >= 0)[..., None], shown, pixels[here])
        source[here] = np.where(number >= 0, _sources(number, drawn), source[here])
        return inpainted, source

    def _from_others(self, view: View, views: Sequence[View], matrices: "_Matrices") -> View:
        others = [other for other in views if other.picture.index != view.picture.index]
        for box in _parts(view.unknown):
            crop = view.picture.pixels[box.slices]
            inpainted, number, drawn = _warped_onto(view, others, matrices, box, view.unknown[box.slices], crop)
            view = view.inpainted(box, inpainted, number >= 0, _sources(number, drawn))
        return view

    def _synthesised(self, view: View) -> View:
        mask = view.unknown
        pixels = self._fill(view.picture.pixels, mask)
        whole = Box(0, 0, mask.shape[1], mask.shape[0])
        return view.inpainted(whole, pixels, mask, np.full(mask.shape, Source.SYNTHESISED, np.uint8))


def _untouched(picture: Picture) -> View:
    return View(picture, np.where(picture.mask, Source.UNFILLED, Source.ORIGINAL).astype(np.uint8))


class _Matrices:
    """Alignments between pictures, each found once."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], np.ndarray | None] = {}

    def between(self, target: Picture, source: Picture) -> np.ndarray | None:
        key = (target.index, source.index)
        if target.index == source.index:
            return IDENTITY
        if key not in self._found:
            there = align(target, source)
            back = there if there is None or there is IDENTITY else np.linalg.inv(there)
            self._found[key], self._found[key[::-1]] = there, back
        return self._found[key]


def _warped_onto(
    view: View, others: Sequence[View], matrices: _Matrices, box: Box, unknown: np.ndarray, crop: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[WarpedSource]]:
    """The crop inpainted from other views: pixels, number of the drawn view int16 (h, w) or -1, and the drawn views."""
    drawn: list[WarpedSource] = []
    penalties: list[float] = []
    if unknown.any():
        far = max((abs(other.picture.index - view.picture.index) for other in others), default=1) or 1
        for other, matrix in _useful(view, others, matrices, box, unknown):
            drawn.append(draw(crop, unknown, box, other.picture, other.source, matrix))
            penalties.append(TIME_PENALTY * abs(other.picture.index - view.picture.index) / far)
    if not drawn:
        return crop, np.full(unknown.shape, -1, np.int16), []
    inpainted, number = choose(crop, unknown, drawn, penalties)
    return inpainted, number, drawn


def _useful(
    view: View, others: Sequence[View], matrices: _Matrices, box: Box, unknown: np.ndarray
) -> Iterator[tuple[View, np.ndarray]]:
    """The views that show most of what is unknown, nearest in time first."""
    shown = []
    for other in others:
        matrix = matrices.between(view.picture, other.picture)
        if matrix is None:
            continue
        count = _count_shown(matrix, box, unknown, other.unknown)
        if count >= min(FEWEST, int(unknown.sum())):
            shown.append((count, other, matrix))
    shown.sort(key=lambda entry: (-entry[0], abs(entry[1].picture.index - view.picture.index)))
    for _, other, matrix in shown[:SOURCES]:
        yield other, matrix


def _count_shown(matrix: np.ndarray, box: Box, unknown: np.ndarray, mask: np.ndarray) -> int:
    """How many unknown pixels of the crop lie on known ones of a source with this mask."""
    if matrix is IDENTITY:
        return int((unknown & ~mask[box.slices]).sum())
    y, x = np.nonzero(unknown)
    u, v, w = matrix @ np.stack([x + box.x, y + box.y, np.ones(len(x))])
    column, row = np.round(u / w).astype(int), np.round(v / w).astype(int)
    inside = (column >= 0) & (row >= 0) & (column < mask.shape[1]) & (row < mask.shape[0])
    return int((~mask[row[inside], column[inside]]).sum())


def _parts(unknown: np.ndarray) -> list[Box]:
    """Boxes of the connected parts of a mask with the ring around them; overlapping ones are one."""
    height, width = unknown.shape
    joined = dilate(unknown, RING, "square").view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    return [
        Box(int(x), int(y), int(w), int(h)).expanded(RING, RING, width, height) for x, y, w, h, _ in stats[1:].tolist()
    ]


def _sources(number: np.ndarray, drawn: Sequence[WarpedSource]) -> np.ndarray:
    """uint8 (h, w): what pixels taken from other pictures count as: propagated, unless they were synthesised there."""
    source = np.full(number.shape, Source.UNFILLED, np.uint8)
    for k, one in enumerate(drawn):
        label = np.where(one.label == Source.ORIGINAL, np.uint8(Source.PROPAGATED), one.label)
        source[number == k] = label[number == k]
    return source


def _stored(picture: Picture) -> Picture:
    """The same, its pixels at half the size in memory; 11 bits are kept of each."""
    return replace(picture, pixels=picture.pixels.astype(np.float16))
