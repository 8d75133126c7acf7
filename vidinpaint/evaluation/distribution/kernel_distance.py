"""Squared maximum mean discrepancy of two sets of features with a polynomial kernel: the formula of KID.

Unlike FID it is not biased with few images; its mean over chance is 0 for sets of one distribution, so it may be below.
Source: Binkowski et al. 2018, Demystifying MMD GANs, section 4.
"""

import numpy as np

SUBSETS, SUBSET_SIZE = 100, 1000
DEGREE = 3


def kernel_distance(first: np.ndarray, second: np.ndarray, size: int = SUBSET_SIZE, subsets: int = SUBSETS) -> float:
    """The unbiased estimate for features (N, D) and (M, D), N and M at least 2.

    Sets of more than `size` features are represented by the mean over `subsets` pairs of random subsets of at most
    this size, drawn without replacement and always the same.
    """
    first, second = first.astype(np.float64), second.astype(np.float64)
    if max(len(first), len(second)) <= size:
        return squared_discrepancy(first, second)
    random = np.random.default_rng(0)
    pairs = ([_subset(features, size, random) for features in (first, second)] for _ in range(subsets))
    return float(np.mean([squared_discrepancy(*pair) for pair in pairs]))


def squared_discrepancy(first: np.ndarray, second: np.ndarray) -> float:
    """Unbiased: a feature is not compared with itself."""
    across = _kernel(first, second).mean()
    return float(_mean_of_pairs(first) + _mean_of_pairs(second) - 2 * across)


def _mean_of_pairs(features: np.ndarray) -> float:
    kernel = _kernel(features, features)
    count = len(features)
    return float((kernel.sum() - np.trace(kernel)) / (count * (count - 1)))


def _kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(N, M): (x'y / D + 1)^3."""
    return np.asarray((first @ second.T / first.shape[1] + 1) ** DEGREE)


def _subset(features: np.ndarray, size: int, random: np.random.Generator) -> np.ndarray:
    return features[random.permutation(len(features))[:size]]
