"""How far a propagated colour is trusted: the poorer the evidence, the more of a smooth fill goes into it.

A colour that two directions of time bring along consistent flow is right; one that a single long trace brings often
shows another place of the scene, and texture from the wrong place errs more than none (Wiener's argument: the share
of a noisy guess that errs least is the share of its variance that is signal). The curves are the shares that erred
least on real clips; they are worth 0.5 to 1 dB over masks, 3 dB where a mask hides moving people.
"""

import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.mask_pixels import MaskPixels
from vidinpaint.propagation.trace import Candidates

APART = 60 / 255  # difference of two consistent directions that halves confidence
ALONE = 0.9  # one consistent direction: 1 / (1 + ALONE sqrt(error summed along the way))
DOUBTFUL, DOUBTFUL_APART = 0.92, 45 / 255  # two doubtful directions that say the same; the difference that halves it
DOUBTFUL_ALONE, DOUBTFUL_REACH = 0.6, 20.0  # one doubtful direction, and the hops over which it falls by e


def confidence(candidates: Candidates, weights: np.ndarray, apart: np.ndarray, consistent: bool) -> np.ndarray:
    """float32 (N,) in 0..1.

    weights float32 (N, 2), zero where a direction has no answer; apart float32 (N,) from `local_difference`;
    consistent: whether the traces were stopped where the flow's two ways disagree.
    """
    both = (weights > 0).all(1)
    if consistent:
        together = 1 / (1 + (apart / APART) ** 2)
        alone = 1 / (1 + ALONE * np.sqrt(candidates.error.max(1)))
    else:
        together = DOUBTFUL / (1 + (apart / DOUBTFUL_APART) ** 2)
        alone = DOUBTFUL_ALONE * np.exp(-candidates.hops.max(1) / DOUBTFUL_REACH)
    return np.where(both, together, alone).astype(np.float32)


def local_difference(index: np.ndarray, wanted: MaskPixels, candidates: Candidates, weights: np.ndarray) -> np.ndarray:
    """float32 (N,): how far the two directions' colours are apart, mean over 5 x 5 pixels; zero where none has both.

    index int32 (T, H, W): the entry of each pixel in `wanted`, or -1.
    """
    difference = np.abs(candidates.colour[:, 0] - candidates.colour[:, 1]).mean(1, dtype=np.float32)
    both = (weights > 0).all(1)
    mean = np.zeros(len(wanted), np.float32)
    run_in_ranges(_take_mean, len(index), index, wanted.offsets, wanted.y, wanted.x, difference, both, mean)
    return mean


@kernel
def _take_mean(start, stop, index, offsets, ys, xs, value, counts, mean):  # type: ignore[no-untyped-def]
    """mean (N,): of the values that count, around each entry of the frames start to stop."""
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
