"""Examples for networks that inpaint images: truth, mask, start and colours."""

import numpy as np
import pytest

from tests.training.drawn import draw_photos
from vidinpaint.inpainters.learned.start import smooth_start
from vidinpaint.training.data.colour import recoloured
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.pictures import MASK_COVERAGE, examples, held_out


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Photos:
    return Photos(draw_photos(tmp_path_factory.mktemp("photos")))


def test_examples_have_the_start_of_inpainters(photos: Photos) -> None:
    example = examples(np.random.default_rng(0), photos, 3, 40, ["box", "irregular"], 0.2)
    assert example.truth.shape == example.start.shape == (3, 40, 40, 3)
    for truth, mask, start in zip(example.truth, example.mask, example.start):
        assert np.array_equal(start[~mask], truth[~mask])
        assert np.array_equal(start, smooth_start(truth, mask))  # as in inpainters
    tensors = example.tensors()
    assert tensors["truth"].shape == (3, 3, 40, 40)
    assert tensors["mask"].shape == (3, 1, 40, 40)
    assert np.allclose(tensors["start"][1, 2].numpy(), example.start[1, ..., 2] * 2 - 1)
    assert np.array_equal(tensors["mask"][2, 0].numpy() == 1, example.mask[2])


def test_held_out_examples_are_the_same_at_each_call(photos: Photos) -> None:
    first, again = held_out(photos, 4, 48), held_out(photos, 4, 48)
    assert np.array_equal(first.truth, again.truth)
    assert np.array_equal(first.mask, again.mask)
    assert (first.mask.mean((1, 2)) >= MASK_COVERAGE[0]).all()
    assert (first.mask.mean((1, 2)) < MASK_COVERAGE[1]).all()


def test_recolouring_keeps_the_image_recognisable(photos: Photos) -> None:
    picture = photos.centre(0, 32, 32)
    assert recoloured(np.random.default_rng(0), picture, 0.0) is picture
    other = recoloured(np.random.default_rng(0), picture, 0.3)
    assert other.dtype == np.float32
    assert 0 <= other.min() <= other.max() <= 1
    assert 0.01 < np.abs(other - picture).mean() < 0.4
    assert np.corrcoef(other.ravel(), picture.ravel())[0, 1] > 0.8
