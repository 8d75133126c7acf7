"""`PixelMetrics`: what needs no weights and no other frame: PSNR, SSIM, MS-SSIM and HaarPSI."""

import math

import cv2
import numpy as np

from vidinpaint.evaluation import haarpsi, ms_ssim
from vidinpaint.evaluation.interface import too_small
from vidinpaint.evaluation.mean import Mean
from vidinpaint.evaluation.ssim import structural_similarity


class PixelMetrics:
    """Means over a clip; a `FrameMetric`."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._squared_error, self._squared_error_masked = Mean(), Mean()
        self._ssim, self._ms_ssim, self._haarpsi, self._haarpsi_masked = Mean(), Mean(), Mean(), Mean()

    def add(self, output: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> None:
        squares = (output.astype(np.float32) - truth) ** 2
        self._squared_error.add(squares)
        self._squared_error_masked.add(squares[mask])
        greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (output, truth)]
        self._ssim.add(structural_similarity(*greys))
        if not too_small(truth, ms_ssim.SMALLEST, "MS-SSIM", self.notes):
            self._ms_ssim.add(ms_ssim.multi_scale_similarity(*greys))
        if not too_small(truth, haarpsi.SMALLEST, "HaarPSI", self.notes):
            self._haarpsi.add(haarpsi.haar_similarity(output, truth))
            if mask.any():
                self._haarpsi_masked.add(haarpsi.haar_similarity(output, truth, mask))

    def values(self) -> dict[str, float | None]:
        return {
            "psnr": _decibel(self._squared_error.value),
            "psnr_masked": _decibel(self._squared_error_masked.value),
            "ssim": self._ssim.value,
            "ms_ssim": self._ms_ssim.value,
            "haarpsi": self._haarpsi.value,
            "haarpsi_masked": self._haarpsi_masked.value,
        }


def _decibel(mean_square: float | None) -> float | None:
    """PSNR for samples of 0..255; inf for no error at all."""
    if mean_square is None:
        return None
    return 10 * math.log10(255**2 / mean_square) if mean_square else math.inf
