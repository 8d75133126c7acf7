"""FID and KID: distances between two sets of images, by the features of one network.

Sources: Heusel et al. 2017, GANs trained by a two time-scale update rule converge to a local Nash equilibrium;
Binkowski et al. 2018, Demystifying MMD GANs.
"""

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from vidinpaint.core.errors import ClipError
from vidinpaint.evaluation.distribution.frechet import bias_note, frechet_distance
from vidinpaint.evaluation.distribution.interface import Side
from vidinpaint.evaluation.distribution.kernel_distance import kernel_distance
from vidinpaint.evaluation.interface import NetworkMetric
from vidinpaint.weights.catalogue import Learned, Weights


class Fid(NetworkMetric, Learned):
    """FID and KID; a `SetMetric`.

    features  from an image uint8 (H, W, 3) to a vector
    suffix    of the fields of `DistributionEvaluation`. Default: "", FID's own Inception network
    title     of the features, for notes. Default: "FID"
    """

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights("fid_inception", "fid", "pt_inception-2015-12-05-6726825d.pth", "TensorFlow's Inception, for FID",
                "https://github.com/mseitzer/pytorch-fid/releases/tag/fid_weights", "Apache-2.0"),
    )  # fmt: skip

    def __init__(self, features: Callable[[np.ndarray], np.ndarray], suffix: str = "", title: str = "FID") -> None:
        self._features, self._suffix, self._title = features, suffix, title
        self._rows: dict[Side, list[np.ndarray]] = {"output": [], "truth": []}
        self.notes: list[str] = []

    def add(self, side: Side, image: np.ndarray) -> None:
        self._rows[side].append(self._features(image))

    def end_clip(self, side: Side) -> None:
        pass

    def values(self) -> dict[str, float]:
        output, truth = (np.stack(rows) for rows in self._rows.values())
        if min(len(output), len(truth)) < 2:
            counts = f"{len(output)} and {len(truth)}"
            raise ClipError("at least 2 images on each side", counts, "Give larger sets, best of 10000 images or more.")
        self.notes = bias_note(self._title, "images", output, truth)
        return {
            f"fid{self._suffix}": frechet_distance(output, truth),
            f"kid{self._suffix}": kernel_distance(output, truth),
        }
