"""Time stamps that start again, repeat or are missing: a steady clip with all its sound, and a true note."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.video.clips import Recipe, packets_of, times_of, write
from vidinpaint.masks.masks import open_masks
from vidinpaint.masks.specs import mask_specs
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.readers import Reader, open_reader
from vidinpaint.video.time_stamps.jumps import find_jumps
from vidinpaint.video.time_stamps.rising import RisingStamps, straightened
from vidinpaint.video.writers import open_writer

B_FRAMES = {"crf": "20", "g": "10", "bf": "2", "preset": "veryfast"}


def scan(reader: Reader) -> np.ndarray:
    return np.array([frame.pts for frame in reader.scan()], np.int64)


def rewrite(source: Path, output: Path) -> list[str]:
    """Encode the frames of `source` unchanged, with its other streams; returns all notes."""
    with (
        open_reader(source, strict=False) as reader,
        open_writer(output, reader, Encoding(preset="ultrafast")) as writer,
    ):
        pts = scan(reader)
        for index, start in enumerate(range(0, len(pts), 20)):
            writer.write(index, reader.read(pts, start, min(start + 20, len(pts))))
        return [*reader.info.notes, *writer.finish()]


def joined(tmp_path: Path, name: str, second_offset: int = 0) -> Path:
    """Two recordings of a second, one behind the other in one file."""
    parts = []
    for number, offset in enumerate((0, second_offset)):
        part = tmp_path / f"{number}{name}"
        stamps = range(offset * 25, offset * 25 + 25)
        audio = () if offset else ("eng",)
        write(part, Recipe(pts=stamps, base=Fraction(1, 25), options=B_FRAMES, audio=audio))
        parts.append(part.read_bytes())
    both = tmp_path / name
    both.write_bytes(b"".join(parts))
    return both


@pytest.mark.parametrize("name", ["clip.ts", "clip.mkv"])
def test_joined_recordings_get_one_clock_and_keep_all_sound(tmp_path, name):
    source = joined(tmp_path, name)
    notes = rewrite(source, tmp_path / "out.mp4")
    steps = np.diff([float(time) for time in times_of(tmp_path / "out.mp4")])
    assert len(steps) == 49
    join = steps[24]
    assert np.abs(np.delete(steps, 24) - 0.04).max() < 0.002
    assert 0.03 < join < 0.2
    before, after = packets_of(source, "audio")[0], packets_of(tmp_path / "out.mp4", "audio")[0]
    assert len(after) == len(before)
    assert [payload[-8:] for payload, _, _ in before] == [payload[-8:] for payload, _, _ in after]
    times = [float(time) for _, time, _ in after]
    assert (np.diff(times) > 0).all()
    assert max(times) > 1.9  # the second half of the sound is behind the second half of the picture
    assert any("start again" in note for note in notes)
    assert not any("cannot hold" in note for note in notes)


def test_parts_of_a_joined_recording_may_be_short(tmp_path):
    source = joined(tmp_path, "clip.ts", second_offset=5000)
    part = (tmp_path / "0clip.ts").read_bytes()
    source.write_bytes(source.read_bytes() + part + part)
    with open_reader(source) as reader:
        steps = np.diff(scan(reader)) * reader.info.time_base
    assert len(steps) == 99
    assert min(steps) > 0.03
    assert max(steps) < 0.2


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_stamps_before_the_beginning_count_from_it(tmp_path, suffix):
    """Matroska stores no negative times; FFmpeg reads those of a careless cut as missing."""
    source, output = tmp_path / "in.mkv", tmp_path / f"out{suffix}"
    recipe = Recipe(pts=range(-280, 720, 40), base=Fraction(1, 1000), options=B_FRAMES)
    write(source, replace(recipe, container_options={"avoid_negative_ts": "disabled"}))
    rewrite(source, output)
    times = [float(time) for time in times_of(output)]
    assert times == pytest.approx(np.arange(25) * 0.04, abs=0.0015)


def test_a_last_packet_of_unknown_duration_is_heard(tmp_path):
    source, output = tmp_path / "in.nut", tmp_path / "out.mp4"
    with av.open(str(source), "w") as container:
        video, sound = container.add_stream("ffv1", rate=25, width=64, height=48), container.add_stream("flac", 44100)
        for index in range(25):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = index
            container.mux(video.encode(frame))
        audio = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 46000), np.int16), "s16", "stereo")
        audio.sample_rate, audio.pts = 44100, 0
        container.mux(video.encode(None) + sound.encode(audio) + sound.encode(None))
    rewrite(source, output)
    before, after = packets_of(source, "audio")[0], packets_of(output, "audio")[0]
    assert [payload for payload, _, _ in after] == [payload for payload, _, _ in before]
    with av.open(str(output)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) >= 46000


def test_a_long_gap_between_joined_recordings_is_closed(tmp_path):
    with open_reader(joined(tmp_path, "clip.ts", second_offset=5000)) as reader:
        steps = np.diff(scan(reader)) * reader.info.time_base
    assert len(steps) == 49
    assert max(steps) < 1


def test_any_window_of_joined_recordings_equals_reading_in_order(tmp_path):
    source = joined(tmp_path, "clip.ts")
    with open_reader(source) as reader:
        pts = scan(reader)
        whole = reader.read(pts, 0, 50)
    for start in (40, 30, 24, 11, 2):
        with open_reader(source) as reader:
            part = reader.read(pts, start, start + 3)
        np.testing.assert_array_equal(part.planes[0], whole.planes[0][start : start + 3])


@pytest.mark.parametrize("name", ["clip.avi", "clip.h264"])
def test_pictures_without_times_of_presentation_move_steadily(tmp_path, name):
    source = tmp_path / name
    write(source, Recipe(pts=range(30), base=Fraction(1, 25), options=B_FRAMES))
    with open_reader(source) as reader:
        pts = scan(reader)
        base = reader.info.time_base
        last = reader.read(pts, 29, 30)
        notes = reader.info.notes
    assert [step * base for step in np.diff(pts).tolist()] == [Fraction(1, 25)] * 29
    with av.open(str(source)) as container:
        shown = [frame.to_ndarray() for frame in container.decode(video=0)]
    np.testing.assert_array_equal(last.planes[0][0], shown[29][:48])
    assert any("shown in" in note or "no time stamps" in note for note in notes)


JUMPS = {
    "steady": ([0, 10, 20, 30], []),
    "start again": ([0, 10, 20, 0, 10, 20], [3]),
    "twice": ([0, 10, 20, 0, 10, 20, 0, 10], [3, 6]),
    "repeated": ([0, 10, 20, 20, 30], []),
    "one too early": ([0, 10, 20, 5, 30, 40], []),
    "one too late": ([0, 10, 900, 20, 30, 40], []),
    "gap": ([0, 10, 900, 910], [2]),
    "early at the end": ([0, 10, 20, 5], []),
}


@pytest.mark.parametrize("name", JUMPS)
def test_a_jump_is_where_stamps_stay_away(name):
    stamps, expected = JUMPS[name]
    assert find_jumps(np.array(stamps), longest_gap=500) == expected


def test_a_repeated_packet_of_sound_costs_nothing(tmp_path):
    plain, odd = tmp_path / "plain.mkv", tmp_path / "odd.mkv"
    write(plain, Recipe(pts=range(0, 1000, 40), base=Fraction(1, 1000), options={"bf": "0"}, audio=("eng",)))
    with av.open(str(plain)) as source, av.open(str(odd), "w") as target:
        copies = {stream: target.add_stream_from_template(stream) for stream in source.streams}
        last = 0
        for packet in source.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "audio":
                if 500 < packet.pts < 570:
                    packet.pts = packet.dts = last
                last = packet.pts
            packet.stream = copies[packet.stream]
            target.mux(packet)
    notes = rewrite(odd, tmp_path / "out.mp4")
    before, after = packets_of(plain, "audio")[0], packets_of(tmp_path / "out.mp4", "audio")[0]
    assert [payload for payload, _, _ in before] == [payload for payload, _, _ in after]
    assert float(after[-1][1] - after[0][1]) == pytest.approx(float(before[-1][1] - before[0][1]), abs=0.002)
    assert any("audio" in note and "moved" in note for note in notes)


@pytest.mark.parametrize("odd", [-0.3, 900])
def test_a_packet_that_is_far_off_goes_between_its_neighbours(tmp_path, odd):
    path = tmp_path / "clip.mkv"
    write(path, Recipe(pts=range(0, 1000, 40), base=Fraction(1, 1000), audio=("eng",)))
    with av.open(str(path)) as container, av.open(str(tmp_path / "out.mp4"), "w") as target:
        copy = target.add_stream_from_template(container.streams.audio[0])
        target.start_encoding()
        packets = [packet for packet in container.demux(audio=0) if packet.size]
        true = [packet.pts for packet in packets]
        packets[5].pts = packets[5].dts = true[5] + round(odd * 1000)
        rising = RisingStamps(target.format.flags)
        found = []
        for packet in straightened(iter(packets)):
            rising(packet, copy)
            found.append(packet.dts * packet.time_base)
    assert (np.diff([float(time) for time in found]) > 0).all()
    assert [round(time * 1000) for time in found[:5] + found[6:]] == pytest.approx(true[:5] + true[6:], abs=1)


def test_times_are_those_of_a_players_clock(tmp_path):
    source = tmp_path / "late.mp4"
    write(source, Recipe(pts=range(15, 40), base=Fraction(1, 25), options=B_FRAMES, audio=("eng",)))
    with open_reader(source) as reader:
        pts, base = scan(reader), reader.info.time_base
        place = reader.locate(pts)
    assert (place.origin - place.zero) * base == Fraction(3, 5)
    masks = open_masks(mask_specs("4,4,8,8@0.8-1.2"), 64, 48, pts, base, zero=place.zero, origin=place.origin)
    assert np.flatnonzero(masks.read(0, 25).any((1, 2))).tolist() == list(range(5, 15))
    with open_reader(source, start=Fraction(4, 5), end=Fraction(6, 5)) as reader:
        assert scan(reader).tolist() == pts[5:15].tolist()
