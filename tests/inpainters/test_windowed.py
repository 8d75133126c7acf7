"""`WindowInpainter`: exact search, coarse to fine, and the fallback where little is known."""

import logging

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.inpainters.exemplar import windowed
from vidinpaint.inpainters.exemplar.criminisi import Criminisi
from vidinpaint.inpainters.exemplar.detail import copied, enlarged_sources, mixed
from vidinpaint.inpainters.exemplar.efros_leung import EfrosLeung
from vidinpaint.inpainters.exemplar.exhaustive import PartialImage, Windows
from vidinpaint.inpainters.exemplar.patch_search import PatchSearch
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic

INPAINTERS = [Criminisi(), EfrosLeung(), PatchSearch()]


def box_mask(height: int, width: int, y: int, x: int, side: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[y : y + side, x : x + side] = True
    return mask


@pytest.mark.parametrize("distance_penalty", [0, 5, 400])
def test_a_match_is_the_best_of_all_windows(distance_penalty: int) -> None:
    image, mask = texture(40, 150, seed=1), box_mask(40, 150, 15, 70, 9)
    picture = PartialImage.of(image, mask, 3, Windows.of(3))
    levels = np.rint(image * 255).astype(int)
    for y, x in ((15, 74), (23, 78), (19, 70)):
        known = ~mask[y - 3 : y + 4, x - 3 : x + 4]
        target = levels[y - 3 : y + 4, x - 3 : x + 4][known]
        best = min(
            (((levels[v - 3 : v + 4, u - 3 : u + 4][known] - target) ** 2).sum() / known.sum()
             + distance_penalty * (abs(v - y) + abs(u - x)), v, u)
            for v, u in np.argwhere(picture.clean).tolist()
        )  # fmt: skip
        assert picture.match(y, x, distance_penalty=distance_penalty) == best[1:]


def test_sources_keep_their_offsets_at_twice_the_size() -> None:
    coarse = np.full((20, 24), -1, np.int32)
    coarse[5:10, 5:10] = (np.arange(5, 10)[:, None] + 7) * 24 + np.arange(5, 10) + 9
    mask = box_mask(40, 47, 9, 9, 12)  # larger than the coarse sources, and other pixels are known
    source = enlarged_sources(coarse, mask)
    y, x = np.nonzero(mask)
    assert np.array_equal(source[mask], (y + 14) * 47 + x + 18)
    assert (source[~mask] == -1).all()


def test_sources_that_would_be_unknown_are_replaced() -> None:
    mask = box_mask(30, 30, 5, 5, 20)
    for coarse in (np.full((15, 15), -1, np.int32), np.arange(225, dtype=np.int32).reshape(15, 15)):
        source = enlarged_sources(coarse, mask)
        assert not mask.flat[source[mask]].any()


def test_mixing_changes_nothing_inside_a_region_copied_as_a_whole() -> None:
    image, mask = texture(40, 60), box_mask(40, 60, 10, 5, 14)
    y, x = np.indices(mask.shape)
    source = np.where(mask, y * 60 + x + 25 + 10 * (x > 12), -1).astype(np.int32)
    exact, soft = copied(image, source), mixed(image, source, radius=3)
    assert np.allclose(exact[:, 5:9], soft[:, 5:9], atol=1e-6)
    assert np.allclose(exact[:, 17:19], soft[:, 17:19], atol=1e-6)
    assert not np.allclose(exact[mask], soft[mask], atol=1e-2)


@pytest.mark.parametrize("inpainter", INPAINTERS, ids=lambda inpainter: type(inpainter).__name__)
def test_large_masks_are_inpainted_coarse_to_fine_and_stay_sharp(
    inpainter: ImageInpainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, mask = texture(140, 160, seed=4), box_mask(140, 160, 40, 50, 60)
    monkeypatch.setattr(windowed, "MAX_COMPARISONS", 1e5)  # two sizes down
    result = inpaint_array(inpainter, image, mask)
    rough, truth = (np.abs(np.diff(picture[40:100, 50:110], axis=1)).mean() for picture in (result, image))
    assert rough > 0.6 * truth
    smooth = inpaint_array(Harmonic(), image, mask)
    assert np.abs(result - smooth)[40].mean() < 0.25  # next to the border it continues the image


@pytest.mark.parametrize("inpainter", INPAINTERS, ids=lambda inpainter: type(inpainter).__name__)
def test_falls_back_where_no_clean_window_is_left(inpainter: ImageInpainter, caplog: pytest.LogCaptureFixture) -> None:
    image = texture(40, 40)
    lines = np.zeros((40, 40), bool)
    lines[::2] = True
    with caplog.at_level(logging.INFO):
        result = inpaint_array(inpainter, image, lines)
    assert "inpainted by harmonic" in caplog.text
    assert np.array_equal(result, inpaint_array(Harmonic(), image, lines))
    lines[:] = False
    lines[::5] = True
    with caplog.at_level(logging.INFO):
        inpaint_array(inpainter, image, lines)
    assert "radius 1 instead of" in caplog.text
