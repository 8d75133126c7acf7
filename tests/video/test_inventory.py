"""What a result holds beside pictures and sound is what its clip held, or a line says what is not kept."""

import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.video.clips import Recipe, packets_of, write
from tests.video.test_results import SHORT, run
from vidinpaint.video.containers.choice import fitting_output
from vidinpaint.video.containers.frame_side_data import named_side_data
from vidinpaint.video.containers.inventory import differences, take_inventory
from vidinpaint.video.containers.stream_header import side_data_boxes, with_boxes
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.readers import open_reader

RICH = Recipe(audio=("eng", "fra"), chapters=True, rotation=90)
SUFFIXES = {
    ".mp4": RICH,
    ".mov": RICH,
    ".mkv": replace(RICH, subtitles=("eng",), attachment=b"a font"),
    ".ts": Recipe(audio=("eng",)),
}


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


EQUIRECTANGULAR = box(b"proj", box(b"prhd", bytes(16)) + box(b"equi", bytes(20)))
BOXES = {
    b"sv3d": box(b"sv3d", box(b"svhd", bytes(4) + b"test\0") + EQUIRECTANGULAR),
    b"mdcv": box(b"mdcv", struct.pack(">8H2I", *range(1, 9), 10_000_000, 50)),
    b"clli": box(b"clli", struct.pack(">2H", 1000, 400)),
}


