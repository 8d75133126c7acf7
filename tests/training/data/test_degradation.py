"""Degradation of whole images: the mask follows the image, and known and inpainted pixels are treated alike."""

import numpy as np

from vidinpaint.training.data.degradation import degraded, smallest_side

SIDE = smallest_side(64)


def test_the_mask_stays_on_what_it_marks() -> None:
    for seed in range(20):
        image = np.zeros((SIDE, SIDE, 3), np.uint8)
        image[20:50, 24:60] = 255
        mask = (image[..., 0] > 0).astype(np.float32)
        found, moved = degraded(np.random.default_rng(seed), image, mask, 64)
        assert found.shape == (64, 64, 3)
        assert found.dtype == np.uint8
        assert moved.shape == (64, 64)
        assert 0 <= moved.min() <= moved.max() <= 1
        bright = found.mean(-1) > 127
        assert (bright == (moved > 0.5)).mean() > 0.97


def test_each_kind_occurs_and_the_generator_determines_all() -> None:
    image = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
    mask = np.zeros((SIDE, SIDE), np.float32)
    results = [degraded(np.random.default_rng(seed), image, mask, 64)[0] for seed in range(30)]
    again = [degraded(np.random.default_rng(seed), image, mask, 64)[0] for seed in range(30)]
    assert all(np.array_equal(a, b) for a, b in zip(results, again))
    parts = {image[y : y + 64, x : x + 64].tobytes() for y in range(SIDE - 63) for x in range(SIDE - 63)}
    unchanged = [result.tobytes() in parts for result in results]
    assert 1 <= sum(unchanged) <= 20
