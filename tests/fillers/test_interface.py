"""What lives once, outside the methods."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from vidinpaint.fillers.interface import ImageInpainter, VideoInpainter, inpaint_array, inpaint_frames


@dataclass(frozen=True)
class Recorder(ImageInpainter):
    """Paints 2 and remembers what it was given."""

    seen: list[np.ndarray] = field(default_factory=list)

    def margin(self, height: int, width: int) -> int:
        return 3

    def inpaint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        assert image.flags.c_contiguous
        assert hole.flags.c_contiguous
        assert image.dtype == np.float32
        assert not image[hole].any()
        self.seen.append(image)
        return np.full_like(image, 2)


class Broken(VideoInpainter):
    def inpaint(self, frames: np.ndarray, holes: np.ndarray) -> np.ndarray:
        return np.full_like(frames, np.nan)


def test_a_filler_sees_the_surroundings_of_each_hole() -> None:
    recorder, hole = Recorder(), np.zeros((100, 200), bool)
    hole[10:14, 20:25] = True
    hole[60:61, 150:160] = True
    result = inpaint_array(recorder, np.full((100, 200, 3), 0.5), hole)
    assert sorted(image.shape for image in recorder.seen) == [(7, 16, 3), (10, 11, 3)]
    assert (result[hole] == 1).all()  # clipped
    assert (result[~hole] == 0.5).all()


def test_holes_with_common_surroundings_are_painted_together() -> None:
    recorder, hole = Recorder(), np.zeros((50, 50), bool)
    hole[10, 10] = hole[10, 14] = hole[13, 20] = True
    inpaint_array(recorder, np.zeros((50, 50, 3), np.float32), hole)
    assert [image.shape for image in recorder.seen] == [(10, 17, 3)]


def test_nan_from_a_method_is_not_passed_on() -> None:
    holes = np.zeros((2, 5, 5), bool)
    holes[0, 2, 2] = True
    with pytest.raises(FloatingPointError):
        inpaint_frames(Broken(), np.zeros((2, 5, 5, 3)), holes)


@pytest.mark.parametrize(
    ("image", "hole"),
    [
        (np.zeros((5, 5, 3), np.int32), np.eye(5, dtype=bool)),
        (np.zeros((5, 5), np.float32), np.eye(5, dtype=bool)),
        (np.zeros((5, 5, 3), np.float32), np.eye(4, dtype=bool)),
        (np.zeros((5, 5, 3), np.float32), np.eye(5, dtype=np.uint8)),
        (np.full((5, 5, 3), np.nan, np.float32), np.eye(5, dtype=bool)),
        (np.zeros((0, 5, 3), np.float32), np.zeros((0, 5), bool)),
    ],
)
def test_wrong_input_is_refused(image: np.ndarray, hole: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected"):
        inpaint_array(Recorder(), image, hole)
