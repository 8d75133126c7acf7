"""How much of a picture does not occur in another: near 0 between neighbours in a shot, near 1 across a cut.

Motion must not count, nor changes of exposure, nor a single object that jumps. Therefore pictures are compared block by
block: each block, without its mean (brightness), with all places of the other picture within SEARCH pixels, relative to
the block's own contrast. Flat blocks have no weight. Both directions are combined, so that a cut to a blank picture is
detected, and the worst blocks are ignored.
"""

import numpy as np

from vidinpaint.numerics.kernels import inner, kernel

BLOCK = 9  # pixels, of 36 rows; smaller blocks match everywhere by chance, larger ones fail in fast zooms
INCLUDED_WEIGHT = 0.7  # share of the total weight that is used; the rest may belong to objects that jump
SEARCH = 6  # pixels; follows motion of up to a sixth of the height per frame
MAX_GAIN = 2.0  # from one frame to the next; a picture that becomes blank at once is not matched to noise
NOISE = 9.0  # grey levels squared: the contrast at which a block has half weight; grain and compression are below it


def picture_difference(one: np.ndarray, other: np.ndarray) -> float:
    """0 to 1 between two float32 pictures (h, w) of about 36 rows, in grey levels 0 to 255.

    The mean over the best matching blocks b of both pictures of min over shifts |b - shifted|^2 / |b|^2, each without
    its mean and at most 1, weighted by contrast / (contrast + NOISE). 0 where both pictures are blank.
    """
    side = min(BLOCK, *one.shape)
    blocks = np.concatenate([_unmatched(one, other, side), _unmatched(other, one, side)])
    unmatched, weight = blocks[np.argsort(blocks[:, 0], kind="stable")].T
    before = np.cumsum(weight) - weight
    used = np.clip(INCLUDED_WEIGHT * weight.sum() - before, 0, weight)  # the best blocks, the last of them in part
    return float((unmatched * used).sum() / max(used.sum(), 1e-6))


def scaled_difference(one: np.ndarray, other: np.ndarray) -> float:
    """The same with the contrast of both pictures equalised, as far as MAX_GAIN allows: for fades and exposure."""
    ratio = (float(other.std()) + 1e-3) / (float(one.std()) + 1e-3)
    scale = np.float32(min(max(ratio, 1 / MAX_GAIN), MAX_GAIN) ** 0.5)
    return picture_difference(one * scale, other / scale)


def _unmatched(picture: np.ndarray, other: np.ndarray, side: int) -> np.ndarray:
    """float64 (blocks, 2): for each block of `picture` its share that `other` lacks, and its weight, both 0 to 1."""
    blocks = np.empty(((picture.shape[0] // side) * (picture.shape[1] // side), 2))
    _match_blocks(picture, other, side, blocks)
    return blocks


@kernel
def _match_blocks(picture, other, side, blocks):  # type: ignore[no-untyped-def]
    height, width = picture.shape
    columns, count = width // side, side * side
    for block in range(len(blocks)):
        top, left = block // columns * side, block % columns * side
        contrast = _contrast(picture, top, left, side)
        least = contrast
        for y in range(max(0, top - SEARCH), min(height - side, top + SEARCH) + 1):
            for x in range(max(0, left - SEARCH), min(width - side, left + SEARCH) + 1):
                first, second = 0.0, 0.0
                for row in range(side):
                    for column in range(side):
                        step = picture[top + row, left + column] - other[y + row, x + column]
                        first += step
                        second += step * step
                least = min(least, second - first * first / count)
        blocks[block, 0] = max(least, 0.0) / max(contrast, 1e-6)
        blocks[block, 1] = contrast / (contrast + count * NOISE)


@inner
def _contrast(picture, top, left, side):  # type: ignore[no-untyped-def]
    """Sum of squares of a block without its mean."""
    first, second = 0.0, 0.0
    for row in range(top, top + side):
        for column in range(left, left + side):
            first += picture[row, column]
            second += picture[row, column] ** 2
    return max(second - first * first / (side * side), 0.0)
