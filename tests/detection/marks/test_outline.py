"""`integrate`: a picture from its gradient."""

import cv2
import numpy as np

from vidinpaint.detection.marks.outline import integrate
from vidinpaint.detection.marks.statistics import gradient


def test_a_disc_is_restored_from_its_gradient() -> None:
    picture = np.zeros((40, 60), np.float32)
    cv2.circle(picture, (25, 20), 10, 100, -1)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.5)
    restored = integrate(gradient(picture))
    restored -= restored[0, 0]
    assert np.abs(restored - picture).max() < 12  # Sobel blurs its edge


def test_a_picture_that_reaches_the_border_is_restored_too() -> None:
    picture = np.tile(np.linspace(0, 90, 30, dtype=np.float32), (20, 1))
    restored = integrate(gradient(picture))
    assert np.abs((restored - restored.mean()) - (picture - picture.mean()))[:, 2:-2].max() < 6
