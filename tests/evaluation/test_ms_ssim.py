"""MS-SSIM against piq, an independent implementation, and its order of damages."""

import numpy as np
import piq
import pytest
import torch

from tests.evaluation.images import grey, texture, worse
from vidinpaint.evaluation.ms_ssim import SMALLEST, WEIGHTS, multi_scale_similarity
from vidinpaint.evaluation.ssim import similarity_parts


def by_piq(first: np.ndarray, second: np.ndarray) -> float:
    tensors = [torch.from_numpy(image)[None, None].double() for image in (first, second)]
    return float(piq.multi_scale_ssim(*tensors, data_range=255))


@pytest.mark.parametrize(("size", "tolerance"), [((176, 208), 1e-6), ((181, 235), 3e-3)])
def test_equals_piq(size: tuple[int, int], tolerance: float) -> None:
    """Exactly where all scales have even sizes; at an odd border, piq repeats the first row and not the last."""
    image = texture(3, *size)
    first, second = grey(image), grey(worse(image))
    expected = by_piq(first, second)
    assert 0.5 < expected < 0.99
    assert multi_scale_similarity(first, second) == pytest.approx(expected, abs=tolerance)


def test_flat_images_by_hand() -> None:
    """Without structure only the luminance of the coarsest scale differs."""
    first, second = np.full((170, 170), 100.0), np.full((170, 170), 140.0)
    luminance = similarity_parts(first[:20, :20], second[:20, :20])[0].mean()
    assert multi_scale_similarity(first, second) == pytest.approx(luminance ** WEIGHTS[-1], abs=1e-9)


def test_of_the_smallest_size() -> None:
    image = grey(texture(4, SMALLEST, SMALLEST))
    assert multi_scale_similarity(image, image) == pytest.approx(1)
    assert np.isfinite(multi_scale_similarity(image, 255 - image))


def test_more_damage_is_less_similar() -> None:
    image = texture(5, 176, 176)
    values = [multi_scale_similarity(grey(image), grey(worse(image, noise=noise))) for noise in (5, 20, 60)]
    assert values == sorted(values, reverse=True)
