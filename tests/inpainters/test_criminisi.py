"""Criminisi, Perez and Toyama's inpainting: its order, and the effect of the order."""

import numpy as np
import pytest

from tests.scenes import psnr, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.exemplar.criminisi import BASE, Criminisi, synthesise_in_order
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic


def box_mask(height: int, width: int, y: int, x: int, rows: int, columns: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[y : y + rows, x : x + columns] = True
    return mask


def gradient(grey: np.ndarray, known: np.ndarray, y: int, x: int) -> tuple[float, float]:
    """Mean of the differences with known neighbours, down and across."""
    both = []
    for dy, dx in ((1, 0), (0, 1)):
        differences = []
        for side in (-1, 1):
            v, u = y + side * dy, x + side * dx
            if known[y, x] and 0 <= v < len(grey) and 0 <= u < grey.shape[1] and known[v, u]:
                differences.append(side * (grey[v, u] - grey[y, x]))
        both.append(sum(differences) / max(1, len(differences)))
    return both[0], both[1]


def priorities(grey: np.ndarray, known: np.ndarray, confidence: np.ndarray, radius: int) -> np.ndarray:
    """The priorities of all pixels, from the definition; -1 outside of the front."""
    height, width = known.shape
    gradients = np.array([[gradient(grey, known, y, x) for x in range(width)] for y in range(height)])
    edge = np.pad(known, 1, mode="edge").astype(float)
    result = np.full(known.shape, -1.0)
    for y, x in np.argwhere(~known):
        if not (edge[y, x + 1] * (y > 0) or edge[y + 2, x + 1] * (y < height - 1)) and not (
            edge[y + 1, x] * (x > 0) or edge[y + 1, x + 2] * (x < width - 1)
        ):
            continue
        window = slice(max(0, y - radius), y + radius + 1), slice(max(0, x - radius), x + radius + 1)
        middle = max(1, radius // 2)
        inside = gradients[max(0, y - middle) : y + middle + 1, max(0, x - middle) : x + middle + 1].reshape(-1, 2)
        steepest = inside[(inside**2).sum(1).argmax()]
        around = edge[y : y + 3, x : x + 3]
        normal = np.array([(around[2] - around[0]) @ (1, 2, 1), (around[:, 2] - around[:, 0]) @ (1, 2, 1)])
        normal /= max(np.hypot(*normal), 1e-9)
        data = abs(steepest[0] * normal[1] - steepest[1] * normal[0])
        result[y, x] = confidence[window].mean() * (data + BASE)
    return result


@pytest.mark.parametrize(("at", "radius"), [((6, 7), 2), ((0, 0), 3), ((11, 14), 1)])
def test_the_order_follows_the_priority(at: tuple[int, int], radius: int) -> None:
    mask = box_mask(24, 27, *at, 13, 13)
    image = texture(24, 27, seed=3) * ~mask[..., None]
    source, centres = synthesise_in_order(image, mask, radius)
    levels = np.rint(image * 255).reshape(-1, 3)
    known, confidence = ~mask, (~mask).astype(float)
    for y, x in centres:
        grey = np.where(known, levels[np.where(mask, source, np.arange(mask.size).reshape(mask.shape))].mean(2), 0)
        priority = priorities(grey / 255, known, confidence, radius)
        assert priority[y, x] >= priority.max() - 1e-9
        window = slice(max(0, y - radius), y + radius + 1), slice(max(0, x - radius), x + radius + 1)
        confidence[window] = np.where(known[window], confidence[window], confidence[window].mean())
        known[window] = True
    assert known.all()
    assert not mask.flat[source[mask]].any()


def test_a_straight_edge_is_continued_before_flat_regions() -> None:
    image = np.full((50, 60, 3), 0.2, np.float32)
    image[27:] = 0.9
    mask = box_mask(50, 60, 15, 20, 20, 18)
    radius = 4
    source, centres = synthesise_in_order(image * ~mask[..., None], mask, radius)
    edge = [x for y, x in centres if abs(y - 26.5) <= radius]
    # from both sides, and joined in the middle, before anything else is touched
    assert centres[:6] == [(y, x) for y, x in centres if abs(y - 26.5) <= radius][:6]
    assert {column for x in edge[:6] for column in range(x - radius, x + radius + 1)} >= set(range(20, 38))
    assert len(centres) > 10
    assert np.array_equal(image.reshape(-1, 3)[source[mask]], image[mask])


def test_a_slanted_edge_continues() -> None:
    y, x = np.mgrid[:80, :90]
    image = np.where((y - 40 > 0.5 * (x - 45))[..., None], (0.9, 0.6, 0.3), (0.1, 0.2, 0.5)).astype(np.float32)
    mask = box_mask(80, 90, 28, 32, 24, 26)
    reached = psnr(inpaint_array(Criminisi(), image, mask), image, mask)
    assert reached > 20
    assert reached > psnr(inpaint_array(Harmonic(), image, mask), image, mask) + 3


def test_texture_stays_rough() -> None:
    image, mask = texture(90, 100, seed=4), box_mask(90, 100, 30, 30, 36, 36)
    result = inpaint_array(Criminisi(), image, mask)
    rough, truth = (np.abs(np.diff(picture[30:66, 30:66], axis=1)).mean() for picture in (result, image))
    assert rough > 0.6 * truth


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(SettingError, match="patch_size from 3 to 51 pixels, odd"):
        Criminisi(patch_size=10)
    with pytest.raises(SettingError, match="patch_size from 3 to 51"):
        Criminisi(patch_size=53)
