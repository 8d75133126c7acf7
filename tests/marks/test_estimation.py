import numpy as np
import pytest

from tests.marks.scene import blended, box, mark, moving, still
from vidinpaint.marks.estimation import Estimate, estimate
from vidinpaint.marks.template import Template
from vidinpaint.marks.unblending import unblend

ONE_SHOT = np.zeros(24, int)


def error(found: np.ndarray, expected: np.ndarray, where: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - expected)[..., where, :] ** 2)))


def from_moving(template: Template) -> Estimate:
    return estimate(blended(moving(), template), box(), ONE_SHOT)


@pytest.mark.parametrize("opacity", [0.3, 0.5, 0.75])
def test_the_opacity_of_a_white_mark_over_a_moving_background_is_found(opacity: float):
    template = mark(opacity)
    found = from_moving(template)
    inside = template.alpha > 0.99 * opacity
    assert np.abs(found.template.alpha - template.alpha)[inside].mean() < 0.03
    assert found.template.colour[inside].min() > 0.9


def test_two_layers_share_their_opacity():
    template = mark(0.5, rim=True)
    found = from_moving(template)
    assert len(found.layers) == 2
    assert abs(found.layers[0].opacity - found.layers[1].opacity) < 0.08
    assert found.layers[0].colour.mean() > 0.9
    assert found.layers[1].colour.mean() < 0.1


@pytest.mark.parametrize("rim", [False, True])
def test_unblending_with_the_estimate_restores_a_moving_background(rim: bool):
    template, background = mark(0.5, rim), moving()
    frames = blended(background, template)
    found = estimate(frames, box(), ONE_SHOT)
    restored, _ = unblend(frames, found.template, subsampled=False)
    assert error(restored, background, template.alpha > 0) < 0.15 * error(frames, background, template.alpha > 0)


@pytest.mark.parametrize("background", [moving(), still()])
def test_the_support_is_the_mark_and_little_more(background: np.ndarray):
    template = mark(0.5)
    support = estimate(blended(background, template), box(), ONE_SHOT).support
    visible = template.alpha > 0.05
    assert np.count_nonzero(support & visible) >= 0.99 * np.count_nonzero(visible)
    assert np.count_nonzero(support) < 2 * np.count_nonzero(visible)


def test_deviations_are_honest_over_a_still_background():
    template, background = mark(0.5), still()
    frames = blended(background, template)
    found = estimate(frames, box(), ONE_SHOT)
    restored, deviation = unblend(frames, found.template)
    inside = template.alpha > 0.49
    assert error(restored, background, inside) < 2 * np.sqrt(np.mean(deviation[:, inside] ** 2))


def test_a_still_background_is_trusted_less():
    template = mark(0.5)
    assert estimate(blended(still(), template), box(), ONE_SHOT).confidence < from_moving(template).confidence


@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_nothing_is_found_in_a_flat_clip(value: float):
    frames = np.full((4, *box().shape, 3), value, np.float32)
    found = estimate(frames, box(), np.zeros(4, int))
    assert not found.support.any()
    assert not found.template.alpha.any()
    assert found.confidence == 0


def test_one_frame_is_enough_for_a_support():
    template = mark(0.5)
    found = estimate(blended(moving(1), template), box(), np.zeros(1, int))
    assert found.support[template.alpha > 0.25].mean() > 0.95
