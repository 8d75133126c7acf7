"""`shade_of`: the shaded box behind a line of text, where there is one."""

import numpy as np

from vidinpaint.detection.text.statistics import LineStatistics

CLEAR = 2  # pixels around the glyphs that are not compared, over which compression spreads them
FEW = 30  # pixels between the glyphs of a line; fewer say nothing
BELONGS = 0.75  # of the difference between strokes and background, below which pixels are shaded
STILL = 4.0  # grey levels of change in the background, up to which a change tells what is shaded
LEAST = 3.0  # grey levels of change that are shade
SHARP = 0.5  # of what a box is below the limit, by which values change at its sides
STRIP = 6  # pixels on both sides of a side that are compared
EDGE = 3  # pixels at the rim of what is seen, which show the background


def shade_of(
    glyphs: np.ndarray, strokes: np.ndarray, statistics: LineStatistics, usable: np.ndarray
) -> np.ndarray | None:
    """bool (h, w): the box, None if there is none.

    glyphs, strokes  bool (h, w): a line with its outline, and its strokes alone
    usable           bool (h, w): False where other lines are

    There is a box if the pixels between the glyphs are part of the overlay: they change when the line appears, or vary
    less than the background. Its sides are where that ends.
    """
    rows, columns = np.flatnonzero(strokes.any(1)), np.flatnonzero(strokes.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    outside = usable.copy()
    outside[EDGE:-EDGE, EDGE:-EDGE] = False
    between = np.zeros_like(glyphs)
    between[top:bottom, left:right] = ~glyphs[top:bottom, left:right]
    if between.sum() < FEW or outside.sum() < FEW:
        return None
    for values, limit in _kinds(statistics, strokes, outside):
        if np.median(values[between]) >= limit:
            continue
        tall = _run(np.median(values[:, left:right], axis=1) < limit, top, bottom)
        wide = _run(np.median(values[tall], axis=0) < limit, left, right)
        box = np.zeros_like(glyphs)
        box[tall, wide] = True
        if tall.start <= top and tall.stop >= bottom and not box.all() and _sharp(values, limit, tall, wide):
            return box
    return None


def _sharp(values: np.ndarray, limit: float, tall: slice, wide: slice) -> bool:
    """Whether the values pass the limit within a few pixels at all sides that are seen, as at the sides of a box."""
    pairs = [
        (values[max(0, tall.start - STRIP) : tall.start, wide], values[tall.start : tall.start + STRIP, wide]),
        (values[tall.stop : tall.stop + STRIP, wide], values[tall.stop - STRIP : tall.stop, wide]),
        (values[tall, max(0, wide.start - STRIP) : wide.start], values[tall, wide.start : wide.start + STRIP]),
        (values[tall, wide.stop : wide.stop + STRIP], values[tall, wide.stop - STRIP : wide.stop]),
    ]
    contrast = limit - float(np.median(values[tall, wide]))
    steps = [float(np.median(outer) - np.median(inner)) for outer, inner in pairs if outer.size]
    return len(steps) >= 3 and all(step > SHARP * contrast for step in steps)


def _kinds(statistics: LineStatistics, strokes: np.ndarray, outside: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Values of each pixel, and the limit below which a pixel is shaded, for each reason that the frames give."""
    kinds = []
    for change in statistics.changes:
        noise = float(np.median(change[outside]))
        if noise <= STILL:
            kinds.append((-change, -(LEAST + noise)))
    if statistics.deviation is not None:
        steady, moving = (float(np.median(statistics.deviation[part])) for part in (strokes, outside))
        if moving > 3 * steady + 2:
            kinds.append((statistics.deviation, steady + BELONGS * (moving - steady)))
    return kinds


def _run(shaded: np.ndarray, first: int, stop: int) -> slice:
    """The longest range around the middle of first:stop in which all are shaded."""
    middle = (first + stop) // 2
    before, after = shaded[:middle][::-1], shaded[middle:]
    return slice(
        middle - int(np.logical_and.accumulate(before).sum()), middle + int(np.logical_and.accumulate(after).sum())
    )
