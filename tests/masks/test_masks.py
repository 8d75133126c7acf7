"""Masks of every kind against one small clip."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidinpaint.core.errors import ClipError, MaskError, SettingError
from vidinpaint.core.window import Box
from vidinpaint.masks.masks import Masks, open_masks
from vidinpaint.masks.specs import MaskSpec, parse_mask

WIDTH, HEIGHT, COUNT = 64, 48, 40
PTS = np.arange(COUNT) * 1001 + 5005
BASE = Fraction(1, 24000)


@dataclass
class FakeVideo:
    """A mask video in memory that records the largest number of frames that was read at once."""

    grey: np.ndarray
    rate: Fraction = Fraction(24000, 1001)
    max_read: int = field(default=0)

    @property
    def times(self) -> list[Fraction]:
        return [index / self.rate for index in range(len(self.grey))]

    def read(self, start: int, stop: int) -> np.ndarray:
        self.max_read = max(self.max_read, stop - start)
        return self.grey[start:stop]


NO_VIDEO = FakeVideo(np.zeros((0, HEIGHT, WIDTH), np.uint8))


def _open(*specs: str | MaskSpec, video: FakeVideo = NO_VIDEO, **options: object) -> Masks:
    parsed = [parse_mask(spec) if isinstance(spec, str) else spec for spec in specs]
    return open_masks(parsed, WIDTH, HEIGHT, PTS, BASE, read_video=lambda path: video, **options)  # type: ignore[arg-type]


def _moving(count: int = COUNT) -> np.ndarray:
    grey = np.full((count, HEIGHT, WIDTH), 16, np.uint8)
    for index in range(count):
        grey[index, 10:20, index % COUNT : index % COUNT + 8] = 230
    return grey


def _video_file(folder: Path) -> str:
    path = folder / "mask.mp4"
    path.write_bytes(b"not empty")
    return str(path)


def test_a_still_mask_takes_no_memory_and_is_read_only(tmp_path: Path) -> None:
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    picture[4:9, 6:20] = 255
    cv2.imwrite(str(tmp_path / "logo.png"), picture)
    masks = _open(str(tmp_path / "logo.png"))
    shown = masks.read(3, 33)
    assert shown.shape == (30, HEIGHT, WIDTH)
    assert shown.dtype == bool
    assert shown.strides[0] == 0
    np.testing.assert_array_equal(shown[7], picture > 0)
    assert masks.boxes(0) is masks.boxes(COUNT - 1)
    assert masks.boxes(0) == (Box(6, 4, 14, 5),)
    assert masks.share(0) == 70 / (WIDTH * HEIGHT)
    assert masks.notes == []
    assert len(masks) == COUNT
    assert not masks.empty
    with pytest.raises(ValueError, match="read-only"):
        shown[0, 0, 0] = True


def test_union_and_time_ranges() -> None:
    second = Fraction(10 * 1001, 24000)
    masks = _open(MaskSpec(Box(0, 0, 4, 4), second), MaskSpec(Box(40, 20, 8, 8), stop=2 * second))
    expected = np.zeros((COUNT, HEIGHT, WIDTH), bool)
    expected[10:, :4, :4] = True
    expected[:20, 20:28, 40:48] = True
    np.testing.assert_array_equal(masks.read(0, COUNT), expected)
    np.testing.assert_array_equal(masks.read(9, 21), expected[9:21])
    assert [len(masks.boxes(index)) for index in (9, 10, 19, 20)] == [1, 2, 2, 1]


def test_folder_in_natural_order(tmp_path: Path) -> None:
    for index in range(COUNT):
        cv2.imwrite(str(tmp_path / f"m{index}.png"), _moving()[index])
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / ".hidden.png").write_bytes(b"x")
    masks = _open(str(tmp_path))
    np.testing.assert_array_equal(masks.read(0, COUNT), _moving() > 127)
    assert masks.boxes(12) == (Box(12, 10, 8, 10),)
    assert len(masks.notes) == 1
    assert "notes.txt" in masks.notes[0]
    (tmp_path / "m7.png").unlink()
    with pytest.raises(MaskError, match="39 images") as caught:
        _open(str(tmp_path))
    assert str(COUNT) in caught.value.expected


def test_folder_with_one_picture_serves_all_frames(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), _moving()[3])
    assert _open(str(tmp_path)).read(0, COUNT).strides[0] == 0
    (tmp_path / "empty").mkdir()
    with pytest.raises(MaskError, match="0 images"):
        _open(str(tmp_path / "empty"))


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(23976, 1000)])
def test_mask_video_is_matched_by_time_and_read_in_small_pieces(tmp_path: Path, rate: Fraction) -> None:
    video = FakeVideo(_moving(), rate)
    masks = _open(_video_file(tmp_path), video=video)
    np.testing.assert_array_equal(masks.read(0, COUNT), _moving() > 127)
    assert video.max_read <= 16


def test_mask_video_too_short(tmp_path: Path) -> None:
    video = FakeVideo(_moving(20))
    with pytest.raises(MaskError, match="@START-END"):
        _open(_video_file(tmp_path), video=video)
    masks = _open(_video_file(tmp_path) + "@-0.8", video=video)
    shown = masks.read(0, COUNT)
    np.testing.assert_array_equal(shown[:20], _moving(20) > 127)
    assert not shown[20:].any()
    assert masks.boxes(30) == ()


def test_mask_video_that_is_longer_is_said(tmp_path: Path) -> None:
    assert _open(_video_file(tmp_path), video=FakeVideo(_moving(COUNT + 5))).notes == []
    (note,) = _open(_video_file(tmp_path), video=FakeVideo(_moving(COUNT + 24))).notes
    assert note == "'mask.mp4' goes on for 1.00 s behind the last frame: it is matched by time"
    assert _open(_video_file(tmp_path) + "@-0.5", video=FakeVideo(_moving(COUNT + 24))).notes == []


def test_mask_video_for_a_later_time_keeps_the_clips_clock(tmp_path: Path) -> None:
    masks = _open(_video_file(tmp_path) + "@0.5-1", video=FakeVideo(_moving()))
    first, stop = 12, 24
    assert not masks.read(0, first).any()
    assert not masks.read(stop, COUNT).any()
    np.testing.assert_array_equal(masks.read(first, stop), _moving()[first:stop] > 127)


def test_arrays() -> None:
    moving = _moving() > 127
    masks = _open(MaskSpec(moving), "50,40,4,4")
    expected = moving.copy()
    expected[:, 40:44, 50:54] = True
    np.testing.assert_array_equal(masks.read(5, 15), expected[5:15])
    np.testing.assert_array_equal(moving, _moving() > 127)
    with pytest.raises(MaskError, match="40 frames"):
        _open(MaskSpec(moving[:9]))


@pytest.mark.parametrize("grow", [0, 3])
def test_growth_is_the_same_for_still_and_moving(grow: int) -> None:
    mask = _moving()[5] > 127
    still = _open(MaskSpec(mask), grow=grow)
    moving = _open(MaskSpec(np.repeat(mask[None], COUNT, axis=0)), grow=grow)
    np.testing.assert_array_equal(still.read(0, 3), moving.read(0, 3))
    assert still.boxes(0) == moving.boxes(0) == (Box(5 - grow, 10 - grow, 8 + 2 * grow, 10 + 2 * grow),)


def test_boxes_at_the_frame() -> None:
    masks = _open("60,40,30,30")
    assert masks.boxes(0) == (Box(60, 40, 4, 8),)
    assert "cut" in masks.notes[0]
    with pytest.raises(MaskError, match="64 x 48"):
        _open("64,0,5,5")


def test_nothing_to_inpaint_is_said() -> None:
    masks = _open(MaskSpec(np.zeros((HEIGHT, WIDTH), bool)), "1,1,5,5@100-200")
    assert masks.empty
    assert masks.boxes(0) == ()
    assert masks.share(0) == 0.0
    assert "marks nothing" in masks.notes[0]
    assert "no frame" in masks.notes[1]


def test_files_that_mark_nothing_anywhere_are_refused_and_arrays_are_not(tmp_path: Path) -> None:
    black = FakeVideo(np.full((COUNT, HEIGHT, WIDTH), 1, np.uint8))
    with pytest.raises(MaskError, match=r"'mask.mp4', which marks nothing in any frame"):
        _open(_video_file(tmp_path), video=black).check_that_files_mark_something()
    _open(_video_file(tmp_path), "1,1,5,5", video=black).check_that_files_mark_something()
    _open(MaskSpec(np.zeros((HEIGHT, WIDTH), bool))).check_that_files_mark_something()


def test_a_negative_is_noted(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "negative.png"), 255 - _moving()[0])
    assert _open(str(tmp_path / "negative.png")).notes == [
        "the masks cover 97% of the picture: what is white, or opaque, is inpainted"
    ]
    assert _open("0,0,30,48").notes == []


def test_one_picture_is_no_mask_video(tmp_path: Path) -> None:
    with pytest.raises(MaskError, match=r"'mask.mp4' with one picture. If it is one mask for all frames, save it"):
        _open(_video_file(tmp_path), video=FakeVideo(_moving(1)))


def test_gaps_in_the_numbers_of_masks_are_said_and_unreadable_files_named(tmp_path: Path) -> None:
    for index in range(COUNT):
        cv2.imwrite(str(tmp_path / f"m{index + (index > 4)}.png"), _moving()[index])
    assert _open(str(tmp_path)).notes == [
        f"missing in the numbers of the masks in {tmp_path.name!r}: 5; they are paired with the frames in order"
    ]
    (tmp_path / "tga").mkdir()
    (tmp_path / "tga" / "1.tga").touch()
    with pytest.raises(MaskError, match=r"nothing but '1.tga'. Convert the masks to .png"):
        _open(str(tmp_path / "tga"))


def test_refusals(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()

    def refuse(path: Path) -> FakeVideo:
        raise ClipError("a video file", f"text {path.name!r}", "Give a video.")

    for text in (str(tmp_path / "missing.png"), str(tmp_path / "empty.mp4"), _video_file(tmp_path)):
        with pytest.raises(MaskError) as caught:
            open_masks([parse_mask(text)], WIDTH, HEIGHT, PTS, BASE, read_video=refuse)
        assert "\n" not in str(caught.value)
    with pytest.raises(MaskError, match="without frames"):
        _open(_video_file(tmp_path))
    with pytest.raises(MaskError, match="at least one"):
        _open()
    with pytest.raises(MaskError, match="64 x 48"):
        _open(MaskSpec(np.zeros((5, 5), bool)))
    with pytest.raises(SettingError):
        _open("1,1,5,5", grow=-1)
