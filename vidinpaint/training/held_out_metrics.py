"""How well inpainters inpaint photos that they have never seen, side by side: the figures of a model card."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vidinpaint.evaluation.metrics import similarity_map
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.training.data.masks import irregular
from vidinpaint.training.data.photos import Photos

SHARES = (0.1, 0.4)
GREY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class HeldOutMetrics:
    """Means over photos, under the mask alone: L1 and SSIM of grey in [0, 1], PSNR in dB."""

    l1: float
    psnr: float
    ssim: float


def held_out_metrics(
    inpainters: Mapping[str, ImageInpainter], photos: Photos, count: int, size: int
) -> dict[str, HeldOutMetrics]:
    """Every inpainter on the middles of the first photos, size x size, with irregular strokes over 10 to 40 % of each."""
    found: dict[str, list[HeldOutMetrics]] = {name: [] for name in inpainters}
    for number in range(min(count, len(photos.paths))):
        truth = photos.middle(number, size, size)
        mask = irregular(np.random.default_rng(number), size, size, SHARES)
        for name, inpainter in inpainters.items():
            found[name].append(_judged(inpaint_array(inpainter, truth, mask), truth, mask))
    return {name: _mean(rows) for name, rows in found.items()}


def _judged(inpainted: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> HeldOutMetrics:
    error = (inpainted - truth)[mask].astype(np.float64)
    similar = similarity_map(*(np.rint(picture @ GREY * 255) for picture in (inpainted, truth)))
    loudness = -10 * np.log10(max(1e-10, float((error**2).mean())))
    return HeldOutMetrics(float(np.abs(error).mean()), loudness, float(similar[mask].mean()))


def _mean(rows: list[HeldOutMetrics]) -> HeldOutMetrics:
    return HeldOutMetrics(*(float(np.mean([getattr(row, key) for row in rows])) for key in ("l1", "psnr", "ssim")))
