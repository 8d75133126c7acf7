"""From a source to a result: exact pixels, exact times, everything else copied."""

import itertools
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.video.clips import BASE, Recipe, packets_of, times_of, write
from vidinpaint.core.errors import OutputError, SettingError
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.readers import open_reader
from vidinpaint.video.writers import ArrayWriter, open_writer

UNEVEN = tuple(np.cumsum([0, *np.random.default_rng(1).integers(100, 1500, 69)]).tolist())
SHORT = Encoding(preset="ultrafast")
LOSSLESS = Encoding("ffv1")


def run(source: Path, output: Path, encoding: Encoding = LOSSLESS, lengths=(1, 2, 50, 7), **span: Fraction):
    """Write all frames of the source in segments of different lengths; returns the notes."""
    with open_reader(source, **span) as reader:
        pts = np.array([frame.pts for frame in reader.scan()], np.int64)
        with open_writer(output, reader, encoding) as writer:
            start = index = 0
            while start < len(pts):
                stop = min(len(pts), start + lengths[index % len(lengths)])
                writer.write(index, reader.read(pts, start, stop))
                start, index = stop, index + 1
            notes = writer.finish()
    assert not [file for file in output.parent.iterdir() if file.name.startswith(".")]
    return notes


def decoded(path: Path) -> list[np.ndarray]:
    with open_reader(path) as reader:
        pts = np.array([frame.pts for frame in reader.scan()], np.int64)
        return list(reader.read(pts, 0, len(pts)).planes)


@pytest.mark.parametrize("size", [(48, 64), (45, 63), (239, 431), (35, 21), (17, 15), (1, 1)])
@pytest.mark.parametrize(
    "format",
    ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "gray", "gray10le", "gbrp10le", "yuva420p"],
)
def test_ffv1_keeps_every_sample(tmp_path, format, size):
    source, output = tmp_path / "in.mkv", tmp_path / "out.mkv"
    recipe = Recipe(pts=range(0, 200, 40), base=Fraction(1, 1000), format=format, size=size, codec="ffv1",
                    options={}, colour=(2, 1, 13, 1 if "yuv" in format else 2))  # fmt: skip
    planes = write(source, recipe)
    assert run(source, output, lengths=(2,)) == []
    with open_reader(output) as reader:
        assert reader.info.format.name == format
        assert (reader.info.height, reader.info.width) == size
        assert reader.info.tags.range == 2
    for found, expected in zip(decoded(output), planes):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("stamps", [UNEVEN, tuple(range(0, 70 * 512, 512))])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_times_are_exact_across_segments_with_b_frames(tmp_path, suffix, stamps, codec):
    source, output = tmp_path / "in.mp4", tmp_path / f"out{suffix}"
    write(source, Recipe(size=(64, 64), pts=stamps))
    notes = run(source, output, Encoding(codec, preset="veryfast"))
    with av.open(str(output)) as container:
        stream = container.streams.video[0]
        base = stream.time_base
        packets = [packet for packet in container.demux(stream) if packet.size]
    decoding_times = [packet.dts for packet in packets if packet.dts is not None]
    assert all(a < b for a, b in itertools.pairwise(decoding_times))
    assert any(later.pts < earlier.pts for earlier, later in itertools.pairwise(packets))  # there are B-frames
    found = times_of(output)
    assert len(found) == 70
    expected = [stamp * BASE for stamp in stamps]
    if suffix == ".mkv":
        assert any("rounded" in note for note in notes) == (stamps is UNEVEN)
        assert max(abs(a - b) for a, b in zip(found, expected)) <= base / 2
    else:
        assert notes == []
        assert found == expected
    if suffix in (".mp4", ".mov"):
        assert base == BASE


@pytest.mark.parametrize("first", [90000, -2048])
def test_a_first_time_other_than_zero_is_kept(tmp_path, first):
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source, Recipe(pts=[first + 512 * index for index in range(20)]))
    assert run(source, output, SHORT) == []
    assert times_of(output) == times_of(source)


def test_h264_is_close_to_the_source(tmp_path):
    source, output = tmp_path / "in.mkv", tmp_path / "out.mkv"
    planes = write(source, Recipe(codec="ffv1", options={}, format="yuv422p10le"))
    run(source, output, Encoding(crf=8, preset="veryfast"))
    found = decoded(output)
    assert found[0].dtype == np.uint16
    assert np.abs(found[0].astype(int) - planes[0]).mean() < 6  # of 1023


