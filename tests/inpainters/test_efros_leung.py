"""Efros and Leung's sampling, compared with an implementation of its definition."""

import numpy as np
import pytest

from tests.scenes import psnr, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.exemplar.efros_leung import EfrosLeung, inpainting_order
from vidinpaint.inpainters.interface import inpaint_array

MASKS = {
    "middle": (slice(8, 14), slice(9, 17)),
    "corner": (slice(0, 5), slice(22, None)),
    "whole height": (slice(None), slice(3, 6)),
}


def by_brute_force(image: np.ndarray, mask: np.ndarray, window: int, epsilon: float, seed: int) -> np.ndarray:
    """Pixel by pixel, window by window; image in whole 8-bit levels."""
    radius = window // 2
    height, width = mask.shape
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    bell = np.exp(-(y**2 + x**2) / (2 * (window / 6.4) ** 2))
    bell = np.floor(4096 * bell / bell.sum()).astype(int)
    levels = np.pad(np.rint(image * 255).astype(int), ((radius, radius), (radius, radius), (0, 0)))
    clean = [
        (v, u)
        for v in range(radius, height - radius)
        for u in range(radius, width - radius)
        if not mask[v - radius : v + radius + 1, u - radius : u + radius + 1].any()
    ]
    sources = np.stack([levels[v : v + window, u : u + window] for v, u in clean])
    draws = dict(zip(zip(*np.nonzero(mask)), np.random.default_rng(seed).random(mask.sum())))
    known = np.pad(~mask, radius)
    result = image.copy()
    while not known[radius : radius + height, radius : radius + width].all():
        ring = []
        for v, u in np.argwhere(~known[radius : radius + height, radius : radius + width]):
            if known[v + radius - 1 : v + radius + 2, u + radius - 1 : u + radius + 2].any():
                ring.append((-known[v : v + window, u : u + window].sum(), v, u))
        for _, v, u in sorted(ring):
            weight = bell * known[v : v + window, u : u + window]
            difference = (sources - levels[v : v + window, u : u + window]) ** 2
            distance = (difference.sum(3) * weight).sum((1, 2)) / weight.sum()
            accepted = np.flatnonzero(distance <= (1 + epsilon) * distance.min() * (1 + 1e-12))
            j, i = clean[accepted[int(draws[v, u] * len(accepted))]]
            result[v, u] = image[j, i]
            levels[v + radius, u + radius] = levels[j + radius, i + radius]
            known[v + radius, u + radius] = True
    return result


def in_levels(height: int, width: int, seed: int = 0) -> np.ndarray:
    return (np.rint(texture(height, width, seed) * 255) / 255).astype(np.float32)


@pytest.mark.parametrize("where", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize(("window", "epsilon", "seed"), [(5, 0.1, 0), (7, 0.5, 3), (9, 0.0, 1)])
def test_equals_brute_force_with_the_same_random_numbers(
    where: tuple[slice, slice], window: int, epsilon: float, seed: int
) -> None:
    image, mask = in_levels(25, 28, seed), np.zeros((25, 28), bool)
    mask[where] = True
    expected = by_brute_force(np.where(mask[..., None], 0, image), mask, window, epsilon, seed)
    result = EfrosLeung(window=window, epsilon=epsilon, seed=seed).inpaint(np.where(mask[..., None], 0, image), mask)
    assert np.array_equal(result, expected)


def test_coarse_levels_draw_among_many_candidates_as_brute_force_does() -> None:
    image = (np.rint(texture(25, 28) * 3) / 3).astype(np.float32)
    mask = np.zeros((25, 28), bool)
    mask[8:14, 9:17] = True
    image[mask] = 0
    first, second = (EfrosLeung(window=5, epsilon=0.4, seed=seed).inpaint(image, mask) for seed in (1, 2))
    assert np.array_equal(first, by_brute_force(image, mask, 5, 0.4, 1))
    assert not np.array_equal(first, second)


def test_order_is_ring_by_ring_and_most_known_neighbours_first() -> None:
    mask = np.zeros((9, 9), bool)
    mask[2:6, 2:6] = True
    mask[3, 2] = False  # a notch: the pixels next to it know most
    positions = [tuple(position) for position in inpainting_order(mask, radius=1).tolist()]
    assert sorted(positions) == sorted(zip(*np.nonzero(mask)))
    # of the eight around it: 6 at the corner above the notch, 5 at the other corners, 4 beside the notch ...
    assert positions[:2] == [(2, 2), (2, 5)]
    assert positions[-1] in {(4, 4), (3, 4)}
    turns = [min(y - 1, x - 1, 6 - y, 6 - x) for y, x in positions]
    assert turns[-2:] == [2, 2]


def test_a_regular_pattern_is_continued_exactly() -> None:
    y, x = np.mgrid[:60, :70]
    checks = ((y // 4 + x // 4) % 2 * 0.6 + 0.2).astype(np.float32)
    image = np.repeat(checks[..., None], 3, axis=2)
    mask = np.zeros((60, 70), bool)
    mask[20:38, 25:45] = True
    assert np.array_equal(inpaint_array(EfrosLeung(window=13), image, mask), image)


def test_inpaints_with_known_colours_only() -> None:
    image, mask = texture(50, 60), np.zeros((50, 60), bool)
    mask[15:30, 20:40] = True
    result = inpaint_array(EfrosLeung(), image, mask)
    known = {tuple(colour) for colour in image[~mask].tolist()}
    assert all(tuple(colour) in known for colour in result[mask].tolist())
    assert psnr(result, image, mask) > 12
    assert result[mask].std() > 0.7 * image[mask].std()


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(SettingError, match="window from 5 to 25 pixels, odd"):
        EfrosLeung(window=10)
    with pytest.raises(SettingError, match="window from 5 to 25"):
        EfrosLeung(window=27)
    with pytest.raises(SettingError, match="epsilon from 0 to 1"):
        EfrosLeung(epsilon=float("nan"))
    with pytest.raises(SettingError, match="seed from 0"):
        EfrosLeung(seed=-1)