def with_side_data(path: Path) -> None:
    """A clip whose stream has all of `BOXES`."""
    plain = path.with_name("plain.nut")
    write(plain, Recipe(codec="mpeg4", options={}, base=Fraction(1, 25), pts=tuple(range(5))))
    marked = with_boxes(plain, BOXES)
    assert marked is not None
    with marked, av.open(str(plain)) as source, av.open(str(path), "w", options={"strict": "unofficial"}) as output:
        stream = output.add_stream_from_template(marked.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                output.mux(packet)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_result_in_the_container_of_its_clip_holds_the_same(tmp_path, suffix):
    source, output = tmp_path / f"in{suffix}", tmp_path / f"out{'.mkv' if suffix == '.ts' else suffix}"
    write(source, SUFFIXES[suffix])
    assert [note for note in run(source, output, SHORT) if "rounded" not in note] == []
    before, after = take_inventory(source), take_inventory(output)
    assert [stream.kind for stream in after.others] == [stream.kind for stream in before.others]
    assert len(after.others) == len(SUFFIXES[suffix].audio) + (2 if suffix == ".mkv" else 0)
    assert len(after.chapters) == len(before.chapters)
    assert after.tags.get("title") == before.tags.get("title")


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_side_data_of_a_stream_is_kept(tmp_path, suffix):
    source, output = tmp_path / "in.mp4", tmp_path / f"out{suffix}"
    with_side_data(source)
    assert not [note for note in run(source, output, SHORT) if "not kept" in note]
    with av.open(str(source)) as before, av.open(str(output)) as after:
        boxes = side_data_boxes(before.streams.video[0])
        assert BOXES.keys() <= boxes.keys()
        assert side_data_boxes(after.streams.video[0]) == boxes
        assert {"360 degree mark", "content light level"} <= named_side_data(next(after.decode(video=0)))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_marks_in_the_frames_alone_are_kept_for_the_stream(tmp_path, suffix):
    """HDR10 and stereo pictures as encoders write them: no container says it, only the frames do."""
    source, output = tmp_path / "in.mkv", tmp_path / f"out{suffix}"
    display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
    hdr = f"log-level=none:hdr10=1:max-cll=1000,400:master-display={display}"
    options = {"preset": "ultrafast", "x265-params": hdr}
    write(source, Recipe(pts=range(3), base=Fraction(1, 25), format="yuv420p10le", codec="libx265", options=options))
    assert not [note for note in run(source, output, SHORT) if "not kept" in note]
    with av.open(str(output)) as after:
        boxes = side_data_boxes(after.streams.video[0])
    assert boxes[b"clli"] == BOXES[b"clli"]
    primaries = (13250, 34500, 7500, 3000, 34000, 16000, 15635, 16450, 10000000, 50)
    assert boxes[b"mdcv"] == box(b"mdcv", struct.pack(">8H2I", *primaries))
    stereo, output = tmp_path / "stereo.mkv", tmp_path / f"stereo_out{suffix}"
    write(stereo, Recipe(pts=range(3), base=Fraction(1, 25), options={"x264-params": "frame-packing=3"}))
    assert not [note for note in run(stereo, output, SHORT) if "not kept" in note]
    if suffix == ".mp4":  # FFmpeg writes Apple's box as well, and reads that, which does not say how they lie
        assert output.read_bytes().partition(b"st3d")[2][:5] == bytes([0, 0, 0, 0, 2])
        return
    with av.open(str(output)) as after:
        assert side_data_boxes(after.streams.video[0])[b"st3d"][-1] == 2


def test_everything_that_is_missing_is_named(tmp_path):
    source = tmp_path / "in.mkv"
    write(source, SUFFIXES[".mkv"])
    full = replace(take_inventory(source), side_data={"closed captions (CEA-608/708)": 3}, timecode="01:00:00:00")
    video = replace(full.video, marks=full.video.marks | {"forced"}, tags={"title": "a"})
    empty = replace(full, tags={}, others=(), chapters=(), side_data={}, timecode="")
    lost = differences(replace(full, video=video), empty, [])
    words = ("captions", "time code 01", "mark 'forced'", "title (a) of video", "audio stream 1", "audio stream 2",
             "subtitle stream 3", "attachment stream 4", "title (a test) of the file", "chapter 'one'")  # fmt: skip
    for word in words:
        assert len([line for line in lost if word in line]) == 1, (word, lost)
    assert len(lost) == len(words)
    assert differences(full, full, []) == []


def test_a_time_code_moves_with_the_start(tmp_path):
    plain, source, output = tmp_path / "plain.mov", tmp_path / "in.mov", tmp_path / "out.mov"
    write(plain, RICH)
    with av.open(str(plain)) as clip, av.open(str(source), "w") as coded:
        coded.metadata["timecode"] = "01:00:00:00"
        stream = coded.add_stream_from_template(clip.streams.video[0])
        stream.codec_context.framerate = Fraction(25)
        for packet in clip.demux(video=0):
            if packet.size:
                packet.stream = stream
                coded.mux(packet)
    assert run(source, output, SHORT, start=Fraction(2, 5)) == []
    assert take_inventory(output).timecode == "01:00:00:10"


@pytest.mark.parametrize("suffix", [".webm", ".mkv"])
def test_opacity_of_vp9_is_kept(tmp_path, suffix):
    opaque, source, output = tmp_path / "in.mkv", tmp_path / "in.webm", tmp_path / f"out{suffix}"
    write(opaque, Recipe(pts=range(0, 200, 40), base=Fraction(1, 1000), format="yuva420p", codec="ffv1", options={}))
    run(opaque, source, Encoding("vp9", crf=10), lengths=(3,))
    run(source, output, Encoding("vp9", crf=10), lengths=(2,))
    with open_reader(opaque) as first, open_reader(output) as last:
        pts = [np.array([frame.pts for frame in reader.scan()], np.int64) for reader in (first, last)]
        before, after = first.read(pts[0], 0, 5), last.read(pts[1], 0, 5)
    assert after.format.alpha
    assert np.abs(after.planes[3].astype(int) - before.planes[3]).mean() < 8
    assert "mp4 does not keep the opacity" in " ".join(run(source, tmp_path / "out.mp4", Encoding("vp9", crf=10)))


def test_sound_that_a_table_does_not_list_goes_into_matroska(tmp_path):
    source = tmp_path / "in.avi"
    with av.open(str(source), "w") as container:
        video = container.add_stream("mpeg4", rate=25, width=64, height=48)
        sound = container.add_stream("adpcm_ms", rate=16000)
        for index in range(10):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = index
            container.mux(video.encode(frame))
        audio = av.AudioFrame.from_ndarray(np.zeros((1, 12800), np.int16), "s16", "stereo")
        audio.sample_rate, audio.pts = 16000, 0
        container.mux(sound.encode(audio))
        container.mux(video.encode(None) + sound.encode(None))
    assert not [note for note in run(source, tmp_path / "out.mkv", SHORT) if "audio" in note]
    with av.open(str(tmp_path / "out.mkv")) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) >= 6400
    (note,) = (note for note in run(source, tmp_path / "out.mp4", SHORT) if "audio" in note)
    assert "is lost" in note
    assert ".mkv" in note
    assert fitting_output("out.mp4", source, "h264") == "out.mkv"
    assert fitting_output("out.mkv", source, "h264") == "out.mkv"


