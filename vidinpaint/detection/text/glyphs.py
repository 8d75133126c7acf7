"""`glyphs_of`: the mask of a line of text, glyph by glyph, with outline and shadow."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.text.fill import fill_of
from vidinpaint.detection.text.looks import Look
from vidinpaint.detection.text.reach import surrounded
from vidinpaint.detection.text.shade import shade_of
from vidinpaint.detection.text.statistics import LineStatistics, line_statistics
from vidinpaint.numerics.morphology import dilate

GROWTH, LARGE = 1, 30
"""Pixels that the edge of text spreads beyond what the averages show: anti-aliasing, chroma of half the resolution, and
compression. One more for lines of at least `LARGE` pixels, whose shadows end in a long tail."""
SLACK = 0.15  # by which a line may exceed its box, in heights of the box


@dataclass(frozen=True, eq=False)
class Glyphs:
    """The pixels of a line.

    mask        bool (h, w), True = inpaint: strokes, outline and shadow
    strokes     bool (h, w): the strokes alone
    background  bool (h, w): what is around and between them, without other lines
    statistics  of each pixel
    """

    mask: np.ndarray
    strokes: np.ndarray
    background: np.ndarray
    statistics: LineStatistics


def glyphs_of(look: Look, visibility: np.ndarray, start: int, stop: int, others: list[Box]) -> Glyphs | None:
    """The pixels of a line, of the size of look.box; None if there are no strokes.

    start, stop, visibility  as `timed` returns them
    others                   boxes of lines that are shown at the same time
    """
    shape = look.grey.shape[1:]
    own, height = look.track.box, look.track.box.height
    inside = _covered(shape, look.box, [own], round(SLACK * height))
    usable = ~(_covered(shape, look.box, others, 0) & ~_covered(shape, look.box, [own], 0))
    statistics = line_statistics(look, visibility, start, stop)
    strokes = fill_of(statistics, inside & usable, usable & ~inside)
    if not strokes.any():
        return None
    mask = surrounded(strokes, statistics, usable, height) | (inside & usable & statistics.appeared)
    shade = shade_of(mask, strokes, statistics, usable)
    mask = dilate(mask if shade is None else mask | shade, GROWTH + (height >= LARGE), "disc")
    return Glyphs(mask, strokes, usable & ~mask, statistics)


def _covered(shape: tuple[int, ...], seen: Box, boxes: list[Box], margin: int) -> np.ndarray:
    """bool (h, w): what the boxes, enlarged by a margin, cover of the part of the frame that is seen."""
    covered = np.zeros(shape, bool)
    for box in boxes:
        top, left = box.y - margin - seen.y, box.x - margin - seen.x
        bottom, right = top + box.height + 2 * margin, left + box.width + 2 * margin
        covered[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return covered
