"""How close an output is to the truth, and how steady it is over time, in one pass.

Frames are uint8 RGB (H, W, 3), masks bool (H, W) with True = was inpainted. Only two frames of each clip are in memory
at a time. A value is None where there was nothing to measure (no mask, a single frame).

Wang et al. 2004, "Image quality assessment: from error visibility to structural similarity" (SSIM);
Lai et al. 2018, "Learning blind video temporal consistency", section 4.2 (warping error);
Sundaram et al. 2010, "Dense point trajectories by GPU-accelerated large displacement optical flow" (occlusion).
"""

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from vidinpaint.core.errors import ClipError
from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.dis import Dis, one_opencv_thread

SSIM_WINDOW, SSIM_SIGMA = 11, 1.5
SSIM_C1, SSIM_C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2  # Wang 2004, K1 and K2 for 8 bit


@dataclass(frozen=True)
class Evaluation:
    """Measurements of one output against its truth. Every mean is over all pixels of the clip, not over frames' means.

    "Masked" means over masked pixels only; "output" and "truth" say which of the two clips was measured.

    frames                    number of frames compared
    psnr                      dB, from the mean squared error of all samples of all frames; inf for identical clips
    psnr_masked               the same, over masked pixels
    ssim                      mean over frames, on grey, of 11 x 11 Gaussian windows that lie wholly inside the frame
    warp_error_output         mean squared difference, samples in [0, 1], between a frame and the next one warped back
    warp_error_truth          to it along the truth's motion, without occlusions; compare the output with the truth
    warp_error_masked_output  the same, where the first frame of each pair is masked
    warp_error_masked_truth
    flicker_output            mean absolute difference, in grey levels 0..255, between consecutive frames where both
    flicker_truth             are masked
    """

    frames: int
    psnr: float
    psnr_masked: float | None
    ssim: float
    warp_error_output: float | None
    warp_error_truth: float | None
    warp_error_masked_output: float | None
    warp_error_masked_truth: float | None
    flicker_output: float | None
    flicker_truth: float | None

    def to_json(self) -> dict[str, float | str | None]:
        """Fields by name. JSON has no infinity: it becomes the string "inf"; what could not be measured is null."""
        fields = dataclasses.asdict(self)
        return {name: "inf" if value == math.inf else value for name, value in fields.items()}

    def table(self) -> str:
        """Aligned lines of plain text, the output next to the truth where both were measured."""
        rows = [
            ("", "output", "truth"),
            ("frames", str(self.frames), ""),
            ("PSNR, dB", _text(self.psnr, 2), ""),
            ("PSNR masked, dB", _text(self.psnr_masked, 2), ""),
            ("SSIM", _text(self.ssim, 4), ""),
            ("warping error x 1000", _x1000(self.warp_error_output), _x1000(self.warp_error_truth)),
            (
                "warping error masked x 1000",
                _x1000(self.warp_error_masked_output),
                _x1000(self.warp_error_masked_truth),
            ),
            ("flicker masked", _text(self.flicker_output, 2), _text(self.flicker_truth, 2)),
        ]
        return "\n".join(f"{name:<28}{output:>10}{truth:>10}".rstrip() for name, output, truth in rows)


