"""A shaded box behind a line is masked as a whole; signs and pages that come with another picture are not overlay."""

import cv2
import numpy as np
import pytest

from tests.detection.text.subtitles import background, blend, footage, text_layer
from vidinpaint.detection.detection import draw
from vidinpaint.detection.text.activity import Activity, continues
from vidinpaint.masks.sources.text import Text

FRAMES = 40


@pytest.mark.parametrize("speed", [0, 3])
def test_a_shaded_box_is_masked_to_its_sides(speed: int) -> None:
    colour, opacity = text_layer("Where were you?", 80, 150, 0)
    shaded = np.zeros_like(opacity)
    shaded[130:160, 66:250] = 0.6
    total = opacity + shaded * (1 - opacity)
    blended = colour * opacity / np.maximum(total, 1e-6)
    frames = blend(background(FRAMES, speed), (blended, total), lambda frame: float(8 <= frame < 33))
    found = Text().detect(footage(frames))
    mask = draw(found, 20, 21, *frames.shape[1:3])[0]
    box = shaded[..., 0] > 0
    assert (mask & box).sum() >= 0.99 * box.sum()
    assert (mask & ~box).sum() <= 0.1 * box.sum()


def test_activity_tells_a_new_picture_from_one_that_goes_on() -> None:
    frames = np.concatenate([background(12, 0), background(12, 0, seed=1)])
    grey = np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames])
    activity = Activity(footage(frames), [])
    activity.add(0, grey)
    assert np.isnan(activity.values[0])
    assert continues(activity.values, 6)
    assert not continues(activity.values, 12)
