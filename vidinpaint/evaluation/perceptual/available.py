"""`perceptual_metrics`: the metrics whose weights are there, and a note for each of those whose weights are missing."""

from collections.abc import Sequence
from pathlib import Path

from vidinpaint.core.errors import WeightsError
from vidinpaint.evaluation.interface import FrameMetric
from vidinpaint.weights.running import require_torch


def perceptual_metrics(files: Sequence[Path] = ()) -> tuple[list[FrameMetric], list[str]]:
    """The metrics that can be measured here, and one line for each other one: what is missing and where to get it.

    files  weights of AlexNet or VGG16, for LPIPS. Default: none, those in the folder for weights

    Raises WeightsError for files that cannot be used.
    """
    try:
        require_torch()
    except WeightsError as error:
        return [], [f"Perceptual metrics: {error}"]
    from vidinpaint.evaluation.perceptual.deep_feature_distance import DeepFeatureDistance
    from vidinpaint.evaluation.perceptual.lpips import Lpips

    metrics: list[FrameMetric] = [Lpips(file) for file in files]
    notes = []
    try:
        metrics.insert(0, DeepFeatureDistance())
    except WeightsError as error:
        notes.append(f"Deep feature distance: {error}")
    for weights in () if files else Lpips.known_weights:
        try:
            if weights.path is None:
                raise WeightsError(f"the weights {weights.name}", "none", weights.remedy)
            metrics.append(Lpips(weights.path))
        except WeightsError as error:
            notes.append(f"LPIPS: {error}")
    return metrics, notes
