"""Metrics of inpainters on held-out photos, for the table of a model card."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vidinpaint.evaluation.perceptual.deep_feature_distance import DeepFeatureDistance
from vidinpaint.evaluation.ssim import similarity_map
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.training.data.masks import irregular
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.pictures import MASK_COVERAGE

GREY_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class HeldOutMetrics:
    """Means over photos, under the mask only: L1 in [0, 1], PSNR in dB, SSIM of grey values, deep feature distance."""

    l1: float
    psnr: float
    ssim: float
    deep: float


def held_out_metrics(
    inpainters: Mapping[str, ImageInpainter], photos: Photos, count: int, size: int
) -> dict[str, HeldOutMetrics]:
    """Metrics of each inpainter on the centres, size x size, of the first photos, masked by 10 to 40 %.

    Raises WeightsError without the extra `perceptual`.
    """
    deep = DeepFeatureDistance()
    metrics: dict[str, list[HeldOutMetrics]] = {name: [] for name in inpainters}
    for number in range(min(count, len(photos.paths))):
        truth = photos.centre(number, size, size)
        mask = irregular(np.random.default_rng(number), size, size, MASK_COVERAGE)
        for name, inpainter in inpainters.items():
            metrics[name].append(_metrics(inpaint_array(inpainter, truth, mask), truth, mask, deep))
    return {name: _mean(rows) for name, rows in metrics.items()}


def _metrics(inpainted: np.ndarray, truth: np.ndarray, mask: np.ndarray, deep: DeepFeatureDistance) -> HeldOutMetrics:
    error = (inpainted - truth)[mask].astype(np.float64)
    similarity = similarity_map(*(np.rint(image @ GREY_WEIGHTS * 255) for image in (inpainted, truth)))
    psnr = -10 * np.log10(max(1e-10, float((error**2).mean())))
    output, expected = (np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8) for image in (inpainted, truth))
    distance = deep.distance(output, expected, mask)
    return HeldOutMetrics(float(np.abs(error).mean()), psnr, float(similarity[mask].mean()), distance)


def _mean(rows: list[HeldOutMetrics]) -> HeldOutMetrics:
    return HeldOutMetrics(
        *(float(np.mean([getattr(row, key) for row in rows])) for key in ("l1", "psnr", "ssim", "deep"))
    )
