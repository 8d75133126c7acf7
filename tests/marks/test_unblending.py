import numpy as np
import pytest

from tests.marks.scene import blended, mark, moving
from vidinpaint.marks.template import Template
from vidinpaint.marks.unblending import NOISE, unblend


def test_the_blend_is_undone_exactly():
    template, background = mark(0.5), moving(3)
    alpha = template.alpha[..., None]
    frames = (1 - alpha) * background + alpha * template.colour
    restored, _ = unblend(frames, template, subsampled=False)
    assert np.allclose(restored, background, atol=1e-5)


def test_opacity_is_per_frame():
    template, background = mark(0.5), moving(3)
    opacity = np.array([0, 0.4, 1], np.float32)
    restored, deviation = unblend(blended(background, template, opacity), template, opacity, subsampled=False)
    assert np.allclose(restored, background, atol=2 / 255)
    assert not deviation[0].any()
    assert deviation[2].max() > deviation[1].max() > 0


def test_luma_and_chroma_of_half_the_resolution_are_undone_apart():
    template, background = mark(0.5), moving(2)
    restored, _ = unblend(blended(background, template), template)
    luma = np.array([0.299, 0.587, 0.114])
    assert np.allclose(restored @ luma, background @ luma, atol=0.02)


def test_noise_grows_with_opacity():
    background = moving(1)
    _, faint = unblend(blended(background, mark(0.3)), mark(0.3))
    _, strong = unblend(blended(background, mark(0.75)), mark(0.75))
    inside = mark(0.3).alpha > 0.299
    assert np.allclose(faint[0, inside].min(), NOISE / 0.7, rtol=0.01)
    assert np.allclose(strong[0, inside].min(), NOISE / 0.25, rtol=0.01)


def test_an_uncertain_template_adds_to_the_deviation_where_background_and_mark_differ():
    template = mark(0.5)
    uncertain = Template(template.alpha, template.colour, np.where(template.alpha > 0, 0.1, 0).astype(np.float32))
    dark, white = (np.full((1, *template.alpha.shape, 3), value, np.float32) for value in (0.2, 1.0))
    inside = template.alpha > 0.499
    for background, difference in ((dark, 0.8), (white, 0.0)):
        _, deviation = unblend(blended(background, template), uncertain)
        assert np.allclose(deviation[0, inside], np.hypot(NOISE, 0.1 * difference) / 0.5, rtol=0.03)


@pytest.mark.parametrize("opacity", [0.99, 1.0])
def test_nothing_is_said_under_an_opaque_mark(opacity: float):
    template, background = mark(opacity), moving(1)
    frames = blended(background, template)
    restored, deviation = unblend(frames, template)
    inside = template.alpha > 0.98
    assert np.isinf(deviation[0, inside]).all()
    assert np.array_equal(restored[0, inside], frames[0, inside])


def test_nothing_is_said_where_the_picture_contradicts_the_template():
    template = mark(0.75)
    black = np.zeros((1, *template.alpha.shape, 3), np.float32)
    _, deviation = unblend(black, template)
    assert np.isinf(deviation[0, template.alpha > 0.7]).all()
    assert not deviation[0, 0].any()
