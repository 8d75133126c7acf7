"""PatchMatch and its parts."""

import logging

import numba
import numpy as np
import pytest

from tests.scenes import psnr, texture
from vidinpaint.inpainters.exemplar import matching
from vidinpaint.inpainters.exemplar.matching import CHANNELS, finer_matches, improve, prepare, random_matches
from vidinpaint.inpainters.exemplar.patchmatch import PatchMatch
from vidinpaint.inpainters.exemplar.pyramid import build_pyramid, clean_centres
from vidinpaint.inpainters.exemplar.texture import GAIN, with_texture
from vidinpaint.inpainters.exemplar.voting import relax, vote
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import Layer


def box_mask(height: int, width: int, y: int, x: int, side: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[y : y + side, x : x + side] = True
    return mask


def with_guess(height: int, width: int, mask: np.ndarray) -> np.ndarray:
    layer = Layer(with_texture(texture(height, width), mask), mask)
    return Harmonic().inpaint(layer.image, mask)


def by_brute_force(image: np.ndarray, mask: np.ndarray, radius: int, trust: float) -> np.ndarray:
    """The smallest distance of every patch, from the definition."""
    search = prepare(mask, radius, trust)
    levels = np.pad(np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8).astype(int), ((radius,) * 2,) * 2 + ((0, 0),))
    weight = search.weight[:, ::CHANNELS].astype(int)
    side = 2 * radius + 1
    windows = np.lib.stride_tricks.sliding_window_view(levels, (side, side), axis=(0, 1))
    weights = np.lib.stride_tricks.sliding_window_view(weight, (side, side))
    sources = windows[search.sources[:, 0], search.sources[:, 1]]
    best = []
    for y, x in zip(search.y, search.x):
        differences = ((sources - windows[y, x]) ** 2 * weights[y, x]).sum((1, 2, 3))
        best.append(differences.min() / (CHANNELS * weights[y, x].sum()))
    return np.array(best)


def test_matches_come_within_five_percent_of_exhaustive_search() -> None:
    mask = box_mask(40, 44, 14, 16, 9)
    image = with_guess(40, 44, mask)
    search = prepare(mask, 3, 0.5)
    matches, distances = improve(search, image, random_matches(search, 1), 16, 44, 1)
    best = by_brute_force(image, mask, 3, 0.5)
    assert (distances >= best - 1e-3).all()
    assert distances.mean() <= 1.05 * best.mean()
    assert search.clean[matches[:, 0], matches[:, 1]].all()


def test_a_scan_does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = box_mask(90, 90, 20, 20, 45)  # more patches than a piece holds
    image = with_guess(90, 90, mask)
    search = prepare(mask, 3, 0.5)
    assert len(search.y) > 3 * matching.PIECE
    several = improve(search, image, random_matches(search, 1), 3, 90, 1)
    numba.set_num_threads(1)
    try:
        one = improve(search, image, random_matches(search, 1), 3, 90, 1)
    finally:
        numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
    assert np.array_equal(several[0], one[0])
    assert np.array_equal(several[1], one[1])


def test_finer_matches_are_clean_and_keep_their_offsets() -> None:
    fine_mask = box_mask(80, 96, 30, 30, 20)
    coarse = prepare(fine_mask[::2, ::2], 3, 0.5)
    fine = prepare(fine_mask, 3, 0.5)
    matches = random_matches(coarse, 0)
    above = finer_matches(coarse, matches, fine, 0)
    assert fine.clean[above[:, 0], above[:, 1]].all()
    n = fine.entry[41, 40]
    assert tuple(above[n]) == tuple(2 * matches[coarse.entry[20, 20]] + (1, 0))


def test_votes_of_one_shift_copy_the_shifted_image() -> None:
    mask = box_mask(40, 60, 15, 10, 10)
    image = with_texture(texture(40, 60), mask)
    search = prepare(mask, 3, 0.5)
    matches = np.stack([search.y, search.x + 25], axis=1).astype(np.int32)
    votes = vote(search, image, mask, matches, np.zeros(len(search.y)), 1.0)
    assert np.allclose(votes.value[15:25, 10:20], image[15:25, 35:45], atol=1e-5)
    assert np.allclose(votes.across[15:25, 9:20], np.diff(image, axis=1)[15:25, 34:45], atol=1e-5)
    assert np.allclose(votes.down[14:25, 10:20], np.diff(image, axis=0)[14:25, 35:45], atol=1e-5)


