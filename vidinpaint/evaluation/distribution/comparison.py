"""`compare_distributions`: FID, KID and VFID of two folders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vidinpaint.core.errors import ClipError
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.evaluation.distribution.available import set_metrics
from vidinpaint.evaluation.distribution.evaluation import DistributionEvaluation
from vidinpaint.evaluation.distribution.interface import SetMetric, Side
from vidinpaint.evaluation.distribution.sets import ImageSet, open_set


def compare_distributions(
    output: str | Path,
    truth: str | Path,
    *,
    weights: Sequence[str | Path] = (),
    progress: Progress | None = None,
) -> DistributionEvaluation:
    """See `vidinpaint.api.evaluate_distribution`."""
    progress = progress or SilentProgress()
    sets: dict[Side, ImageSet] = {"output": open_set(output), "truth": open_set(truth)}
    of_clips = sets["truth"].of_clips
    if sets["output"].of_clips != of_clips:
        expected = f"two folders of {_things(sets['truth'])}"
        raise ClipError(expected, f"{_things(sets['output'])} in '{output}'", "Give two folders of the same kind.")
    metrics, notes = set_metrics([Path(file) for file in weights], of_clips)
    counts: dict[Side, int] = {}
    try:
        for side, images in sets.items():
            progress.begin(f"evaluate {side}", len(images.paths), _things(images).removesuffix("s"))
            counts[side] = _add(side, images, metrics, progress)
    finally:
        progress.end()
    values: dict[str, Any] = {name: value for metric in metrics for name, value in metric.values().items()}
    return DistributionEvaluation(
        images_output=counts["output"],
        images_truth=counts["truth"],
        clips_output=len(sets["output"].paths) if of_clips else 0,
        clips_truth=len(sets["truth"].paths) if of_clips else 0,
        **values,
        notes=(*(note for metric in metrics for note in metric.notes), *notes),
    )


def _things(images: ImageSet) -> str:
    return "clips" if images.of_clips else "images"


def _add(side: Side, images: ImageSet, metrics: Sequence[SetMetric], progress: Progress) -> int:
    """Show all images of a set to all metrics; returns their number."""
    count = 0
    for path in images.paths:
        for image in images.images(path):
            for metric in metrics:
                metric.add(side, image)
            count += 1
        for metric in metrics:
            metric.end_clip(side)
        progress.advance(1)
    return count
