"""`compare`: evaluates an output against its truth, both read frame by frame."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import SettingError
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.evaluation.evaluation import Evaluation
from vidinpaint.evaluation.frames import frames, time_stamps
from vidinpaint.evaluation.interface import FrameMetric
from vidinpaint.evaluation.metrics import evaluate
from vidinpaint.evaluation.perceptual.available import perceptual_metrics
from vidinpaint.masks.masks import Masks, open_masks
from vidinpaint.masks.specs import MaskLike, mask_specs
from vidinpaint.video.mask_video import MaskVideo
from vidinpaint.video.readers import open_reader


def compare(
    output: str | Path | np.ndarray,
    truth: str | Path | np.ndarray,
    mask: MaskLike,
    *,
    perceptual: bool = False,
    weights: Sequence[str | Path] = (),
    resize: bool = False,
    grow: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """See `vidinpaint.api.evaluate`."""
    progress = progress or SilentProgress()
    metrics, notes = _perceptual(perceptual, weights)
    specs = mask_specs(mask)
    with open_reader(output) as output_reader, open_reader(truth) as truth_reader:
        progress.begin("scan", None)
        output_pts, truth_pts = time_stamps(output_reader, progress), time_stamps(truth_reader, progress)
        info = truth_reader.info
        clip = *info.shown_size, truth_pts, info.time_base
        numbers = truth_reader.locate(truth_pts).numbers
        masks = open_masks(specs, *clip, grow=grow, resize=resize, read_video=MaskVideo, numbers=numbers)
        progress.begin("evaluate", len(truth_pts))
        try:
            truth_frames = frames(truth_reader, truth_pts, progress)
            evaluation = evaluate(frames(output_reader, output_pts), truth_frames, _masks(masks), metrics)
        finally:
            progress.end()
    return dataclasses.replace(evaluation, notes=(*evaluation.notes, *notes))


def _perceptual(wanted: bool, weights: Sequence[str | Path]) -> tuple[list[FrameMetric], list[str]]:
    if wanted:
        return perceptual_metrics([Path(file) for file in weights])
    if weights:
        raise SettingError("--perceptual with --weights", "only --weights", "Add it (in Python perceptual=True).")
    return [], []


def _masks(masks: Masks) -> Iterator[np.ndarray]:
    for t in range(len(masks)):
        yield masks.read(t, t + 1)[0]
