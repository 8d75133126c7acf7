"""How close a result is to the truth, and how calm it is over time, in one streaming pass.

Frames are uint8 RGB (H, W, 3), masks bool (H, W) with True = was inpainted. Only two frames of each clip are held at
a time. A value is None where there was nothing to measure (no mask, a single frame).

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

    frames               compared
    psnr                 dB, from the mean squared error of all samples of all frames; inf where nothing differs
    psnr_masked            the same over the mask pixels only
    ssim                 mean over frames, on grey, 11 x 11 Gaussian windows that lie wholly inside the picture
    warp_error_output         mean squared difference, samples in [0, 1], of a frame and the next one warped back to it by
    warp_error_truth          the truth's motion, where that is not occluded; the truth's own is the floor to compare with
    warp_error_masked_output    the same where the first frame of each pair has its mask
    warp_error_masked_truth
    flicker_output       mean absolute difference, in grey levels 0..255, of consecutive frames where both have a mask
    flicker_truth
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
            ("PSNR, masks, dB", _text(self.psnr_masked, 2), ""),
            ("SSIM", _text(self.ssim, 4), ""),
            ("Ewarp x 1000", _text(self.warp_error_output, 3, 1000), _text(self.warp_error_truth, 3, 1000)),
            (
                "Ewarp x 1000, masks",
                _text(self.warp_error_masked_output, 3, 1000),
                _text(self.warp_error_masked_truth, 3, 1000),
            ),
            ("flicker, masks", _text(self.flicker_output, 2), _text(self.flicker_truth, 2)),
        ]
        return "\n".join(f"{name:<20}{output:>10}{truth:>10}".rstrip() for name, output, truth in rows)


def _text(value: float | None, digits: int, scale: float = 1.0) -> str:
    return "-" if value is None else f"{value * scale:.{digits}f}"


class _Moment(NamedTuple):
    """One frame of everything."""

    output: np.ndarray
    truth: np.ndarray
    mask: np.ndarray


class _Mean:
    """A mean over all values ever added."""

    def __init__(self) -> None:
        self.total, self.count = 0.0, 0

    def add(self, values: np.ndarray) -> None:
        self.total += float(values.sum(dtype=np.float64))
        self.count += values.size

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None


class _Steadiness:
    """Warping error and flicker of one clip."""

    def __init__(self) -> None:
        self.ewarp, self.ewarp_mask, self.flicker = _Mean(), _Mean(), _Mean()

    def add(
        self,
        frame: np.ndarray,
        following: np.ndarray,
        flow: np.ndarray,
        seen: np.ndarray,
        mask: np.ndarray,
        both: np.ndarray,
    ) -> None:
        squares = ((frame / np.float32(255) - _warped(following, flow) / np.float32(255)) ** 2).mean(axis=2)
        self.ewarp.add(squares[seen])
        self.ewarp_mask.add(squares[seen & mask])
        self.flicker.add(np.abs(following[both].astype(np.int16) - frame[both]))


def evaluate(output: Iterable[np.ndarray], truth: Iterable[np.ndarray], masks: Iterable[np.ndarray]) -> Evaluation:
    """Compare an output with the truth, frame by frame.

    output and truth give uint8 RGB (H, W, 3), masks bool (H, W), True = was inpainted. Masks may go on after the clips
    end, so `itertools.repeat(mask)` serves one mask for all frames.

    Raises ClipError if clips or masks differ in size, output and truth differ in length, or the masks end too early.
    """
    whole, mask = _Mean(), _Mean()
    ssims: list[float] = []
    of_output, of_truth = _Steadiness(), _Steadiness()
    before: _Moment | None = None
    for now in _together(output, truth, masks):
        squares = (now.output.astype(np.float32) - now.truth) ** 2
        whole.add(squares)
        mask.add(squares[now.mask])
        ssims.append(structural_similarity(_grey(now.output), _grey(now.truth)))
        if before is not None:
            flow, seen = motion(_grey(before.truth), _grey(now.truth))
            both = before.mask & now.mask
            of_output.add(before.output, now.output, flow, seen, before.mask, both)
            of_truth.add(before.truth, now.truth, flow, seen, before.mask, both)
        before = now
    psnr = _decibel(whole.value)
    if psnr is None:
        raise ClipError("at least one frame to compare", "none", "Give an output and a truth that hold pictures.")
    return Evaluation(
        frames=len(ssims),
        psnr=psnr,
        psnr_masked=_decibel(mask.value),
        ssim=float(np.mean(ssims)),
        warp_error_output=of_output.ewarp.value,
        warp_error_truth=of_truth.ewarp.value,
        warp_error_masked_output=of_output.ewarp_mask.value,
        warp_error_masked_truth=of_truth.ewarp_mask.value,
        flicker_output=of_output.flicker.value,
        flicker_truth=of_truth.flicker.value,
    )


def structural_similarity(one: np.ndarray, other: np.ndarray) -> float:
    """Mean SSIM of two grey pictures (H, W), 0..255, at least 11 x 11; as in the authors' code, windows inside only."""
    inside = (slice(SSIM_WINDOW // 2, -(SSIM_WINDOW // 2)),) * 2
    return float(similarity_map(one, other)[inside].mean())


def similarity_map(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """float64 (H, W): SSIM around every pixel of two grey pictures (H, W), 0..255; Wang 2004, equation 13.

    The window is an 11 x 11 Gaussian of sigma 1.5, mirrored at the border.
    """

    def local(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values, (SSIM_WINDOW, SSIM_WINDOW), SSIM_SIGMA)

    x, y = one.astype(np.float64), other.astype(np.float64)
    mean_x, mean_y = local(x), local(y)
    variance_x, variance_y = local(x * x) - mean_x**2, local(y * y) - mean_y**2
    covariance = local(x * y) - mean_x * mean_y
    likeness = (2 * mean_x * mean_y + SSIM_C1) * (2 * covariance + SSIM_C2)
    return np.asarray(likeness / ((mean_x**2 + mean_y**2 + SSIM_C1) * (variance_x + variance_y + SSIM_C2)))


def motion(grey: np.ndarray, following: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flow from a grey uint8 picture to the following one, and where it can be trusted.

    Returns flow float32 (H, W, 2) as (dx, dy) pixels, and bool (H, W), True = not occluded, inside the next frame.
    DIS, medium preset; occlusion by Sundaram 2010, equation 5: forward and backward flow must cancel.
    """
    with one_opencv_thread():
        forward, backward = Dis().between(grey, following), Dis().between(following, grey)
    return forward, forward_backward_error(forward[None], backward[None])[0] <= 1


def _together(
    output: Iterable[np.ndarray], truth: Iterable[np.ndarray], masks: Iterable[np.ndarray]
) -> Iterator[_Moment]:
    """Frames of equal time, checked."""
    outputs, truths, each = iter(output), iter(truth), iter(masks)
    count = 0
    while True:
        one, other = next(outputs, None), next(truths, None)
        if one is None or other is None:
            _require_same_length(count + _left(one, outputs), count + _left(other, truths))
            return
        mask = next(each, None)
        if mask is None:
            raise ClipError("a mask mask for every frame", f"each for {count} frames only", "Give a mask that lasts.")
        _require_same_size(one, other, mask)
        yield _Moment(one, other, mask)
        count += 1


def _left(frame: np.ndarray | None, frames: Iterator[np.ndarray]) -> int:
    return 0 if frame is None else 1 + sum(1 for _ in frames)


def _require_same_length(length: int, expected: int) -> None:
    if length != expected:
        raise ClipError(
            f"an output as long as the truth, {expected} frames",
            f"{length} frames",
            "Compare an output with the truth of the same clip and time range.",
        )


def _require_same_size(one: np.ndarray, other: np.ndarray, mask: np.ndarray) -> None:
    if one.shape != other.shape:
        raise ClipError(
            f"an output of the truth's size, {_size(other)}", _size(one), "Compare clips of the same picture size."
        )
    if mask.shape != other.shape[:2]:
        raise ClipError(
            f"a mask of the truth's size, {_size(other)}", _size(mask), "Give the mask the output was made with."
        )
    if min(other.shape[:2]) < SSIM_WINDOW:
        raise ClipError(
            f"a picture of {SSIM_WINDOW} x {SSIM_WINDOW} pixels or more", _size(other), "Compare larger clips."
        )


def _size(picture: np.ndarray) -> str:
    return f"{picture.shape[1]} x {picture.shape[0]}"


def _decibel(mean_square: float | None) -> float | None:
    """PSNR for samples of 0..255; inf for no error at all."""
    if mean_square is None:
        return None
    return 10 * math.log10(255**2 / mean_square) if mean_square else math.inf


def _grey(frame: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)


def _warped(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """The following frame's picture, drawn back to where the flow (H, W, 2) started; float32, bilinear."""
    height, width = flow.shape[:2]
    x = np.arange(width, dtype=np.float32) + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    return cv2.remap(picture.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
