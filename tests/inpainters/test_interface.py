"""What all inpainters share: crops, clipping and checks."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from vidinpaint.inpainters.interface import ImageInpainter, VideoInpainter, inpaint_array, inpaint_frames


@dataclass(frozen=True)
class Recorder(ImageInpainter):
    """Inpaints with 2 and records its inputs."""

    seen: list[np.ndarray] = field(default_factory=list)

    def margin(self, height: int, width: int) -> int:
        return 3

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        assert image.flags.c_contiguous
        assert mask.flags.c_contiguous
        assert image.dtype == np.float32
        assert not image[mask].any()
        self.seen.append(image)
        return np.full_like(image, 2)


class Broken(VideoInpainter):
    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        return np.full_like(frames, np.nan)


def test_an_inpainter_sees_the_surroundings_of_each_mask() -> None:
    recorder, mask = Recorder(), np.zeros((100, 200), bool)
    mask[10:14, 20:25] = True
    mask[60:61, 150:160] = True
    result = inpaint_array(recorder, np.full((100, 200, 3), 0.5), mask)
    assert sorted(image.shape for image in recorder.seen) == [(7, 16, 3), (10, 11, 3)]
    assert (result[mask] == 1).all()  # clipped
    assert (result[~mask] == 0.5).all()


def test_masks_with_common_surroundings_are_inpainted_together() -> None:
    recorder, mask = Recorder(), np.zeros((50, 50), bool)
    mask[10, 10] = mask[10, 14] = mask[13, 20] = True
    inpaint_array(recorder, np.zeros((50, 50, 3), np.float32), mask)
    assert [image.shape for image in recorder.seen] == [(10, 17, 3)]


def test_nan_from_a_method_is_not_passed_on() -> None:
    masks = np.zeros((2, 5, 5), bool)
    masks[0, 2, 2] = True
    with pytest.raises(FloatingPointError):
        inpaint_frames(Broken(), np.zeros((2, 5, 5, 3)), masks)


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        (np.zeros((5, 5, 3), np.int32), np.eye(5, dtype=bool)),
        (np.zeros((5, 5), np.float32), np.eye(5, dtype=bool)),
        (np.zeros((5, 5, 3), np.float32), np.eye(4, dtype=bool)),
        (np.zeros((5, 5, 3), np.float32), np.eye(5, dtype=np.uint8)),
        (np.full((5, 5, 3), np.nan, np.float32), np.eye(5, dtype=bool)),
        (np.zeros((0, 5, 3), np.float32), np.zeros((0, 5), bool)),
    ],
)
def test_wrong_input_is_refused(image: np.ndarray, mask: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected"):
        inpaint_array(Recorder(), image, mask)
