"""Lines that move evenly over the footage are followed; text that moves with the scene is not."""

import numpy as np

from tests.detection.text.subtitles import HEIGHT, WIDTH, background, blend, footage, text_layer
from vidinpaint.detection.detection import draw
from vidinpaint.masks.sources.text import Text

FRAMES = 50
SPEED = 2  # pixels per frame, upwards
LINE = text_layer("Anna Lindqvist", 80, 150, 2)


def rolled(frame: int) -> tuple[np.ndarray, np.ndarray]:
    colour, opacity = (np.roll(array, -SPEED * frame, 0) for array in LINE)
    return colour, opacity


def test_credits_are_masked_where_they_are_in_each_frame() -> None:
    frames = background(FRAMES, 1)
    clip = np.concatenate([blend(frames[t : t + 1], rolled(t), lambda _: 1.0) for t in range(FRAMES)])
    found = Text().detect(footage(clip))
    assert found
    assert all(line.path for line in found)
    masks = draw(found, 0, FRAMES, HEIGHT, WIDTH)
    for frame in (0, 20, FRAMES - 1):
        truth = rolled(frame)[1][..., 0] > 0.02
        assert (masks[frame] & truth).sum() >= 0.98 * truth.sum()
        assert (masks[frame] & ~truth).sum() <= 0.02 * truth.size


def test_text_that_moves_as_the_scene_does_is_left_alone() -> None:
    (scene,) = blend(background(1, 0), LINE, lambda _: 1.0)
    clip = np.stack([np.roll(scene, -SPEED * frame, 0) for frame in range(FRAMES)])
    assert Text().detect(footage(clip)) == []