RICH = Recipe(
    pts=UNEVEN, audio=("eng", "fra"), rotation=90, aspect=Fraction(4, 3), chapters=True, colour=(1, 9, 16, 9),
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_audio_and_metadata_are_kept(tmp_path, suffix):
    source, output = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    write(source, RICH)
    notes = run(source, output, SHORT)
    assert packets_of(output, "audio") == packets_of(source, "audio")
    assert len(packets_of(output, "audio")) == 2
    with open_reader(source) as before, open_reader(output) as after:
        assert after.info.rotation == before.info.rotation
        assert after.info.sample_aspect == Fraction(4, 3)
        assert after.info.tags == before.info.tags
    with av.open(str(source)) as before, av.open(str(output)) as after:
        assert [s.language for s in after.streams.audio] == ["eng", "fra"]
        assert after.metadata["title"] == "a test"
        assert [(c["start"] * c["time_base"], c["end"] * c["time_base"], c["metadata"]) for c in after.chapters()] == [
            (Fraction(0), Fraction(1, 2), {"title": "one"})
        ]
        assert [s.disposition for s in after.streams.audio] == [s.disposition for s in before.streams.audio]
    assert notes == []


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_rotation(tmp_path, suffix, degrees):
    source, output = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    write(source, Recipe(rotation=degrees))
    with open_reader(source) as reader:
        turned = reader.info.rotation
    assert turned % 360 == degrees
    run(source, output, SHORT)
    with open_reader(output) as reader:
        assert reader.info.rotation == turned


def test_subtitles_and_attachments_are_kept_or_noted(tmp_path):
    source = tmp_path / "in.mkv"
    write(source, Recipe(subtitles=("eng", "fra"), attachment=b"a font", audio=("eng",)))
    kept = tmp_path / "out.mkv"
    notes = run(source, kept, SHORT)
    assert [note for note in notes if "rounded" not in note] == []
    assert packets_of(kept, "subtitle") == packets_of(source, "subtitle")
    assert len(packets_of(kept, "subtitle")) == 2
    with av.open(str(kept)) as container:
        attachments = [stream for stream in container.streams if stream.type == "attachment"]
        assert [(a.name, a.mimetype, a.data) for a in attachments] == [("notes.txt", "text/plain", b"a font")]
    lost = tmp_path / "out.mp4"
    notes = run(source, lost, SHORT)
    assert len([note for note in notes if "subtitle stream" in note]) == 2
    assert len([note for note in notes if "attachment stream" in note]) == 1
    assert packets_of(lost, "audio")[0][0][0] == packets_of(source, "audio")[0][0][0]


def test_a_part_starts_at_zero_with_its_own_audio(tmp_path):
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source, Recipe(pts=range(0, 25 * 512, 512), audio=("eng",), chapters=True))
    run(source, output, SHORT, start=Fraction(2, 5), end=Fraction(4, 5))
    assert times_of(output) == [Fraction(index, 25) for index in range(10)]
    before = {data: time for data, time, _ in packets_of(source, "audio")[0]}
    after = packets_of(output, "audio")[0]
    assert 6 <= len(after) <= 9  # 0.4 s in packets of 64 ms, and those that overlap its ends
    for data, time, length in after:
        assert abs(before[data] - Fraction(2, 5) - time) <= Fraction(1, 16000)
        assert time + length > 0
        assert time < Fraction(2, 5)
    with av.open(str(output)) as container:
        assert [c["end"] * c["time_base"] for c in container.chapters()] == [Fraction(1, 10)]


def test_an_empty_mask_copies_everything(tmp_path):
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source, RICH)
    with open_reader(source) as reader, open_writer(output, reader) as writer:
        assert writer.copy() == []
    for kind in ("video", "audio"):
        assert packets_of(output, kind) == packets_of(source, kind)
    with open_reader(output) as reader:
        assert reader.info.rotation == 90
    with open_reader(source, end=Fraction(1, 2)) as reader, open_writer(tmp_path / "part.mp4", reader) as writer:
        assert writer.copy() is None


def test_odd_sizes_come_out_odd(tmp_path):
    source = tmp_path / "in.mkv"
    write(source, Recipe(codec="ffv1", options={}, size=(35, 21)))
    notes = run(source, tmp_path / "out.mp4", SHORT)
    assert any("yuv444p" in note for note in notes)
    with open_reader(tmp_path / "out.mp4") as reader:
        assert (reader.info.height, reader.info.width) == (35, 21)


def test_outputs_that_cannot_be_written(tmp_path):
    source = tmp_path / "in.mp4"
    write(source)
    (tmp_path / "there.mp4").touch()
    cases = {
        "there.mp4": "--overwrite", "in.mp4": "for both", "none/out.mp4": "Create it", "out.xyz": ".mkv",
    }  # fmt: skip
    with open_reader(source) as reader:
        for name, remedy in cases.items():
            with pytest.raises(OutputError, match=remedy):
                open_writer(tmp_path / name, reader)
        with pytest.raises(OutputError, match="--codec"):
            open_writer(tmp_path / "out.mov", reader, LOSSLESS)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["in.mp4", "there.mp4"]


