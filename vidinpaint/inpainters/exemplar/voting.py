"""Computes colours under the mask from the patches that were found for it.

Each patch that covers a pixel votes for its colour (Wexler, Shechtman, Irani 2007, Space-Time Completion of Video,
section 3.2), and each patch that covers a pixel and the next one votes for the difference of the two. The weight of a
vote depends on the similarity of the patches and on the distance of the covering patch to the known pixels. The result
is the image whose differences are closest to the voted ones (`relax`): patches of different brightness join without a
seam, with each other and with the surroundings (Perez, Gangnet, Blake 2003, Poisson Image Editing, equation 3; votes
for differences: Darabi, Shechtman, Barnes, Goldman, Sen 2012, Image Melding, section 3.2). Cost: that of about 20
comparisons of patches per mask pixel.
"""

from typing import NamedTuple

import numpy as np

from vidinpaint.inpainters.exemplar.matching import CHANNELS, Search
from vidinpaint.numerics.kernels import kernel, run_in_ranges

DECAY = 0.8  # factor of the weight of a vote per pixel of depth of the centre of the patch
SCREEN = 0.01  # weight of a voted colour relative to a voted difference, which keeps colours from drifting
SWEEPS = 12  # of relaxation: few suffice, as the coarser size provides the right colours over long distances
MIN_WEIGHT = np.float32(1e-30)  # of a match and of a sum of weights: smaller numbers would underflow to zero
OMEGA = 1.6  # of successive over-relaxation


class Votes(NamedTuple):
    """The mean votes of the patches, float32 (H, W, C) each; zero where there was no vote.

    value   the colour of a pixel
    across  the colour of the pixel to the right minus that of this pixel
    down    the colour of the pixel below minus that of this pixel
    """

    value: np.ndarray
    across: np.ndarray
    down: np.ndarray


def vote(
    search: Search, image: np.ndarray, mask: np.ndarray, matches: np.ndarray, distances: np.ndarray, spread: float
) -> Votes:
    """The votes of all matches for the pixels under the mask bool (H, W), and for differences that involve them.

    image float32 (H, W, C) with a guess under the mask, which no match touches. Distances that differ by spread differ
    in weight by a factor of e: with a small spread the best patch decides, which is sharp; with a large one the mean.
    """
    involved = mask.copy()
    involved[:-1] |= mask[1:]
    involved[:, :-1] |= mask[:, 1:]
    y, x = (axis.astype(np.int32) for axis in np.nonzero(involved))
    votes = Votes(*(np.zeros_like(image) for _ in range(3)))
    weights = DECAY**search.depth * np.exp(-(distances - distances.min()) / max(spread, 1e-6))
    weights = np.maximum(weights, MIN_WEIGHT).astype(np.float32)
    run_in_ranges(_vote, len(y), image, votes, y, x, search, matches, weights)
    return votes


def relax(image: np.ndarray, mask: np.ndarray, votes: Votes) -> np.ndarray:
    """A new image (H, W, C) that follows the votes under the mask: the solution of a screened Poisson equation.

    It minimises the sum of squares of (differences - voted differences), plus SCREEN times that of (values - voted
    values), by successive over-relaxation, alternately forward and backward.
    """
    y, x = (axis.astype(np.int32) for axis in np.nonzero(mask))
    result = image.copy()
    _relax(result, votes, y, x, SWEEPS, np.float32(OMEGA), np.float32(SCREEN))
    return result


@kernel
def _vote(start, stop, image, votes, ys, xs, search, matches, weights):  # type: ignore[no-untyped-def]
    value, across, down = votes
    entry, radius = search.entry, search.radius
    height, width = entry.shape
    for k in range(start, stop):
        y, x = np.int64(ys[k]), np.int64(xs[k])
        total, total_across, total_down = np.float32(0), np.float32(0), np.float32(0)
        for j in range(max(0, y - radius), min(height, y + radius + 1)):
            for i in range(max(0, x - radius), min(width, x + radius + 1)):
                n = entry[j, i]
                if n < 0:
                    continue
                v, u = matches[n, 0] + (y - j), matches[n, 1] + (x - i)
                w = weights[n]
                total += w
                for c in range(CHANNELS):
                    value[y, x, c] += w * image[v, u, c]
                if i > x - radius and x + 1 < width:  # the patch covers the next pixel too
                    total_across += w
                    for c in range(CHANNELS):
                        across[y, x, c] += w * (image[v, u + 1, c] - image[v, u, c])
                if j > y - radius and y + 1 < height:
                    total_down += w
                    for c in range(CHANNELS):
                        down[y, x, c] += w * (image[v + 1, u, c] - image[v, u, c])
        for c in range(CHANNELS):
            value[y, x, c] /= max(total, MIN_WEIGHT)
            across[y, x, c] /= max(total_across, MIN_WEIGHT)
            down[y, x, c] /= max(total_down, MIN_WEIGHT)


@kernel
def _relax(image, votes, ys, xs, sweeps, omega, screen):  # type: ignore[no-untyped-def]
    value, across, down = votes
    height, width, channels = image.shape
    for sweep in range(sweeps):
        for n in range(len(ys)):
            k = n if sweep % 2 == 0 else len(ys) - 1 - n
            y, x = np.int64(ys[k]), np.int64(xs[k])
            up, left, below, right = y > 0, x > 0, y < height - 1, x < width - 1
            weight = screen + np.float32(int(up) + int(left) + int(below) + int(right))
            for c in range(channels):
                total = screen * value[y, x, c]
                if up:
                    total += image[y - 1, x, c] + down[y - 1, x, c]
                if left:
                    total += image[y, x - 1, c] + across[y, x - 1, c]
                if below:
                    total += image[y + 1, x, c] - down[y, x, c]
                if right:
                    total += image[y, x + 1, c] - across[y, x, c]
                image[y, x, c] += omega * (total / weight - image[y, x, c])
