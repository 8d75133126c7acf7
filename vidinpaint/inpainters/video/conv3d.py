"""3D gated convolutions: a network inpaints a window of frames together, so that synthesised pixels are stable in time.

Long clips are inpainted in windows that overlap and are blended over time. Frames with a side longer than `largest` are
downscaled for the network; only the difference from the smooth start is enlarged, so that known pixels do not change
and the border of the mask shows no step. The network sees a few frames before and after and a few pixels of motion;
pixels that move far are better propagated along the optical flow first.

When to use: small masks in clips with little motion. Cost: one run of the network per window; memory grows with
`window` times `largest`^2. Source: Chang et al. 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal
PatchGAN.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.errors import SettingError
from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import VideoInpainter
from vidinpaint.inpainters.learned.interface import MIN_MARGIN
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.weights.catalogue import Learned, Weights, find, own_weights
from vidinpaint.weights.running import deterministic, device_named, loaded_network, require_torch, unavailable_reason


@dataclass(frozen=True)
class Conv3d(VideoInpainter, Learned):
    """Learned: 3D gated convolutions over windows of frames (Chang 2019), for little motion."""

    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the first installed.")
    device: str = setting("auto", "Device of the network: auto, cpu, cuda, cuda:1 ...")
    largest: int = setting(256, "Largest side of the network's input.", low=64, high=4096, unit="pixels")
    window: int = setting(16, "Frames that are inpainted together.", low=1, high=256, unit="frames")
    overlap: int = setting(
        6,
        "Frames that a window shares with the one before; at most half of the window.",
        low=0,
        high=128,
        unit="frames",
    )

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("conv3d", "our small network: photos that move, and clips"),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.overlap > self.window // 2:
            expected = f"conv3d.overlap from 0 to {self.window // 2} frames, half of the window"
            raise SettingError(expected, str(self.overlap), "Use a value in this range.")

    def unavailable_reason(self) -> str:
        """See `VideoInpainter`."""
        return unavailable_reason(self._path)

    def margin(self, height: int, width: int) -> int:
        return max(MIN_MARGIN, min(height, width))

    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """See `VideoInpainter`."""
        require_torch()
        small, covered = _downscaled(self.largest, frames, masks)
        inpainted = np.zeros_like(small)
        for span, weight in windows(len(small), self.window, self.overlap):
            inpainted[span] += weight * self._inpainted(small[span], covered[span])
            report_progress(span.stop / len(small))
        return inpainted if small is frames else _enlarged(inpainted - small, covered, frames, masks)

    def _inpainted(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """One window inpainted by the network, float32 (T, H, W, 3) in [0, 1]."""
        import torch

        device = device_named(self.device)
        network = loaded_network(self._path(), ("gated_generator3d",), device)
        height, width = masks.shape[1:]
        margins = [(0, 0), *((0, -side % network.multiple) for side in (height, width))]
        padded = np.pad(frames, [*margins, (0, 0)], mode="symmetric").transpose(3, 0, 1, 2)
        padded_masks = np.pad(masks, margins, mode="symmetric").astype(np.float32)
        with deterministic():
            window = torch.from_numpy(padded * np.float32(2) - np.float32(1))[None].to(device)
            mask = torch.from_numpy(padded_masks)[None, None].to(device)
            inpainted = network(window, mask)[0, :, :, :height, :width].float().cpu().numpy()
        return np.asarray(np.clip((inpainted.transpose(1, 2, 3, 0) + 1) / 2, 0, 1))

    def _path(self) -> Path:
        return find("conv3d", self.weights, self.known_weights)


def windows(count: int, window: int, overlap: int) -> list[tuple[slice, np.ndarray]]:
    """Overlapping windows of count frames, each with its weights (T, 1, 1, 1); the last one may overlap more.

    The weights fade over the overlap, so that windows are blended, and sum to 1 in each frame.
    """
    stops = [*range(window, count, window - overlap), count]
    spans = [slice(max(0, stop - window), stop) for stop in stops]
    weights = np.zeros((len(spans), count, 1, 1, 1), np.float32)
    for weight, span in zip(weights, spans):
        position = np.arange(span.stop - span.start, dtype=np.float32)
        weight[span, 0, 0, 0] = np.minimum(position + 1, position[::-1] + 1)
    weights /= weights.sum(0)
    return [(span, weight[span]) for span, weight in zip(spans, weights)]


def _downscaled(max_side: int, frames: np.ndarray, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames and masks, unchanged or downscaled; from the smooth start, so that no masked pixel has an influence."""
    height, width = masks.shape[1:]
    scale = max_side / max(height, width)
    if scale >= 1:
        return frames, masks
    size = max(1, round(width * scale)), max(1, round(height * scale))
    start = smooth_interpolation(frames, masks)
    small = np.stack([cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in start])
    coverage = np.stack([cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) for mask in masks])
    threshold = 0 if (coverage == 0).any() else 0.5  # 0.5 for masks so dense that no pixel would be known
    return small, coverage > threshold


def _enlarged(added: np.ndarray, covered: np.ndarray, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """The smooth start of the frames plus the enlarged difference that the network added to the downscaled ones."""
    size = frames.shape[2], frames.shape[1]
    added = np.where(covered[..., None], added, np.float32(0))
    result: np.ndarray = smooth_interpolation(frames, masks)
    for frame, difference in zip(result, added):
        frame += cv2.resize(difference, size, interpolation=cv2.INTER_CUBIC)
    return result