def test_an_interrupted_run_leaves_no_file(tmp_path):
    source = tmp_path / "in.mp4"
    write(source)
    with open_reader(source) as reader:
        pts = np.array([frame.pts for frame in reader.scan()])
        with pytest.raises(KeyboardInterrupt), open_writer(tmp_path / "out.mp4", reader) as writer:  # noqa: PT012
            writer.write(0, reader.read(pts, 0, 10))
            raise KeyboardInterrupt
    assert [file.name for file in tmp_path.iterdir()] == ["in.mp4"]


def test_overwriting_replaces_the_file_at_the_end_only(tmp_path):
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source)
    output.write_text("old")
    with open_reader(source) as reader:
        pts = np.array([frame.pts for frame in reader.scan()])
        with open_writer(output, reader, SHORT, overwrite=True) as writer:
            writer.write(0, reader.read(pts, 0, 20))
            assert output.read_text() == "old"
            writer.finish()
    assert len(times_of(output)) == 20


@pytest.mark.parametrize("wrong", [{"codec": "divx"}, {"crf": 99}, {"preset": "quick"}])
def test_settings_of_the_encoder_are_checked(wrong):
    with pytest.raises(SettingError):
        Encoding(**wrong)


def test_arrays_go_through_unchanged():
    frames = np.random.default_rng(1).integers(0, 256, (5, 6, 7, 3)).astype(np.uint8)
    with open_reader(frames) as reader:
        pts = np.array([frame.pts for frame in reader.scan()])
        writer = open_writer(None, reader)
        writer.write(0, reader.read(pts, 0, 2))
        writer.write(1, reader.read(pts, 2, 5))
    assert writer.finish() == []
    assert isinstance(writer, ArrayWriter)
    np.testing.assert_array_equal(writer.frames, frames)


def test_a_broadcast_recording_goes_into_mp4(tmp_path):
    source, output = tmp_path / "in.ts", tmp_path / "out.mp4"
    write(source, Recipe(pts=range(126000, 126000 + 40 * 3600, 3600), base=Fraction(1, 90000), audio=("eng",)))
    assert run(source, output, SHORT) == []
    assert times_of(output) == times_of(source)
    with av.open(str(output)) as container:
        assert container.streams.video[0].time_base == Fraction(1, 90000)
    assert len(packets_of(output, "audio")[0]) == len(packets_of(source, "audio")[0])


def test_vp9_in_webm(tmp_path):
    source, output = tmp_path / "in.mp4", tmp_path / "out.webm"
    write(source, Recipe(pts=range(0, 12 * 512, 512), size=(35, 22), format="yuv444p"))
    assert run(source, output, Encoding("vp9", crf=20), lengths=(5,)) == []
    assert len(times_of(output)) == 12


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from vidinpaint.core.errors import OutputError
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.readers import open_reader
from vidinpaint.video.writers import open_writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
with open_reader(sys.argv[1]) as reader:
    pts = np.array([frame.pts for frame in reader.scan()])
    try:
        with open_writer(sys.argv[2], reader, Encoding("ffv1")) as writer:
            for index in range(4):
                writer.write(index, reader.read(pts, 5 * index, 5 * index + 5))
            writer.finish()
    except OutputError as error:
        sys.stdout.write(str(error))
"""


@pytest.mark.parametrize("limit", [20_000, 90_000])
def test_a_full_disk_is_a_one_line_error_and_leaves_no_file(tmp_path, limit):
    source = tmp_path / "in.mp4"
    write(source, Recipe(size=(96, 128)))
    command = [sys.executable, "-c", FULL_DISK, str(source), str(tmp_path / "out.mkv"), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "too large" in done.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["in.mp4"]


def test_ffmpeg_prints_nothing(tmp_path, capfd):
    source = tmp_path / "in.mp4"
    write(source, Recipe(size=(64, 64)))
    for codec in ("h264", "hevc", "ffv1", "vp9"):
        run(source, tmp_path / f"{codec}.mkv", Encoding(codec, crf=20, preset="ultrafast"))
    assert capfd.readouterr() == ("", "")


def test_arrays_and_folders_have_nothing_to_copy(tmp_path):
    source = tmp_path / "in.mp4"
    write(source, Recipe())
    with open_reader(source) as reader:
        assert ArrayWriter().copy() is None
        with open_writer(tmp_path / "frames", reader) as writer:
            assert writer.copy() is None
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]
