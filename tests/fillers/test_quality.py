"""An error ceiling for every method on the same picture: a broken one does not get under it."""

import cv2
import numpy as np
import pytest

from tests.scenes import psnr, texture
from vidinpaint.fillers.interface import FrameFiller, fill_image
from vidinpaint.registry import build, load, names

PACKAGE = "vidinpaint.fillers"
FLOOR = {"harmonic": 20.2, "navier_stokes": 20.9, "patchmatch": 21.2, "telea": 22.0}  # dB in the hole


def picture() -> tuple[np.ndarray, np.ndarray]:
    """Texture with a straight edge, and a hole of strokes and a box."""
    image = texture(160, 200, seed=9)
    image[:, 110:] = 0.6 + 0.4 * image[:, 110:]
    image[:, :110] *= 0.6
    hole = np.zeros((160, 200), np.uint8)
    cv2.rectangle(hole, (95, 50), (125, 85), 1, -1)
    cv2.line(hole, (20, 20), (80, 140), 1, 5)
    cv2.line(hole, (140, 120), (190, 30), 1, 3)
    return image, hole.astype(bool)


@pytest.mark.parametrize("name", [name for name in names(PACKAGE) if issubclass(load(PACKAGE, name), FrameFiller)])
def test_the_hole_is_near_the_truth(name: str) -> None:
    image, hole = picture()
    result = fill_image(build(PACKAGE, name, {}), image, hole)
    reached = psnr(result, image, hole)
    assert reached > FLOOR.get(name, 14.0)