def test_mp4_holds_pcm_whose_channels_have_no_names(tmp_path):
    source, output = tmp_path / "in.mkv", tmp_path / "out.mp4"
    with av.open(str(source), "w") as container:
        video, sound = (
            container.add_stream("ffv1", rate=25, width=64, height=48),
            container.add_stream("pcm_s16le", 48000),
        )
        frame = av.VideoFrame(64, 48, "yuv420p")
        frame.pts = 0
        audio = av.AudioFrame.from_ndarray(np.arange(2 * 1920, dtype=np.int16)[None], "s16", "stereo")
        audio.sample_rate, audio.pts = 48000, 0
        container.mux(video.encode(frame) + video.encode(None) + sound.encode(audio) + sound.encode(None))
    assert not [note for note in run(source, output, SHORT) if "audio" in note]
    assert b"".join(bytes(payload) for payload, *_ in packets_of(output, "audio")[0]) == b"".join(
        payload for payload, *_ in packets_of(source, "audio")[0]
    )


def test_mov_keeps_languages_under_the_code_that_it_knows(tmp_path):
    languages = ("deu", "nld", "fre", "swe", "eng")
    write(tmp_path / "in.mkv", Recipe(pts=range(3), base=Fraction(1, 25), audio=languages))
    assert not [note for note in run(tmp_path / "in.mkv", tmp_path / "out.mov", SHORT) if "language" in note]
    with av.open(str(tmp_path / "out.mov")) as container:
        assert [stream.language for stream in container.streams.audio] == ["ger", "dut", "fra", "sve", "eng"]


CONVERSIONS = [(".mkv", ".mp4", "mov_text"), (".mkv", ".mov", "mov_text"), (".mp4", ".mkv", "subrip")]


@pytest.mark.parametrize(("before", "after", "codec"), CONVERSIONS)
def test_subtitles_of_text_are_converted_where_the_container_needs_it(tmp_path, before, after, codec):
    plain, source, output = tmp_path / "plain.mkv", tmp_path / f"in{before}", tmp_path / f"out{after}"
    write(plain, Recipe(pts=range(25), base=Fraction(1, 25), subtitles=("eng",)))
    run(plain, source, SHORT)
    (note,) = (note for note in run(source, output, SHORT) if "subtitle" in note)
    assert f"became {codec}" in note
    with av.open(str(output)) as container:
        stream = container.streams.subtitles[0]
        assert (stream.codec_context.codec.canonical_name, stream.language) == (codec, "eng")
        packets = [packet for packet in container.demux(stream) if packet.size > 2]
    assert [bytes(packet)[2 * (codec == "mov_text") :].decode() for packet in packets] == ["line at 100", "line at 400"]
    times = [(packet.pts * packet.time_base, packet.duration * packet.time_base) for packet in packets]
    assert times == [(Fraction(1, 10), Fraction(1, 5)), (Fraction(2, 5), Fraction(1, 5))]
