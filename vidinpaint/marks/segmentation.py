"""Which pixels of a rough box a mark changes, before anything is known of its opacity and colour."""

import cv2
import numpy as np

from vidinpaint.marks.prediction import predict
from vidinpaint.numerics.morphology import dilate

BLOCKS = 8
"""Means of runs of frames that are compared with the smooth interpolation; their median is robust to what passes by."""
_SHARE = 0.3  # of the strength of the mark: weaker differences count as background
_STRENGTH = 0.9  # quantile of the differences that counts as the strength of the mark
_MIN_DIFFERENCE = 3 / 255  # what compression alone makes
_MIN_PIXELS = 8  # of a connected part of a mark; the dot of an i is larger
_ROUNDS = 10  # the mask hardly shrinks any more after them
_SETTLED = 0.004  # part of the mask that a round must free, or it is the last
_DISC = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))


def block_means(frames: np.ndarray, shots: np.ndarray) -> np.ndarray:
    """float32 (n, h, w, 3): means of about `BLOCKS` runs of frames, none of which holds a cut.

    frames  float32 (T, h, w, 3)
    shots   int (T,): the shot that each frame is of
    """
    runs = np.array_split(np.arange(len(frames)), min(BLOCKS, len(frames)))
    parts = [run[shots[run] == shot] for run in runs for shot in np.unique(shots[run])]
    return np.stack([frames[part].mean(axis=0) for part in parts])


def segment(means: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pixels of a mask that differ from the smooth interpolation of the others, and their median difference.

    means  float32 (n, h, w, 3): from `block_means`
    mask   bool (h, w): the rough box

    Returns support bool (h, w) and difference float32 (h, w, 3). Starts from the whole mask, and frees in each round
    the pixels that differ little from what is interpolated over the rest, so that known pixels get between letters.
    """
    support = mask
    for _ in range(_ROUNDS):
        difference = np.zeros(means.shape[1:], np.float32)
        difference[support] = np.median(means[:, support] - predict(means, support)[:, support], axis=0)
        kept = dilate(without_specks(_strong(difference, support)), 1) & support
        freed = np.count_nonzero(support) - np.count_nonzero(kept)
        if not kept.any() or freed < _SETTLED * np.count_nonzero(mask):
            break
        support = kept
    return support, difference


def _strong(difference: np.ndarray, support: np.ndarray) -> np.ndarray:
    """The pixels that are brighter, or darker, by a share of what bright, or dark, parts of the mark are."""
    size = np.abs(difference).max(axis=-1)
    brighter = difference.sum(axis=-1) > 0
    strong = np.zeros_like(support)
    for side in (support & brighter, support & ~brighter):
        if side.any():
            strong |= side & (size > max(_MIN_DIFFERENCE, _SHARE * float(np.quantile(size[side], _STRENGTH))))
    return strong


def without_specks(mask: np.ndarray) -> np.ndarray:
    """The mask without connected parts of a few pixels."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    kept: np.ndarray = (statistics[:, cv2.CC_STAT_AREA] >= _MIN_PIXELS)[labels] & mask
    return kept


def eroded(mask: np.ndarray) -> np.ndarray:
    """The pixels of a mask whose four neighbours are in it, too."""
    return cv2.erode(mask.view(np.uint8), _DISC).view(bool)


def inside(mask: np.ndarray) -> np.ndarray:
    """As `eroded`, after gaps of one pixel are closed."""
    return eroded(cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_CLOSE, _DISC).view(bool))
