"""A template that fits leaves no outline; one that is a pixel beside its mark, or too weak, does."""

import numpy as np
import pytest

from tests.marks.scene import H, W, blended, mark, moving
from vidinpaint.marks.remaining_outline import outline_left
from vidinpaint.marks.template import Template


def _outline(shift: int, weaker: float = 1.0) -> float:
    true = mark(0.6)
    frames = blended(moving(), true)
    alpha = np.roll(true.alpha, shift, axis=1) * np.float32(weaker)
    used = Template(alpha, np.roll(true.colour, shift, axis=1), np.zeros((H, W), np.float32))
    return outline_left(frames, used, alpha > 0.01, np.ones(len(frames), np.float32))


def test_what_fits_leaves_none() -> None:
    assert _outline(0) < 1.1


@pytest.mark.parametrize(("shift", "weaker"), [(2, 1.0), (0, 0.5)])
def test_what_does_not_fit_leaves_one(shift: int, weaker: float) -> None:
    assert _outline(shift, weaker) > 1.5


def test_a_frame_without_the_mark_says_nothing() -> None:
    true = mark(0.6)
    assert outline_left(moving(4), true, true.alpha > 0.01, np.zeros(4, np.float32)) == 1.0
