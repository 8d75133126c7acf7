import numpy as np
import pytest

from tests.marks.scene import H, W, box, mark, moving
from vidinpaint.core.errors import MaskError
from vidinpaint.core.window import Box
from vidinpaint.marks.matching import Match, match, placed
from vidinpaint.marks.template import Template

LARGE = Box(0, 0, 200, 140)


def alone() -> Template:
    """The mark without what is transparent around it."""
    whole = mark(0.5)
    rows, columns = (slice(start, stop) for start, stop in ((17, 44), (17, 77)))
    return Template(whole.alpha[rows, columns], whole.colour[rows, columns], whole.deviation[rows, columns])


def footage(where: Match | None) -> np.ndarray:
    frames = np.tile(moving(8), (1, 3, 3, 1))[:, : LARGE.height, : LARGE.width]
    if where is None:
        return frames
    template = placed(alone(), where, LARGE)
    return (1 - template.alpha[..., None]) * frames + template.alpha[..., None] * template.colour


@pytest.mark.parametrize(("x", "y", "scale"), [(20, 31, 1.0), (100.4, 60.6, 1.0), (40.3, 50, 0.8), (25, 20.5, 1.5)])
def test_place_and_scale_are_found(x: float, y: float, scale: float):
    found = match(alone(), footage(Match(x, y, scale, 1)))
    assert abs(found.x - x) < 0.4
    assert abs(found.y - y) < 0.4
    assert abs(found.scale - scale) < 0.02
    assert found.score > 0.6


def test_a_clip_without_the_mark_is_refused():
    with pytest.raises(MaskError, match="likeness") as error:
        match(alone(), footage(None), scales=(0.9, 1.0, 1.1))
    assert "\n" not in str(error.value)


def test_a_template_larger_than_the_frame_is_refused():
    with pytest.raises(MaskError, match="likeness"):
        match(mark(), np.zeros((1, 16, 16, 3), np.float32))


def test_a_black_clip_has_no_mark():
    with pytest.raises(MaskError, match="likeness"):
        match(alone(), np.zeros((2, LARGE.height, LARGE.width, 3), np.float32))


def test_a_template_at_scale_1_is_itself():
    template = mark(0.5, rim=True)
    same = placed(template, Match(0, 0, 1, 1), Box(0, 0, W, H))
    assert np.allclose(same.alpha, template.alpha, atol=1e-6)
    assert np.allclose(
        same.colour[box()], np.where(template.alpha > 0, 1, 0)[box(), None] * template.colour[box()], atol=1e-4
    )


def test_a_box_shows_its_part_of_the_template():
    template = mark(0.5)
    part = placed(template, Match(5, 3, 1, 1), Box(25, 20, 30, 20))
    assert np.allclose(part.alpha, template.alpha[17:37, 20:50], atol=1e-6)
