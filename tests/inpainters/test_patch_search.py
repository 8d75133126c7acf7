"""The exhaustive patch search, compared with an implementation of its definition."""

import numpy as np
import pytest

from tests.scenes import psnr, texture
from vidinpaint.core.errors import SettingError
from vidinpaint.inpainters.exemplar.patch_search import PatchSearch, inpainting_order
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic

MASKS = {
    "middle": (slice(9, 19), slice(10, 23)),
    "corner": (slice(0, 7), slice(26, None)),
    "whole height": (slice(None), slice(3, 8)),
    "deep": (slice(2, 30), slice(2, 24)),
}


def by_brute_force(image: np.ndarray, mask: np.ndarray, size: int, search_area: int) -> np.ndarray:
    """Patch by patch; image in whole 8-bit levels."""
    radius = size // 2
    height, width = mask.shape
    levels = np.rint(image * 255).astype(int)
    known = ~mask
    result = image.copy()
    clean = [
        (v, u)
        for v in range(radius, height - radius)
        for u in range(radius, width - radius)
        if not mask[v - radius : v + radius + 1, u - radius : u + radius + 1].any()
    ]
    far = [np.maximum(abs(y - np.nonzero(~mask)[0]), abs(x - np.nonzero(~mask)[1])).min() for y, x in np.argwhere(mask)]
    for _, y, x in sorted((layer, *place) for layer, place in zip(far, np.argwhere(mask).tolist())):
        if known[y, x]:
            continue
        down, across = (
            np.arange(max(0, y - radius), min(height, y + radius + 1)),
            np.arange(max(0, x - radius), min(width, x + radius + 1)),
        )
        region = known[np.ix_(down, across)]
        candidates, area = [], search_area
        while not candidates:
            candidates = [(v, u) for v, u in clean if abs(v - y) <= area and abs(u - x) <= area]
            area *= 2
        best = None
        for v, u in candidates:
            difference = levels[np.ix_(down, across)] - levels[np.ix_(down + v - y, across + u - x)]
            distance = (difference[region] ** 2).sum() / region.sum()
            if best is None or distance < best[0]:
                best = distance, v, u
        assert best is not None
        for j in down:
            for i in across:
                if not known[j, i]:
                    result[j, i] = image[j + best[1] - y, i + best[2] - x]
                    levels[j, i] = levels[j + best[1] - y, i + best[2] - x]
                    known[j, i] = True
    return result


@pytest.mark.parametrize("where", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize(("size", "area", "steps"), [(5, 200, 255), (3, 6, 255), (7, 12, 4)])
def test_equals_brute_force(where: tuple[slice, slice], size: int, area: int, steps: int) -> None:
    # few grey levels give many equal distances: the first in reading order is taken
    image = (np.rint(texture(33, 36, seed=size) * steps) * (255 // steps) / 255).astype(np.float32)
    mask = np.zeros((33, 36), bool)
    mask[where] = True
    image[mask] = 0
    result = PatchSearch(patch_size=size, search_area=area).inpaint(image, mask)
    assert np.array_equal(result, by_brute_force(image, mask, size, area))


def test_order_is_from_the_border_inwards() -> None:
    mask = np.zeros((8, 8), bool)
    mask[1:6, 2:6] = True
    positions = inpainting_order(mask).tolist()
    assert positions[:4] == [[1, 2], [1, 3], [1, 4], [1, 5]]
    assert positions[-6:] == [[2, 3], [2, 4], [3, 3], [3, 4], [4, 3], [4, 4]]


def test_a_regular_pattern_is_continued_exactly() -> None:
    y, x = np.mgrid[:60, :70]
    image = np.repeat((((y // 4 + x // 4) % 2) * 0.6 + 0.2).astype(np.float32)[..., None], 3, axis=2)
    mask = np.zeros((60, 70), bool)
    mask[20:38, 25:45] = True
    assert np.array_equal(inpaint_array(PatchSearch(), image, mask), image)
    assert psnr(inpaint_array(Harmonic(), image, mask), image, mask) < 15


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(SettingError, match="patch_size from 3 to 51 pixels, odd"):
        PatchSearch(patch_size=8)
    with pytest.raises(SettingError, match="patch_size from 3 to 51"):
        PatchSearch(patch_size=1)
    with pytest.raises(SettingError, match="search_area from 1"):
        PatchSearch(search_area=0)
