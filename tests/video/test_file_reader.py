"""Reading files: every frame exactly once, in any order, and a one-line error if that is not possible."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from tests.video.clips import BASE, Recipe, write
from vidinpaint.core.errors import ClipError
from vidinpaint.video.readers import Reader, open_reader

LONG = tuple(range(0, 60 * 512, 512))
UNEVEN = tuple(np.cumsum([0, *np.random.default_rng(1).integers(100, 1500, 59)]).tolist())
B_FRAMES = {"crf": "20", "preset": "veryfast", "g": "12", "bf": "3", "x264-params": "b-pyramid=normal"}


def scan(reader: Reader) -> np.ndarray:
    return np.array([frame.pts for frame in reader.scan()], np.int64)


def assert_same_planes(first, second) -> None:
    for one, other in zip(first.planes, second.planes):
        np.testing.assert_array_equal(one, other)


CLIPS = {
    "plain.mp4": Recipe(pts=LONG, options=B_FRAMES),
    "open.mp4": Recipe(pts=LONG, options=B_FRAMES | {"x264-params": "open-gop=1:keyint=10:bframes=3"}),
    "uneven.mp4": Recipe(pts=UNEVEN, options=B_FRAMES),
    "uneven.mkv": Recipe(pts=[p // 8 for p in UNEVEN], base=Fraction(1, 1000), options=B_FRAMES),
    "late.mp4": Recipe(pts=[p + 90000 for p in LONG], options=B_FRAMES),
    "early.mkv": Recipe(pts=range(-80, 2320, 40), base=Fraction(1, 1000), options=B_FRAMES,
                        container_options={"avoid_negative_ts": "disabled"}),
    "mpeg2.mpg": Recipe(pts=LONG, codec="mpeg2video", base=Fraction(1, 25), options={"g": "9", "bf": "2"}),
    "broadcast.ts": Recipe(pts=LONG, options=B_FRAMES),
    "hevc.mp4": Recipe(pts=LONG, codec="libx265", options={"crf": "20", "preset": "ultrafast",
                       "x265-params": "log-level=none:open-gop=1:keyint=10"}),
    "intra.mkv": Recipe(pts=LONG, codec="ffv1", options={}),
    "packed.avi": Recipe(pts=range(60), base=Fraction(1, 25), codec="mpeg4", options={"bf": "2", "g": "12"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CLIPS)
def test_any_window_of_a_fresh_reader_equals_reading_in_order(tmp_path, name):
    path = tmp_path / name
    recipe = CLIPS[name]
    if name == "mpeg2.mpg":
        recipe = replace(recipe, pts=tuple(range(60)))
    write(path, recipe)
    with open_reader(path) as reader:
        pts = scan(reader)
        assert len(pts) == 60
        assert (np.diff(pts) > 0).all()
        whole = reader.read(pts, 0, 60)
    for start in np.random.default_rng(3).integers(0, 57, 12).tolist():
        with open_reader(path) as reader:
            part = reader.read(pts, start, start + 3)
            assert_same_planes(part, whole.cut(start, start + 3))
            assert part.first == start
            assert part.pts.tolist() == pts[start : start + 3].tolist()


def test_frames_equal_those_of_a_plain_decoder(tmp_path):
    path = tmp_path / "clip.mp4"
    write(path, CLIPS["uneven.mp4"])
    with av.open(str(path)) as container:
        expected = [(frame.pts, frame.to_ndarray()) for frame in container.decode(video=0)]
    with open_reader(path) as reader:
        pts = scan(reader)
        clip = reader.read(pts, 0, 60)
    assert pts.tolist() == [stamp for stamp, _ in expected] == list(UNEVEN)
    np.testing.assert_array_equal(clip.planes[0], [picture[:48] for _, picture in expected])


def test_overlapping_windows_decode_nothing_twice(tmp_path, monkeypatch):
    path = tmp_path / "clip.mp4"
    write(path, CLIPS["plain.mp4"])
    with open_reader(path) as reader:
        pts = scan(reader)
        whole = reader.read(pts, 0, 60)
    with open_reader(path) as reader:
        seeks: list[int] = []
        seek = reader._decoder.from_before  # type: ignore[attr-defined]
        monkeypatch.setattr(reader._decoder, "from_before", lambda pts: seeks.append(pts) or seek(pts))  # type: ignore[attr-defined]
        for start, stop in ((0, 20), (12, 32), (24, 44), (36, 60)):
            assert_same_planes(reader.read(pts, start, stop), whole.cut(start, stop))
        assert len(seeks) == 1


def test_a_range_is_half_open_and_counts_from_the_first_frame(tmp_path):
    path = tmp_path / "late.mp4"
    write(path, CLIPS["late.mp4"])
    with open_reader(path) as reader:
        pts = scan(reader)
    assert pts[0] > 80000
    with open_reader(path, Fraction(2, 5), Fraction(4, 5)) as reader:
        assert scan(reader).tolist() == pts[10:20].tolist()
    with open_reader(path, Fraction(9)) as reader, pytest.raises(ClipError, match="--start"):
        scan(reader)


@pytest.mark.parametrize(
    ("format", "codec"), [("yuv420p10le", "libx264"), ("yuv422p", "ffv1"), ("gbrp", "libx265"), ("gray", "ffv1")]
)
def test_properties_of_a_file(tmp_path, format, codec):
    path = tmp_path / "clip.mkv"
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    colour = (2, 9, 16, 9) if format.startswith("yuv") else (2, 1, 13, 0 if format == "gbrp" else 2)
    write(path, Recipe(format=format, codec=codec, options=options, aspect=Fraction(4, 3), colour=colour))
    with open_reader(path) as reader:
        info = reader.info
    assert (info.format.name, info.width, info.height) == (format, 64, 48)
    assert (info.tags.range, info.tags.primaries, info.tags.transfer) == colour[:3]
    assert info.colour.full_range
    # the test's own FFV1 file has no aspect ratio
    assert info.sample_aspect == (Fraction(1) if codec == "ffv1" else Fraction(4, 3))
    assert info.colour.matrix == ("bt2020" if format.startswith("yuv") else "rgb")


def test_thumbnails_keep_the_aspect(tmp_path):
    path = tmp_path / "clip.mp4"
    write(path, Recipe(size=(96, 160)))
    with open_reader(path) as reader:
        shapes = {frame.grey.shape for frame in reader.scan(height=24)}
    assert shapes == {(24, 40)}


def error_of(path: Path) -> str:
    """The one-line message of the `ClipError` that a scan raises."""
    with pytest.raises(ClipError) as error, open_reader(path) as reader:
        scan(reader)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_files_that_are_not_videos(tmp_path):
    assert "no file at" in error_of(tmp_path / "none.mp4")
    (tmp_path / "empty.mp4").touch()
    assert "empty file" in error_of(tmp_path / "empty.mp4")
    (tmp_path / "text.mp4").write_text("this is no video\n" * 50)
    assert "which is text" in error_of(tmp_path / "text.mp4")
    (tmp_path / "page.mp4").write_text("\n<!DOCTYPE html><html><body>404</body></html>")
    assert "a web page" in error_of(tmp_path / "page.mp4")
    (tmp_path / "photo.mp4").write_bytes(b"\0\0\0\x18ftypheic" + bytes(600))
    assert "a photo (HEIC)" in error_of(tmp_path / "photo.mp4")
    (tmp_path / "zeros.mp4").write_bytes(bytes(600))
    assert "cannot open" in error_of(tmp_path / "zeros.mp4")


@pytest.mark.parametrize("suffix", [".webp", ".avif"])
def test_animations_that_ffmpeg_does_not_read_are_named(tmp_path, suffix):
    animation, path = cv2.Animation(), tmp_path / f"sticker{suffix}"
    animation.frames = [np.full((32, 32, 4), value, np.uint8) for value in (50, 90, 200)]
    animation.durations = [100] * 3
    cv2.imwriteanimation(str(path), animation)
    assert re.search("an animated (WebP|AVIF), which is not supported", error_of(path))


def test_a_file_with_sound_only(tmp_path):
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 4096), np.float32), "fltp", "stereo")
        frame.sample_rate = 16000
        container.mux([*stream.encode(frame), *stream.encode(None)])  # type: ignore[union-attr, arg-type]
    assert "only audio" in error_of(tmp_path / "sound.mp4")


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.avi"])
@pytest.mark.parametrize("kept_part", [0.75, 0.97])
def test_a_truncated_file_is_detected_and_its_readable_part_can_be_read(tmp_path, name, kept_part):
    path = tmp_path / name
    options = {"movflags": "faststart"} if name.endswith("mp4") else {}
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    base = Fraction(1, 25) if name.endswith("avi") else BASE
    stamps = range(60) if name.endswith("avi") else LONG
    write(path, Recipe(pts=stamps, base=base, codec=codec, options={"g": "10", "bf": "0"}, container_options=options))
    with open_reader(path) as reader:
        pts = scan(reader)
        whole = reader.read(pts, 0, 60)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept_part)])
    message = error_of(path)
    assert "ends early" in message
    end = Fraction(message.rstrip(".").split("--end ")[1])
    assert Fraction(1, 2) < end < Fraction(5, 2)
    with open_reader(path, end=end) as reader:
        pts = scan(reader)
        assert len(pts) > 10
        assert_same_planes(reader.read(pts, 0, len(pts)), whole.cut(0, len(pts)))


def test_a_change_of_size_is_refused(tmp_path):
    small, large = tmp_path / "small.ts", tmp_path / "large.ts"
    write(small, Recipe())
    write(large, Recipe(size=(64, 80), pts=range(20 * 512, 40 * 512, 512)))
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    assert "one frame size" in error_of(both)


@pytest.mark.parametrize(("name", "spacing"), [("clip.mp4", 40), ("clip.mkv", 40), ("clip.mkv", 400), ("clip.ts", 40)])
def test_damage_in_the_middle_is_never_silent(tmp_path, name, spacing):
    path = tmp_path / name
    write(path, Recipe(pts=LONG, size=(96, 128)))
    with open_reader(path) as reader:
        pts = scan(reader)
        whole = reader.read(pts, 0, 60)
    data = bytearray(path.read_bytes())
    for index in range(len(data) // 2, len(data) * 6 // 10, spacing):
        data[index] ^= 0xFF
    path.write_bytes(data)
    with open_reader(path) as reader:
        try:
            pts = scan(reader)
            found = reader.read(pts, 0, len(pts))
        except ClipError as error:
            assert "--end" in str(error)  # noqa: PT017
            return
    undamaged = len(pts) == 60 and all((a == b).all() for a, b in zip(found.planes, whole.planes))
    assert reader.info.notes or undamaged


def test_a_file_that_changed_after_the_scan(tmp_path):
    path = tmp_path / "clip.mp4"
    write(path)
    with open_reader(path) as reader, pytest.raises(ClipError, match="changed"):
        reader.read(np.array([0, 512, 1000]), 0, 3)
