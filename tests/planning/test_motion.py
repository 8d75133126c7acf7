"""The rough speed of the camera."""

import numpy as np
import pytest

from tests.scenes import pan, texture
from vidinpaint.planning.motion import shift


def grey(frame: np.ndarray) -> np.ndarray:
    return (frame.mean(-1) * 255).astype(np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(0.0, 0.0), (1.5, 0.0), (4.0, -3.0), (12.0, 5.0)])
def test_a_pan_is_measured(dx: float, dy: float) -> None:
    one, other = pan(2, 72, 128, dx, dy)
    assert shift(grey(one), grey(other)) == pytest.approx(np.hypot(dx, dy) / 72, abs=0.6 / 72)


def test_nothing_in_common_is_no_motion() -> None:
    assert shift(grey(texture(72, 128, 1)), np.zeros((72, 128), np.uint8)) == 0.0
    assert shift(np.zeros((72, 128), np.uint8), np.zeros((72, 128), np.uint8)) == 0.0
    assert shift(np.zeros((2, 3), np.uint8), np.zeros((2, 3), np.uint8)) == 0.0
