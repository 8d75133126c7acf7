"""Poisson blending: the source's gradients, the image's colours."""

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.numerics.blending import blended


def scene() -> tuple[np.ndarray, np.ndarray]:
    image, mask = texture(40, 50), np.zeros((40, 50), bool)
    mask[10:30, 12:34] = True
    mask[30:, 40:] = True  # at a corner of the picture, where nothing has to fit
    return image, mask


def test_a_source_that_is_wrong_by_a_constant_is_corrected() -> None:
    image, mask = scene()
    assert np.allclose(blended(image + np.float32([0.2, -0.1, 0.3]), image, mask), image, atol=1e-3)


def test_a_source_that_is_wrong_by_a_ramp_is_corrected() -> None:
    """A ramp solves Laplace's equation, where all borders are known."""
    image, mask = scene()
    mask[30:] = False
    ramp = np.linspace(0, 0.4, 50, dtype=np.float32)[None, :, None] + np.linspace(0.2, 0, 40)[:, None, None]
    assert np.allclose(blended((image + ramp).astype(np.float32), image, mask), image, atol=2e-3)


def test_details_are_kept_and_known_pixels_are_untouched() -> None:
    image, mask = scene()
    source = np.full_like(image, 0.5)
    source[20, 22] = 1
    result = blended(source, image, mask)
    assert np.array_equal(result[~mask], image[~mask])
    smooth = blended(np.full_like(image, 0.5), image, mask)
    assert np.allclose((result - smooth)[mask], (source - np.float32(0.5))[mask], atol=1e-5)


def test_masked_values_of_the_image_do_not_count() -> None:
    image, mask = scene()
    other = np.where(mask[..., None], np.float32(7), image)
    assert np.array_equal(blended(image * 0.5, other, mask), blended(image * 0.5, image, mask))


@pytest.mark.parametrize("covered", [True, False])
def test_a_full_mask_gives_the_source_and_an_empty_one_the_image(covered: bool) -> None:
    image, _ = scene()
    source = np.full_like(image, 0.5)
    assert np.array_equal(blended(source, image, np.full((40, 50), covered)), source if covered else image)
