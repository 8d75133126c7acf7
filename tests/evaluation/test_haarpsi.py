"""HaarPSI against piq, an independent implementation, and what a mask changes."""

import numpy as np
import piq
import pytest
import torch

from tests.evaluation.images import texture, worse
from vidinpaint.evaluation.haarpsi import SMALLEST, haar_similarity


def by_piq(first: np.ndarray, second: np.ndarray) -> float:
    tensors = [torch.from_numpy(image).permute(2, 0, 1)[None].double() for image in (first, second)]
    return float(piq.haarpsi(*tensors, data_range=255))


@pytest.mark.parametrize("size", [(96, 128), (97, 128), (63, 85)])
def test_equals_piq(size: tuple[int, int]) -> None:
    """Within 1e-4: piq's colour matrix has a digit more than the authors'."""
    image = texture(2, *size)
    other = worse(image)
    expected = by_piq(image, other)
    assert 0.2 < expected < 0.9
    assert haar_similarity(image, other) == pytest.approx(expected, abs=1e-4)


def test_identical_images() -> None:
    image = texture(1, SMALLEST, SMALLEST)
    assert haar_similarity(image, image) == pytest.approx(1)
    black = np.zeros((32, 32, 3), np.uint8)
    assert haar_similarity(black, black) == 1


def test_only_masked_pixels_count() -> None:
    image = texture(6, 96, 128)
    mask = np.zeros((96, 128), bool)
    mask[30:60, 40:90] = True
    inside, outside = (np.where(where[..., None], worse(image), image) for where in (mask, ~mask))
    whole = haar_similarity(inside, image)
    assert haar_similarity(inside, image, mask) < whole < haar_similarity(inside, image, ~mask)
    assert haar_similarity(outside, image, mask) > haar_similarity(outside, image)
    assert haar_similarity(inside, image, np.ones_like(mask)) == pytest.approx(whole)


def test_more_damage_is_less_similar() -> None:
    image = texture(7, 96, 96)
    values = [haar_similarity(worse(image, noise=noise), image) for noise in (5, 20, 60)]
    assert values == sorted(values, reverse=True)
