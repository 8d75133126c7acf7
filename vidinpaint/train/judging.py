"""How well fillers paint photos that they have never seen, side by side: the figures of a model card."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vidinpaint.evaluation import similarity_map
from vidinpaint.fillers.interface import ImageInpainter, inpaint_array
from vidinpaint.train.data.masks import irregular
from vidinpaint.train.data.photos import Photos

SHARES = (0.1, 0.4)
GREY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class Judged:
    """Means over photos, under the hole alone: L1 and SSIM of grey in [0, 1], PSNR in dB."""

    l1: float
    psnr: float
    ssim: float


def judged(fillers: Mapping[str, ImageInpainter], photos: Photos, count: int, size: int) -> dict[str, Judged]:
    """Every filler on the middles of the first photos, size x size, with irregular strokes over 10 to 40 % of each."""
    found: dict[str, list[Judged]] = {name: [] for name in fillers}
    for number in range(min(count, len(photos.paths))):
        truth = photos.middle(number, size, size)
        hole = irregular(np.random.default_rng(number), size, size, SHARES)
        for name, filler in fillers.items():
            found[name].append(_judged(inpaint_array(filler, truth, hole), truth, hole))
    return {name: _mean(rows) for name, rows in found.items()}


def _judged(painted: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> Judged:
    error = (painted - truth)[hole].astype(np.float64)
    similar = similarity_map(*(np.rint(picture @ GREY * 255) for picture in (painted, truth)))
    loudness = -10 * np.log10(max(1e-10, float((error**2).mean())))
    return Judged(float(np.abs(error).mean()), loudness, float(similar[hole].mean()))


def _mean(rows: list[Judged]) -> Judged:
    return Judged(*(float(np.mean([getattr(row, key) for row in rows])) for key in ("l1", "psnr", "ssim")))
