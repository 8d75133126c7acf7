"""One colour out of the two directions, and the weights of the two.

A trace's uncertainty grows with its hops and with the flow's disagreement along it: v = 0.3 + 0.03 hops + 0.3 sum(e);
the directions are averaged with weights 1 / v^2.
"""

import numpy as np

from vidinpaint.propagation.trace import Candidates


def candidate_weights(candidates: Candidates) -> np.ndarray:
    """float32 (N, 2): 1 / v^2, zero where nothing was found."""
    uncertainty = (
        np.float32(0.3) + np.float32(0.03) * candidates.hops.astype(np.float32) + np.float32(0.3) * candidates.error
    )
    return np.where(candidates.frame >= 0, 1 / uncertainty**2, 0).astype(np.float32)


def fuse(candidates: Candidates, weights: np.ndarray) -> np.ndarray:
    """float32 (N, 3): weighted mean colour of the candidates; zero if there are none."""
    total = weights.sum(1)
    mean = (candidates.colour * weights[..., None]).sum(1) / np.maximum(total, 1e-12)[:, None]
    return np.asarray(mean, np.float32)
