"""What the fillers that compare windows share: exact search, coarse to fine, and what happens where little is known."""

import logging

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.fillers.exemplar import windowed
from vidinpaint.fillers.exemplar.criminisi import Criminisi
from vidinpaint.fillers.exemplar.detail import copied, lifted, mixed
from vidinpaint.fillers.exemplar.efros_leung import EfrosLeung
from vidinpaint.fillers.exemplar.exhaustive import Unfinished, Windows
from vidinpaint.fillers.exemplar.patch_search import PatchSearch
from vidinpaint.fillers.interface import ImageInpainter, inpaint_array
from vidinpaint.fillers.pde.harmonic import Harmonic

FILLERS = [Criminisi(), EfrosLeung(), PatchSearch()]


def box_hole(height: int, width: int, y: int, x: int, side: int) -> np.ndarray:
    hole = np.zeros((height, width), bool)
    hole[y : y + side, x : x + side] = True
    return hole


@pytest.mark.parametrize("nearness", [0, 5, 400])
def test_a_match_is_the_best_of_all_windows(nearness: int) -> None:
    image, hole = texture(40, 150, seed=1), box_hole(40, 150, 15, 70, 9)
    picture = Unfinished.of(image, hole, 3, Windows.of(3))
    levels = np.rint(image * 255).astype(int)
    for y, x in ((15, 74), (23, 78), (19, 70)):
        known = ~hole[y - 3 : y + 4, x - 3 : x + 4]
        target = levels[y - 3 : y + 4, x - 3 : x + 4][known]
        best = min(
            (((levels[v - 3 : v + 4, u - 3 : u + 4][known] - target) ** 2).sum() / known.sum()
             + nearness * (abs(v - y) + abs(u - x)), v, u)
            for v, u in np.argwhere(picture.clean).tolist()
        )  # fmt: skip
        assert picture.match(y, x, nearness=nearness) == best[1:]


def test_sources_keep_their_offsets_at_twice_the_size() -> None:
    coarse = np.full((20, 24), -1, np.int32)
    coarse[5:10, 5:10] = (np.arange(5, 10)[:, None] + 7) * 24 + np.arange(5, 10) + 9
    hole = box_hole(40, 47, 9, 9, 12)  # larger than what is handed up, and another place is known that was not
    source = lifted(coarse, hole)
    y, x = np.nonzero(hole)
    assert np.array_equal(source[hole], (y + 14) * 47 + x + 18)
    assert (source[~hole] == -1).all()


def test_sources_that_would_be_unknown_are_replaced() -> None:
    hole = box_hole(30, 30, 5, 5, 20)
    for coarse in (np.full((15, 15), -1, np.int32), np.arange(225, dtype=np.int32).reshape(15, 15)):
        source = lifted(coarse, hole)
        assert not hole.flat[source[hole]].any()


def test_mixing_changes_nothing_inside_of_a_region_that_was_copied_as_a_whole() -> None:
    image, hole = texture(40, 60), box_hole(40, 60, 10, 5, 14)
    y, x = np.indices(hole.shape)
    source = np.where(hole, y * 60 + x + 25 + 10 * (x > 12), -1).astype(np.int32)
    exact, soft = copied(image, source), mixed(image, source, radius=3)
    assert np.allclose(exact[:, 5:9], soft[:, 5:9], atol=1e-6)
    assert np.allclose(exact[:, 17:19], soft[:, 17:19], atol=1e-6)
    assert not np.allclose(exact[hole], soft[hole], atol=1e-2)


@pytest.mark.parametrize("filler", FILLERS, ids=lambda filler: type(filler).__name__)
def test_large_holes_are_painted_coarse_to_fine_and_sharp(
    filler: ImageInpainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, hole = texture(140, 160, seed=4), box_hole(140, 160, 40, 50, 60)
    monkeypatch.setattr(windowed, "COMPARISONS", 1e5)  # two sizes down
    result = inpaint_array(filler, image, hole)
    rough, truth = (np.abs(np.diff(picture[40:100, 50:110], axis=1)).mean() for picture in (result, image))
    assert rough > 0.6 * truth
    smooth = inpaint_array(Harmonic(), image, hole)
    assert np.abs(result - smooth)[40].mean() < 0.25  # next to the border it goes on as the picture does


@pytest.mark.parametrize("filler", FILLERS, ids=lambda filler: type(filler).__name__)
def test_falls_back_where_no_clean_window_is_left(filler: ImageInpainter, caplog: pytest.LogCaptureFixture) -> None:
    image = texture(40, 40)
    lines = np.zeros((40, 40), bool)
    lines[::2] = True
    with caplog.at_level(logging.INFO):
        result = inpaint_array(filler, image, lines)
    assert "painted by harmonic" in caplog.text
    assert np.array_equal(result, inpaint_array(Harmonic(), image, lines))
    lines[:] = False
    lines[::5] = True
    with caplog.at_level(logging.INFO):
        inpaint_array(filler, image, lines)
    assert "radius 1 instead of" in caplog.text