def _text(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _x1000(value: float | None) -> str:
    return _text(None if value is None else value * 1000, 3)


class _Frames(NamedTuple):
    """The frame of the same time of each clip."""

    output: np.ndarray
    truth: np.ndarray
    mask: np.ndarray


class _Mean:
    """A mean over all values that were added."""

    def __init__(self) -> None:
        self.total, self.count = 0.0, 0

    def add(self, values: np.ndarray) -> None:
        self.total += float(values.sum(dtype=np.float64))
        self.count += values.size

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None


class _TemporalMetrics:
    """Warping error and flicker of one clip."""

    def __init__(self) -> None:
        self.warp_error, self.warp_error_masked, self.flicker = _Mean(), _Mean(), _Mean()

    def add(
        self,
        frame: np.ndarray,
        following: np.ndarray,
        flow: np.ndarray,
        visible: np.ndarray,
        mask: np.ndarray,
        both_masked: np.ndarray,
    ) -> None:
        """Compare a frame with the next one; visible bool (H, W): not occluded in it."""
        squares = ((frame / np.float32(255) - _warped(following, flow) / np.float32(255)) ** 2).mean(axis=2)
        self.warp_error.add(squares[visible])
        self.warp_error_masked.add(squares[visible & mask])
        self.flicker.add(np.abs(following[both_masked].astype(np.int16) - frame[both_masked]))


def evaluate(output: Iterable[np.ndarray], truth: Iterable[np.ndarray], masks: Iterable[np.ndarray]) -> Evaluation:
    """Compare an output with the truth, frame by frame.

    output and truth yield uint8 RGB (H, W, 3), masks bool (H, W), True = was inpainted. There may be more masks than
    frames, so that `itertools.repeat(mask)` gives all frames the same mask.

    Raises ClipError if sizes differ, output and truth differ in length, or there are fewer masks than frames.
    """
    squared_error, squared_error_masked = _Mean(), _Mean()
    ssims: list[float] = []
    output_metrics, truth_metrics = _TemporalMetrics(), _TemporalMetrics()
    before: _Frames | None = None
    for now in _aligned(output, truth, masks):
        squares = (now.output.astype(np.float32) - now.truth) ** 2
        squared_error.add(squares)
        squared_error_masked.add(squares[now.mask])
        ssims.append(structural_similarity(_grey(now.output), _grey(now.truth)))
        if before is not None:
            flow, visible = motion(_grey(before.truth), _grey(now.truth))
            both_masked = before.mask & now.mask
            output_metrics.add(before.output, now.output, flow, visible, before.mask, both_masked)
            truth_metrics.add(before.truth, now.truth, flow, visible, before.mask, both_masked)
        before = now
    psnr = _decibel(squared_error.value)
    if psnr is None:
        raise ClipError("at least one frame to compare", "none", "Give an output and a truth that have frames.")
    return Evaluation(
        frames=len(ssims),
        psnr=psnr,
        psnr_masked=_decibel(squared_error_masked.value),
        ssim=float(np.mean(ssims)),
        warp_error_output=output_metrics.warp_error.value,
        warp_error_truth=truth_metrics.warp_error.value,
        warp_error_masked_output=output_metrics.warp_error_masked.value,
        warp_error_masked_truth=truth_metrics.warp_error_masked.value,
        flicker_output=output_metrics.flicker.value,
        flicker_truth=truth_metrics.flicker.value,
    )


def structural_similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Mean SSIM of two grey images (H, W), 0..255, at least 11 x 11; as in the authors' code, of inner windows only."""
    inside = (slice(SSIM_WINDOW // 2, -(SSIM_WINDOW // 2)),) * 2
    return float(similarity_map(first, second)[inside].mean())


def similarity_map(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float64 (H, W): SSIM around every pixel of two grey images (H, W), 0..255; Wang 2004, equation 13.

    The window is an 11 x 11 Gaussian with sigma 1.5; images are mirrored at the border.
    """

    def local(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values, (SSIM_WINDOW, SSIM_WINDOW), SSIM_SIGMA)

    x, y = first.astype(np.float64), second.astype(np.float64)
    mean_x, mean_y = local(x), local(y)
    variance_x, variance_y = local(x * x) - mean_x**2, local(y * y) - mean_y**2
    covariance = local(x * y) - mean_x * mean_y
    numerator = (2 * mean_x * mean_y + SSIM_C1) * (2 * covariance + SSIM_C2)
    denominator = (mean_x**2 + mean_y**2 + SSIM_C1) * (variance_x + variance_y + SSIM_C2)
    return np.asarray(numerator / denominator)


def motion(grey: np.ndarray, following: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flow from a grey uint8 frame (H, W) to the following one, and where it can be trusted.

    Returns flow float32 (H, W, 2) as (dx, dy) pixels, and bool (H, W), True = visible in the following frame.
    DIS, medium preset; occlusion by Sundaram 2010, equation 5: forward and backward flow must cancel.
    """
    with one_opencv_thread():
        forward, backward = Dis().between(grey, following), Dis().between(following, grey)
    return forward, forward_backward_error(forward[None], backward[None])[0] <= 1


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
    if min(truth.shape[:2]) < SSIM_WINDOW:
        raise ClipError(
            f"frames of at least {SSIM_WINDOW} x {SSIM_WINDOW} pixels", _size(truth), "Compare larger clips."
        )


def _size(frame: np.ndarray) -> str:
    return f"{frame.shape[1]} x {frame.shape[0]}"


def _decibel(mean_square: float | None) -> float | None:
    """PSNR for samples of 0..255; inf for no error at all."""
    if mean_square is None:
        return None
    return 10 * math.log10(255**2 / mean_square) if mean_square else math.inf


def _grey(frame: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)


def _warped(following: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """The following frame warped back along the flow (H, W, 2) to the frame where it starts; float32, bilinear."""
    height, width = flow.shape[:2]
    x = np.arange(width, dtype=np.float32) + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    return cv2.remap(following.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
