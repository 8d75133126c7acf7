"""Frechet distance between Gaussians fitted to two sets of features: the formula of FID and VFID.

Source: Heusel et al. 2017, GANs trained by a two time-scale update rule converge to a local Nash equilibrium (equation
6).
"""

import numpy as np


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """|m1 - m2|^2 + trace(S1 + S2 - 2 (S1 S2)^(1/2)) of features (N, D) and (M, D), N and M at least 2; at least 0.

    With S = R'R, the trace of the root is the sum of the singular values of R1 R2'. This needs no root of a nearly
    singular matrix, so it also holds for fewer images than features.
    """
    root_first, root_second = _root(first), _root(second)
    means = first.mean(0, dtype=np.float64) - second.mean(0, dtype=np.float64)
    shared = np.linalg.svd(root_first @ root_second.T, compute_uv=False).sum()
    distance = means @ means + (root_first**2).sum() + (root_second**2).sum() - 2 * shared
    return max(0.0, float(distance))


def _root(features: np.ndarray) -> np.ndarray:
    """R, at most D rows, with R'R the covariance of the features (unbiased)."""
    centred = features - features.mean(0, dtype=np.float64)
    return np.asarray(np.linalg.qr(centred / np.sqrt(len(features) - 1), mode="r"))


def bias_note(title: str, things: str, output: np.ndarray, truth: np.ndarray) -> list[str]:
    """One line if there are fewer images or clips than features, whose covariance is then incomplete; else none.

    things  "images" or "clips"
    """
    counts, size = (len(output), len(truth)), output.shape[1]
    if min(counts) >= size:
        return []
    return [f"{title} is biased upwards with {counts[0]} and {counts[1]} {things}: it needs at least {size} of each."]
