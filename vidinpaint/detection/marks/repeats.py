"""A mark that was found at one place for some time, looked for at other places in the rest of the time."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection, trimmed
from vidinpaint.detection.marks.candidates import Candidate
from vidinpaint.detection.marks.statistics import BlockStatistics

BLOCKS = 3  # that are averaged: a second or less of a short clip
LIKENESS = 0.7  # correlation of the gradients; edges of a scene reach 0.4 by chance
MISSING = 0.2  # share of the pixels of the original; a few more or less are those of its rim
AMOUNT = 0.4  # of the mark's gradient at least


def elsewhere(
    candidate: Candidate, blocks: BlockStatistics, shown: np.ndarray
) -> Iterator[tuple[np.ndarray, Candidate]]:
    """The same edges at other places, and the blocks that show them.

    shown  bool (B,): the blocks that show the candidate
    """
    mean = blocks.over(shown).mean[:, *candidate.box.slices] * candidate.edges
    pattern = np.ascontiguousarray(mean.transpose(1, 2, 0))
    weight = np.repeat(candidate.edges[..., None], 2, -1).astype(np.float32)
    norm = float(np.square(pattern).sum())
    for start in range(0, len(shown) - BLOCKS + 1, BLOCKS - 1):
        stretch = np.zeros(len(shown), bool)
        stretch[start : start + BLOCKS] = True
        if (stretch & shown).any():
            continue
        field = np.ascontiguousarray(blocks.over(stretch).mean.transpose(1, 2, 0))
        amount = cv2.matchTemplate(field, pattern, cv2.TM_CCORR) / norm
        energy = cv2.matchTemplate(np.square(field), weight, cv2.TM_CCORR) / norm
        likeness = np.where(amount > AMOUNT, amount / np.sqrt(np.maximum(energy, 1e-6)), 0)
        y, x = (int(n) for n in np.unravel_index(likeness.argmax(), likeness.shape))
        if likeness[y, x] > LIKENESS:
            yield stretch, replace(candidate, box=Box(x, y, candidate.box.width, candidate.box.height))


def completed(mark: Detection, original: Detection, shift: tuple[int, int], height: int, width: int) -> Detection:
    """A mark with what the mask of the original shows besides, if that is much.

    shift          from the original to the mark, in x and y
    height, width  of the frame
    """
    frame = np.zeros((height, width), bool)
    rows, columns = np.nonzero(original.mask)
    rows, columns = rows + original.box.y + shift[1], columns + original.box.x + shift[0]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    frame[rows[inside], columns[inside]] = True
    expected = int(frame.sum())
    missing = expected - int((frame[mark.box.slices] & mark.mask).sum())
    if missing < MISSING * expected:
        return mark
    frame[mark.box.slices] |= mark.mask
    box, mask = trimmed(Box(0, 0, width, height), frame)
    return replace(mark, box=box, mask=mask)
