"""Folders as sets of images and of clips."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.video.clips import Recipe, write
from vidinpaint.core.errors import ClipError
from vidinpaint.evaluation.distribution.sets import open_set


def test_images_of_any_size_and_kind(tmp_path: Path) -> None:
    colour, deep = np.zeros((20, 30, 3), np.uint8), np.full((12, 14), 257 * 90, np.uint16)
    colour[..., 2] = 200  # red, as OpenCV writes BGR
    cv2.imwrite(str(tmp_path / "10.png"), deep)
    cv2.imwrite(str(tmp_path / "9.png"), colour)
    (tmp_path / "notes.txt").touch()
    images = open_set(tmp_path)
    assert not images.of_clips
    assert [path.name for path in images.paths] == ["9.png", "10.png"]
    first, second = (next(images.images(path)) for path in images.paths)
    assert first[0, 0].tolist() == [200, 0, 0]
    assert (second.shape, second.dtype, second[0, 0].tolist()) == ((12, 14, 3), np.uint8, [90] * 3)


def test_clips_are_files_and_folders_of_frames(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", Recipe(size=(48, 64)))
    (tmp_path / "b").mkdir()
    for t in range(3):
        cv2.imwrite(str(tmp_path / "b" / f"{t}.png"), np.full((10, 16, 3), t, np.uint8))
    (tmp_path / "empty").mkdir()
    clips = open_set(tmp_path)
    assert clips.of_clips
    assert [path.name for path in clips.paths] == ["a.mp4", "b"]
    frames = list(clips.images(clips.paths[1]))
    assert [int(frame.max()) for frame in frames] == [0, 1, 2]
    assert {frame.shape for frame in clips.images(clips.paths[0])} == {(48, 64, 3)}


def test_what_is_no_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="video files or folders of frames, found none"):
        open_set(tmp_path)
    with pytest.raises(ClipError, match="which is not one"):
        open_set(tmp_path / "missing")
    (tmp_path / "broken.png").write_bytes(b"no image")
    with pytest.raises(ClipError, match=r"broken\.png', which cannot be read"):
        next(open_set(tmp_path).images(tmp_path / "broken.png"))
