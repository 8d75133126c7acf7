"""Morphology of masks."""

import cv2
import numpy as np

from vidinpaint.numerics.morphology import dilate


def test_true_regions_grow_by_the_radius_and_empty_frames_stay_empty() -> None:
    masks = np.zeros((2, 9, 9), bool)
    masks[0, 4, 4] = True
    square, disc = dilate(masks, 2, cv2.MORPH_RECT), dilate(masks, 2)
    assert square.sum((1, 2)).tolist() == [25, 0]
    assert square[0, 2:7, 2:7].all()
    assert disc[0, 4, 2:7].all()
    assert disc[0, 2:7, 4].all()
    assert not disc[0, 2, 2]
