"""Folders of images as source and as result."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.images.files import exif, picture, tiff, write
from tests.video.test_results import LOSSLESS, SHORT, decoded, run
from vidinpaint.core.errors import ClipError
from vidinpaint.video.folders.still_metadata import still_metadata
from vidinpaint.video.readers import open_reader

SHAPES = {"grey": (6, 9), "colour": (6, 9, 3), "alpha": (6, 9, 4)}


def folder(path: Path, shape=(6, 9, 3), dtype=np.uint8, count: int = 12) -> list[np.ndarray]:
    path.mkdir()
    random = np.random.default_rng(1)
    frames = [random.integers(0, np.iinfo(dtype).max, shape).astype(dtype) for _ in range(count)]
    for index, frame in enumerate(frames):
        cv2.imwrite(str(path / f"frame{index}.png"), frame)
    return frames


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("kind", SHAPES)
def test_images_are_written_under_their_names(tmp_path, kind, dtype):
    frames = folder(tmp_path / "in", SHAPES[kind], dtype)
    assert run(tmp_path / "in", tmp_path / "out") == []
    assert len(list((tmp_path / "out").iterdir())) == 12
    for index, frame in enumerate(frames):
        found = cv2.imread(str(tmp_path / "out" / f"frame{index}.png"), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(found, frame)


def test_frame_10_comes_after_frame_2_and_a_range_keeps_names(tmp_path):
    folder(tmp_path / "in")
    run(tmp_path / "in", tmp_path / "out", start=Fraction(2, 25), end=Fraction(4, 25))
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["frame2.png", "frame3.png"]


def test_a_folder_becomes_a_video(tmp_path):
    frames = folder(tmp_path / "in", (16, 32, 3))
    assert run(tmp_path / "in", tmp_path / "out.mkv") == []
    np.testing.assert_array_equal(np.stack(decoded(tmp_path / "out.mkv"), -1), np.stack(frames)[..., ::-1])
    notes = run(tmp_path / "in", tmp_path / "out.mp4", SHORT)
    assert any("yuv420p" in note and "BT.709" in note for note in notes)
    with open_reader(tmp_path / "out.mp4") as reader:
        assert reader.info.tags.matrix == 1
        assert reader.info.format.name == "yuv420p"


def test_a_video_becomes_a_folder(tmp_path):
    folder(tmp_path / "in", (16, 32, 3))
    run(tmp_path / "in", tmp_path / "clip.mkv", LOSSLESS)
    notes = run(tmp_path / "clip.mkv", tmp_path / "out")
    assert any("no sound" in note for note in notes)
    first = cv2.imread(str(tmp_path / "out" / "000000.png"))
    np.testing.assert_array_equal(first, cv2.imread(str(tmp_path / "in" / "frame0.png")))


def test_folders_that_cannot_be_read(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ClipError, match="no image"):
        open_reader(tmp_path / "empty")
    folder(tmp_path / "mixed")
    cv2.imwrite(str(tmp_path / "mixed" / "frame5.png"), np.zeros((3, 3, 3), np.uint8))
    with open_reader(tmp_path / "mixed") as reader, pytest.raises(ClipError, match="frame5"):
        list(reader.scan())
    (tmp_path / "mixed" / "frame0.png").write_text("no picture")
    with pytest.raises(ClipError, match="frame0"):
        open_reader(tmp_path / "mixed")


def test_frames_that_opencv_decodes_wrongly_are_refused_or_decoded_rightly(tmp_path):
    pixels = picture(channels=4)
    (tmp_path / "inks").mkdir()
    (tmp_path / "inks" / "0.tif").write_bytes(tiff(pixels, 5))
    with pytest.raises(ClipError, match="other channels"):
        open_reader(tmp_path / "inks")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "0.tif").write_bytes(tiff(pixels, 2, extra=2))
    with open_reader(tmp_path / "in") as reader:
        clip = reader.read(np.array([0]), 0, 1)
    np.testing.assert_array_equal(np.stack([plane[0] for plane in clip.planes], -1), pixels)


def test_a_link_that_leads_nowhere_is_a_missing_frame(tmp_path):
    folder(tmp_path / "in", count=2)
    (tmp_path / "in" / "frame2.png").symlink_to(tmp_path / "nowhere.png")
    with pytest.raises(ClipError, match=r"frame2.png.*lead nowhere"):
        open_reader(tmp_path / "in")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_exif_and_resolution_of_turned_frames_are_kept_upright(tmp_path, suffix):
    (tmp_path / "in").mkdir()
    for name, orientation in (("0", 0), ("1", 6)):
        path = write(tmp_path / "in" / f"{name}{suffix}", picture(24, 24), orientation)
        if suffix == ".jpg":
            path.write_bytes(path.read_bytes().replace(b"JFIF\0\1\1\0\0\1\0\1", b"JFIF\0\1\1\1\1\x2c\0\x96"))
    assert run(tmp_path / "in", tmp_path / "out") == []
    plain, turned = (still_metadata(tmp_path / "out" / f"{name}.png") for name in ("0", "1"))
    assert (plain.exif, turned.exif) == (b"", exif(1))
    if suffix == ".jpg":
        assert (plain.dots_per_inch, turned.dots_per_inch) == ((300, 150), (150, 300))
