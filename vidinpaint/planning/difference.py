"""How much of a picture cannot be found again in another: near 0 between neighbours in a shot, near 1 across a cut.

Motion must not count, nor exposure, nor one object that jumps. So pictures are compared block by block, each block
against all places of the other picture within SEARCH pixels, without its mean (brightness); what remains is set
against the block's own contrast. Flat blocks say nothing and weigh nothing. Both directions are taken together, so
that a picture cut to a blank one counts as not found again, and the worst blocks are left out.
"""

import numpy as np

from vidinpaint.numerics.kernels import inner, kernel

BLOCK = 9  # pixels of 36 rows; smaller ones are found everywhere by chance, larger ones tear in fast zooms
CONSIDERED = 0.7  # the share of all weight that is looked at: what jumps may take the rest
SEARCH = 6  # pixels; motion of up to a sixth of the height a frame is followed
GAIN = 2.0  # from one frame to the next; a picture that goes blank at once is not matched to noise
NOISE = 9.0  # grey levels squared; the contrast at which a block weighs half: grain and compression are below it


def picture_difference(one: np.ndarray, other: np.ndarray) -> float:
    """0 to 1 between two float32 pictures (h, w) of about 36 rows, in grey levels 0 to 255.

    The mean over the best found blocks b of both pictures of min over shifts |b - shifted|^2 / |b|^2, each without its
    mean and not over 1, weighted by contrast / (contrast + NOISE). 0 where both are blank.
    """
    side = min(BLOCK, *one.shape)
    shares = np.concatenate([_not_found(one, other, side), _not_found(other, one, side)])
    missed, weight = shares[np.argsort(shares[:, 0], kind="stable")].T
    before = np.cumsum(weight) - weight
    kept = np.clip(CONSIDERED * weight.sum() - before, 0, weight)  # the best found blocks, the last of them in part
    return float((missed * kept).sum() / max(kept.sum(), 1e-6))


def scaled_difference(one: np.ndarray, other: np.ndarray) -> float:
    """The same after both pictures were given the same contrast, as far as GAIN allows: for fades and exposure."""
    ratio = (float(other.std()) + 1e-3) / (float(one.std()) + 1e-3)
    scale = np.float32(min(max(ratio, 1 / GAIN), GAIN) ** 0.5)
    return picture_difference(one * scale, other / scale)


def _not_found(picture: np.ndarray, other: np.ndarray, side: int) -> np.ndarray:
    """For every block of `picture`: the share of it (0 to 1) that is not found in `other`, and its weight (0 to 1)."""
    found = np.empty(((picture.shape[0] // side) * (picture.shape[1] // side), 2))
    _look_for(picture, other, side, found)
    return found


@kernel
def _look_for(picture, other, side, found):  # type: ignore[no-untyped-def]
    height, width = picture.shape
    columns, count = width // side, side * side
    for block in range(len(found)):
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
        found[block, 0] = max(least, 0.0) / max(contrast, 1e-6)
        found[block, 1] = contrast / (contrast + count * NOISE)


@inner
def _contrast(picture, top, left, side):  # type: ignore[no-untyped-def]
    """Sum of squares of a block without its mean."""
    first, second = 0.0, 0.0
    for row in range(top, top + side):
        for column in range(left, left + side):
            first += picture[row, column]
            second += picture[row, column] ** 2
    return max(second - first * first / (side * side), 0.0)
