"""How much of a picture cannot be found again in another: near 0 between neighbours in a shot, near 1 across a cut.

Motion must not count, nor exposure, nor one object that jumps. So pictures are compared block by block, each block
against all places of the other picture within SEARCH pixels, without its mean (brightness); what remains is set
against the block's own contrast. Flat blocks say nothing and weigh nothing. Both directions are taken together, so
that a picture cut to a blank one counts as not found again.
"""

import numba
import numpy as np

BLOCK = 6  # pixels; a sixth of the height of the 36 rows that are compared
SEARCH = 6  # pixels; motion of up to a sixth of the height a frame is followed
GAIN = 2.0  # from one frame to the next; a picture that goes blank at once is not matched to noise
NOISE = 9.0  # grey levels squared; the contrast at which a block weighs half: grain and compression are below it


def picture_difference(one: np.ndarray, other: np.ndarray) -> float:
    """0 to 1 between two float32 pictures (h, w) of about 36 rows, in grey levels 0 to 255.

    The mean over all blocks b of both pictures of min over shifts |b - shifted|^2 / |b|^2, each without its mean and
    not over 1, weighted by contrast / (contrast + NOISE). 0 where both are blank.
    """
    missed, weight = _one_way(one, other)
    missed_back, weight_back = _one_way(other, one)
    return (missed + missed_back) / max(weight + weight_back, 1e-6)


def scaled_difference(one: np.ndarray, other: np.ndarray) -> float:
    """The same after both pictures were given the same contrast, as far as GAIN allows: for fades and exposure."""
    ratio = (float(other.std()) + 1e-3) / (float(one.std()) + 1e-3)
    scale = np.float32(min(max(ratio, 1 / GAIN), GAIN) ** 0.5)
    return picture_difference(one * scale, other / scale)


@numba.njit(cache=True, nogil=True)
def _one_way(picture: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Sum over the blocks of `picture` of weight times what is not found in `other`, and of weight."""
    height, width = picture.shape
    side = min(BLOCK, height, width)
    count = side * side
    missed, total = 0.0, 0.0
    for top in range(0, height - side + 1, side):
        for left in range(0, width - side + 1, side):
            contrast = _contrast(picture, top, left, side)
            best = contrast
            for y in range(max(0, top - SEARCH), min(height - side, top + SEARCH) + 1):
                for x in range(max(0, left - SEARCH), min(width - side, left + SEARCH) + 1):
                    first, second = 0.0, 0.0
                    for row in range(side):
                        for column in range(side):
                            step = picture[top + row, left + column] - other[y + row, x + column]
                            first += step
                            second += step * step
                    best = min(best, second - first * first / count)
            weight = contrast / (contrast + count * NOISE)
            missed += weight * best / max(contrast, 1e-6)
            total += weight
    return missed, total


@numba.njit(cache=True, nogil=True)
def _contrast(picture: np.ndarray, top: int, left: int, side: int) -> float:
    """Sum of squares of a block without its mean."""
    first, second = 0.0, 0.0
    for row in range(top, top + side):
        for column in range(left, left + side):
            first += picture[row, column]
            second += picture[row, column] ** 2
    return max(second - first * first / (side * side), 0.0)
