"""How close an output is to the truth, and how steady it is over time, in one pass.

Frames are uint8 RGB (H, W, 3), masks bool (H, W) with True = was inpainted. Only two frames of each clip are in memory
at a time. A value is None where there was nothing to measure (no mask, a single frame).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from vidinpaint.core.errors import ClipError
from vidinpaint.evaluation.evaluation import Evaluation
from vidinpaint.evaluation.interface import FrameMetric
from vidinpaint.evaluation.pixel_metrics import PixelMetrics
from vidinpaint.evaluation.ssim import WINDOW
from vidinpaint.evaluation.temporal import TemporalMetrics, motion


class _Frames(NamedTuple):
    """The frame of the same time of each clip."""

    output: np.ndarray
    truth: np.ndarray
    mask: np.ndarray


def evaluate(
    output: Iterable[np.ndarray],
    truth: Iterable[np.ndarray],
    masks: Iterable[np.ndarray],
    perceptual: Sequence[FrameMetric] = (),
) -> Evaluation:
    """Compare an output with the truth, frame by frame.

    output and truth yield uint8 RGB (H, W, 3), masks bool (H, W), True = was inpainted. There may be more masks than
    frames, so that `itertools.repeat(mask)` gives all frames the same mask. perceptual: further metrics.

    Raises ClipError if sizes differ, output and truth differ in length, or there are fewer masks than frames.
    """
    metrics: list[FrameMetric] = [PixelMetrics(), *perceptual]
    output_metrics, truth_metrics = TemporalMetrics(), TemporalMetrics()
    before: _Frames | None = None
    count = 0
    for now in _aligned(output, truth, masks):
        for metric in metrics:
            metric.add(now.output, now.truth, now.mask)
        if before is not None:
            flow, visible = motion(_grey(before.truth), _grey(now.truth))
            both_masked = before.mask & now.mask
            output_metrics.add(before.output, now.output, flow, visible, before.mask, both_masked)
            truth_metrics.add(before.truth, now.truth, flow, visible, before.mask, both_masked)
        before = now
        count += 1
    if not count:
        raise ClipError("at least one frame to compare", "none", "Give an output and a truth that have frames.")
    values: dict[str, Any] = {name: value for metric in metrics for name, value in metric.values().items()}
    return Evaluation(
        frames=count,
        **values,
        warp_error_output=output_metrics.warp_error.value,
        warp_error_truth=truth_metrics.warp_error.value,
        warp_error_masked_output=output_metrics.warp_error_masked.value,
        warp_error_masked_truth=truth_metrics.warp_error_masked.value,
        flicker_output=output_metrics.flicker.value,
        flicker_truth=truth_metrics.flicker.value,
        notes=tuple(note for metric in metrics for note in metric.notes),
    )


def _aligned(
    output: Iterable[np.ndarray], truth: Iterable[np.ndarray], masks: Iterable[np.ndarray]
) -> Iterator[_Frames]:
    """Output, truth and mask of each frame; raises ClipError where sizes or lengths differ."""
    outputs, truths, all_masks = iter(output), iter(truth), iter(masks)
    count = 0
    while True:
        output_frame, truth_frame = next(outputs, None), next(truths, None)
        if output_frame is None or truth_frame is None:
            _require_same_length(count + _remaining(output_frame, outputs), count + _remaining(truth_frame, truths))
            return
        mask = next(all_masks, None)
        if mask is None:
            raise ClipError("a mask for every frame", f"masks for only {count} frames", "Give masks for all frames.")
        _require_same_size(output_frame, truth_frame, mask)
        yield _Frames(output_frame, truth_frame, mask)
        count += 1


def _remaining(frame: np.ndarray | None, frames: Iterator[np.ndarray]) -> int:
    return 0 if frame is None else 1 + sum(1 for _ in frames)


def _require_same_length(length: int, expected: int) -> None:
    if length != expected:
        raise ClipError(
            f"an output as long as the truth, {expected} frames",
            f"{length} frames",
            "Compare an output with the truth of the same clip and time range.",
        )


def _require_same_size(output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> None:
    if output.shape != truth.shape:
        raise ClipError(
            f"an output of the truth's size, {_size(truth)}", _size(output), "Compare clips of the same frame size."
        )
    if mask.shape != truth.shape[:2]:
        raise ClipError(
            f"a mask of the truth's size, {_size(truth)}", _size(mask), "Give the mask with which the output was made."
        )
    if min(truth.shape[:2]) < WINDOW:
        raise ClipError(f"frames of at least {WINDOW} x {WINDOW} pixels", _size(truth), "Compare larger clips.")


def _size(frame: np.ndarray) -> str:
    return f"{frame.shape[1]} x {frame.shape[0]}"


def _grey(frame: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
