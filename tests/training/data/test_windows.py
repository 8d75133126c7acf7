"""Windows of frames: sizes, motion and reproducibility."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.scenes import pan
from tests.training.drawn import draw_photos
from vidinpaint.core.errors import ClipError
from vidinpaint.training.data.clips import Clips
from vidinpaint.training.data.windows import Windows, window_batch


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> str:
    return draw_photos(tmp_path_factory.mktemp("photos"))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("clips")
    writer = cv2.VideoWriter(str(folder / "pan.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, (80, 60))
    for frame in pan(10, 60, 80, 2.0):
        writer.write(np.rint(frame[..., ::-1] * 255).astype(np.uint8))
    writer.release()
    return str(folder)


def test_windows_have_their_sizes_and_are_reproducible(photos: str, clips: str) -> None:
    windows = Windows(photos, clips, 6, 32, ["box", "irregular"])
    for seed in range(8):
        frames, masks = windows.draw(np.random.default_rng(seed))
        assert frames.shape == (6, 32, 32, 3)
        assert frames.dtype == np.float32
        assert 0 <= frames.min() < frames.max() <= 1
        assert masks.shape == (6, 32, 32)
        assert masks.any()
        assert not masks.all(axis=(1, 2)).any()
        again, same_masks = windows.draw(np.random.default_rng(seed))
        assert np.array_equal(frames, again)
        assert np.array_equal(masks, same_masks)


def test_a_batch_has_channels_before_time(photos: str) -> None:
    drawn = [Windows(photos, "", 4, 16, ["box"]).draw(np.random.default_rng(seed)) for seed in range(2)]
    batch = window_batch(drawn)
    assert batch["truth"].shape == (2, 3, 4, 16, 16)
    assert batch["mask"].shape == (2, 1, 4, 16, 16)
    assert np.allclose(batch["truth"][1, 2, 3].numpy(), drawn[1][0][3, ..., 2] * 2 - 1)
    assert np.array_equal(batch["mask"][1, 0, 3].numpy() == 1, drawn[1][1][3])


def test_windows_of_clips_are_consecutive_frames(clips: str) -> None:
    window = Clips(clips).window(np.random.default_rng(2), 5, 60, 80)
    steps = np.abs(np.diff(window, axis=0)).mean((1, 2, 3))
    assert steps.min() > 0.005
    assert steps.max() < 3 * steps.min()
    assert Clips(clips).window(np.random.default_rng(0), 25, 30, 30).shape == (25, 30, 30, 3)


def test_a_folder_without_clips_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="with none"):
        Clips(str(tmp_path)).window(np.random.default_rng(0), 2, 8, 8)
