"""The median over time, by hand."""

import numpy as np

from tests.scenes import texture
from vidinpaint.inpainters.interface import inpaint_array, inpaint_frames
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.video.temporal_median import TemporalMedian


def test_odd_and_even_counts_by_hand() -> None:
    frames = np.zeros((5, 3, 3, 3), np.float32)
    frames[:, 1, 1, 0] = [0.1, 0.9, 0.3, 0.2, 0.8]
    frames[:, 1, 2, 0] = [0.1, 0.9, 0.3, 0.2, 0.8]
    masks = np.zeros((5, 3, 3), bool)
    masks[:2, 1, 1] = True  # known: 0.3 0.2 0.8
    masks[0, 1, 2] = True  # known: 0.9 0.3 0.2 0.8
    result = inpaint_frames(TemporalMedian(), frames, masks)
    assert np.allclose(result[:2, 1, 1, 0], 0.3)
    assert np.allclose(result[0, 1, 2, 0], 0.55)
    assert np.array_equal(result[~masks], frames[~masks])


def test_a_passing_object_leaves_the_background() -> None:
    background = texture(30, 60)
    frames = np.stack([background] * 6)
    masks = np.zeros((6, 30, 60), bool)
    for t in range(6):
        masks[t, 5:20, 9 * t : 9 * t + 12] = True
    frames[masks] = 0.5
    assert np.allclose(inpaint_frames(TemporalMedian(), frames, masks), background, atol=1e-6)


def test_pixels_that_no_frame_shows_are_the_same_in_all_frames() -> None:
    background = texture(30, 60)
    masks = np.zeros((4, 30, 60), bool)
    masks[:, 10:20, 20:40] = True
    result = inpaint_frames(TemporalMedian(), np.stack([background] * 4), masks)
    assert np.allclose(result[0], inpaint_array(Harmonic(), background, masks[0]), atol=1e-6)
    assert (result == result[0]).all()
