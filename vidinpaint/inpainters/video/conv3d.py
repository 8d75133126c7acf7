"""Chang et al. 2019: 3D gated convolutions inpaint a window of frames together, so that what is synthesised holds
still.

Long clips are inpainted in windows that overlap and are blended over time. Frames longer than `largest` are made
smaller for the network; only the difference from the smooth start is enlarged again, so that known pixels stay and the
mask's border has no step. The network sees a few frames before and after, and a few pixels of motion: pixels that move
far are propagated better by `propagate`. Cost: one run of the network for each window, memory grows with `window` times
`largest`^2.

Source: Chang et al. 2019, Free-form Video Inpainting with 3D Gated Convolution and Temporal PatchGAN.
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
from vidinpaint.inpainters.learned.interface import AROUND
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.weights.catalogue import Learned, Weights, find, own_weights
from vidinpaint.weights.running import deterministic, device_named, loaded_network, require_torch, unavailable_reason


@dataclass(frozen=True)
class Conv3d(VideoInpainter, Learned):
    """Learned: 3D gated convolutions over windows of frames (Chang 2019)."""

    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the first that is installed.")
    device: str = setting("auto", "auto, cpu, cuda, cuda:1 ...")
    largest: int = setting(256, "Longest side that the network is given.", low=64, high=4096, unit="pixels")
    window: int = setting(16, "Frames that are inpainted together.", low=1, high=256, unit="frames")
    overlap: int = setting(
        6, "Frames that a window shares with the one before; at most half of them.", low=0, high=128, unit="frames"
    )

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("conv3d", "our small network: photos that move, and clips"),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.overlap > self.window // 2:
            expected = f"conv3d.overlap from 0 to {self.window // 2} frames, half of the window"
            raise SettingError(expected, str(self.overlap), "Choose another value.")

    def unavailable_reason(self) -> str:
        """See `VideoInpainter`."""
        return unavailable_reason(self._path)

    def margin(self, height: int, width: int) -> int:
        return max(AROUND, min(height, width))

    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """See `VideoInpainter`."""
        require_torch()
        small, covered = _within(self.largest, frames, masks)
        inpainted = np.zeros_like(small)
        for span, share in windows(len(small), self.window, self.overlap):
            inpainted[span] += share * self._inpainted(small[span], covered[span])
            report_progress(span.stop / len(small))
        return inpainted if small is frames else _enlarged(inpainted - small, covered, frames, masks)

    def _inpainted(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """One window, float32 (T, H, W, 3) in [0, 1]."""
        import torch

        device = device_named(self.device)
        network = loaded_network(self._path(), ("gated_generator3d",), device)
        height, width = masks.shape[1:]
        more = [(0, 0), *((0, -side % network.multiple) for side in (height, width))]
        shown = np.pad(frames, [*more, (0, 0)], mode="symmetric").transpose(3, 0, 1, 2) * np.float32(2) - np.float32(1)
        where = np.pad(masks, more, mode="symmetric").astype(np.float32)
        with deterministic():
            window, mask = torch.from_numpy(shown)[None].to(device), torch.from_numpy(where)[None, None].to(device)
            inpainted = network(window, mask)[0, :, :, :height, :width].float().cpu().numpy()
        return np.asarray(np.clip((inpainted.transpose(1, 2, 3, 0) + 1) / 2, 0, 1))

    def _path(self) -> Path:
        return find("conv3d", self.weights, self.known_weights)


def windows(count: int, window: int, overlap: int) -> list[tuple[slice, np.ndarray]]:
    """Frames of windows that overlap, and the share (T, 1, 1, 1) that each has in them; the last one may overlap more.

    Shares fade over the overlap, so that no frame changes from one window to another at once, and sum to 1.
    """
    stops = [*range(window, count, window - overlap), count]
    spans = [slice(max(0, stop - window), stop) for stop in stops]
    shares = np.zeros((len(spans), count, 1, 1, 1), np.float32)
    for share, span in zip(shares, spans):
        place = np.arange(span.stop - span.start, dtype=np.float32)
        share[span, 0, 0, 0] = np.minimum(place + 1, place[::-1] + 1)
    shares /= shares.sum(0)
    return [(span, share[span]) for span, share in zip(spans, shares)]


def _within(largest: int, frames: np.ndarray, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames and masks as they are, or smaller ones, with their smooth start: no mask bleeds into what is known."""
    height, width = masks.shape[1:]
    scale = largest / max(height, width)
    if scale >= 1:
        return frames, masks
    size = max(1, round(width * scale)), max(1, round(height * scale))
    started = smooth_interpolation(frames, masks)
    small = np.stack([cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in started])
    shares = np.stack([cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) for mask in masks])
    return small, shares > (0 if (shares == 0).any() else 0.5)  # 0.5: masks so dense that nothing would be known


def _enlarged(added: np.ndarray, covered: np.ndarray, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """The smooth start of frames, and on it what was added to that of the smaller ones."""
    size = frames.shape[2], frames.shape[1]
    added = np.where(covered[..., None], added, np.float32(0))
    result: np.ndarray = smooth_interpolation(frames, masks)
    for frame, one in zip(result, added):
        frame += cv2.resize(one, size, interpolation=cv2.INTER_CUBIC)
    return result