def test_a_copy_from_another_light_adapts_to_its_surroundings() -> None:
    mask = box_mask(40, 60, 15, 10, 10)
    image = texture(40, 60) / 2
    image[:, 30:50] = image[:, 5:25]
    lit = with_texture(np.where((np.arange(60) < 30)[None, :, None], image + 0.2, image).astype(np.float32), mask)
    search = prepare(mask, 3, 0.5)
    matches = np.stack([search.y, search.x + 25], axis=1).astype(np.int32)
    guess = np.where(mask[..., None], 0, lit).astype(np.float32)
    for _ in range(20):
        guess = relax(guess, mask, vote(search, lit, mask, matches, np.zeros(len(search.y)), 1.0))
    difference = (guess - lit)[15:25, 10:20, :3]
    assert np.abs(difference).max() < 0.03  # the copy is 0.2 darker than its place


def test_pyramid_never_mixes_unknown_into_known_pixels() -> None:
    mask = box_mask(128, 150, 33, 41, 37)
    image = np.where(mask[..., None], 1e6, texture(128, 150)).astype(np.float32)
    layers = build_pyramid(image, mask, 3)
    assert len(layers) > 2
    for layer in layers:
        assert layer.image[~layer.mask].max() <= 1.001
        assert not layer.image[layer.mask].any()
        assert clean_centres(layer.mask, 3).any()


def test_roughness_by_hand() -> None:
    stripes = np.zeros((20, 20, 3), np.float32)
    stripes[:, ::2] = 0.1  # every step across is 0.1, none down
    mask = box_mask(20, 20, 8, 8, 4)
    rough = with_texture(stripes, mask)[..., 3]
    assert np.allclose(rough[~mask], GAIN * 0.1, atol=1e-5)
    assert not rough[mask].any()


def test_a_regular_pattern_is_continued() -> None:
    y, x = np.mgrid[:120, :160]
    checks = ((y // 6 + x // 6) % 2 * 0.6 + 0.2).astype(np.float32)
    image = np.repeat(checks[..., None], 3, axis=2)
    mask = box_mask(120, 160, 40, 60, 34)
    result = inpaint_array(PatchMatch(), image, mask)
    assert psnr(result, image, mask) > 25  # harmonic: 10


def test_rough_surfaces_stay_rough() -> None:
    image, mask = texture(140, 160, seed=4), box_mask(140, 160, 50, 60, 36)

    def roughness(picture: np.ndarray) -> float:
        return float(np.abs(np.diff(picture[50:86, 60:96], axis=1)).mean())

    assert roughness(inpaint_array(PatchMatch(), image, mask)) > 0.6 * roughness(image)
    assert roughness(inpaint_array(Harmonic(), image, mask)) < 0.3 * roughness(image)


def test_seeds_differ_and_repeat() -> None:
    image, mask = texture(80, 90), box_mask(80, 90, 30, 30, 20)
    first, again, other = (inpaint_array(PatchMatch(seed=seed), image, mask) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_falls_back_where_no_clean_patch_is_left(caplog: pytest.LogCaptureFixture) -> None:
    image = texture(40, 40)
    lines = np.zeros((40, 40), bool)
    lines[::2] = True
    with caplog.at_level(logging.INFO):
        result = inpaint_array(PatchMatch(), image, lines)
    assert "inpainted by harmonic" in caplog.text
    assert np.array_equal(result, inpaint_array(Harmonic(), image, lines))
    lines[:] = False
    lines[::5] = True
    with caplog.at_level(logging.INFO):
        inpaint_array(PatchMatch(), image, lines)
    assert "radius 1 instead of 3" in caplog.text


def test_a_mask_of_any_depth_is_inpainted() -> None:
    image = texture(420, 440)
    mask = box_mask(420, 440, 30, 30, 370)  # 185 pixels deep
    result = inpaint_array(PatchMatch(rounds=1), image, mask)
    assert result[mask].std() > 0.5 * image.std()


def test_a_guide_decides_where_the_image_is_ambiguous() -> None:
    """The known pixels say nothing about where the dark part ends; the guide does, and patches follow it."""
    image = texture(120, 120, seed=5) * 0.3 + np.float32(0.5)
    image[:, :60] -= np.float32(0.4)
    mask = np.zeros((120, 120), bool)
    mask[30:90, 30:90] = True
    guided = {}
    for edge in (45, 75):
        guide = np.full((60, 60, 3), 0.25, np.float32)
        guide[:, edge // 2 :] = 0.65
        cleared = np.where(mask[..., None], np.float32(0), image)
        guided[edge] = PatchMatch().inpaint_guided(cleared, mask, guide)[50:70, 48:72].mean()
    assert guided[45] > guided[75] + 0.08
