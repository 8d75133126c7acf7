"""Confidence of a propagated colour: the lower it is, the more of a smooth interpolation is mixed in.

A colour found along consistent flow in both directions of time is right. One found along a single long trace often
shows another place of the scene, and texture from the wrong place has a larger error than none (Wiener filtering: the
best weight of a noisy estimate is the proportion of its variance that is signal). The curves are the weights with the
least error on real clips; they gain 0.5 to 1 dB over masks, 3 dB where a mask hides moving people.
"""

import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.propagation.trace import Candidates

HALVING_DIFFERENCE = 60 / 255  # colour difference of two consistent directions at which confidence is a half
SINGLE = 0.9  # one consistent direction: 1 / (1 + SINGLE sqrt(error summed along the way))
LENIENT_AGREED = 0.92  # two inconsistent directions without a difference
LENIENT_HALVING_DIFFERENCE = 45 / 255  # colour difference of two inconsistent directions that halves it
LENIENT_SINGLE = 0.6  # one inconsistent direction after no hop
LENIENT_REACH = 20.0  # hops, frames followed, over which that falls by a factor of e


def confidence(candidates: Candidates, weights: np.ndarray, difference: np.ndarray, consistent: bool) -> np.ndarray:
    """The confidence of each fused colour, float32 (N,) in 0..1.

    weights float32 (N, 2), zero where a direction found nothing; difference float32 (N,) from `local_difference`;
    consistent: whether the traces ended where forward and backward flow disagree.
    """
    both = (weights > 0).all(1)
    if consistent:
        together = 1 / (1 + (difference / HALVING_DIFFERENCE) ** 2)
        single = 1 / (1 + SINGLE * np.sqrt(candidates.error.max(1)))
    else:
        together = LENIENT_AGREED / (1 + (difference / LENIENT_HALVING_DIFFERENCE) ** 2)
        single = LENIENT_SINGLE * np.exp(-candidates.hops.max(1) / LENIENT_REACH)
    return np.where(both, together, single).astype(np.float32)


def local_difference(
    index: np.ndarray, mask_pixels: MaskPixels, candidates: Candidates, weights: np.ndarray
) -> np.ndarray:
    """float32 (N,): mean colour difference of the two directions over 5 x 5 pixels; zero if no pixel has both.

    index int32 (T, H, W): the entry of each pixel in `mask_pixels`, or -1.
    """
    own = np.abs(candidates.colour[:, 0] - candidates.colour[:, 1]).mean(1, dtype=np.float32)
    both = (weights > 0).all(1)
    mean = np.zeros(len(mask_pixels), np.float32)
    run_in_ranges(_take_mean, len(index), index, mask_pixels.offsets, mask_pixels.y, mask_pixels.x, own, both, mean)
    return mean


@kernel
def _take_mean(start, stop, index, offsets, ys, xs, value, counts, mean):  # type: ignore[no-untyped-def]
    """mean (N,): of the values with `counts` True over 5 x 5 pixels, for each entry of the frames start to stop."""
    _, H, W = index.shape
    for t in range(start, stop):
        for k in range(offsets[t], offsets[t + 1]):
            total, number = np.float32(0), 0
            for y in range(max(0, ys[k] - 2), min(H, ys[k] + 3)):
                for x in range(max(0, xs[k] - 2), min(W, xs[k] + 3)):
                    j = index[t, y, x]
                    if j >= 0 and counts[j]:
                        total += value[j]
                        number += 1
            mean[k] = total / np.float32(max(number, 1))
