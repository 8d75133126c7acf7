"""Damaged and truncated files: what can be read is read, at its times, and the rest is said; strict readers refuse."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import vidinpaint
from tests.video.clips import Recipe, write
from tests.video.test_clocks import rewrite, scan
from vidinpaint.core.errors import ClipError
from vidinpaint.video.readers import open_reader

FRAMES = 30
MOTION_JPEG = Recipe(
    pts=range(FRAMES), base=Fraction(1, 25), format="yuvj420p", codec="mjpeg", options={}, size=(96, 128)
)


def damaged(path: Path, recipe: Recipe, packets: list[int]) -> list[np.ndarray]:
    """Write a clip with damaged packets; returns the luma of its frames before that."""
    write(path, recipe)
    with av.open(str(path)) as container:
        whole = [frame.to_ndarray()[: recipe.size[0]] for frame in container.decode(video=0)]
        places = [(packet.pos, packet.size) for packet in container_packets(path)]
    data = bytearray(path.read_bytes())
    for number in packets:
        start = data.find(bytes(container_packets(path)[number]), places[number][0])
        data[start : start + places[number][1]] = bytes(places[number][1])
    path.write_bytes(data)
    return whole


def container_packets(path: Path) -> list[av.Packet]:
    with av.open(str(path)) as container:
        return [packet for packet in container.demux(video=0) if packet.size]


def test_a_picture_that_cannot_be_decoded_is_the_last_good_one_at_its_own_time(tmp_path):
    path = tmp_path / "clip.mkv"
    whole = damaged(path, MOTION_JPEG, [9, 10, 20])
    with open_reader(path, strict=False) as reader:
        pts = scan(reader)
        luma = reader.read(pts, 0, FRAMES).planes[0]
        notes = reader.info.notes
    assert [step * reader.info.time_base for step in np.diff(pts).tolist()] == [Fraction(1, 25)] * (FRAMES - 1)
    for t in range(FRAMES):
        np.testing.assert_array_equal(luma[t], whole[{9: 8, 10: 8, 20: 19}.get(t, t)])
    assert any(note.startswith("3 frames cannot be decoded, between 0.36 and 0.80 s") for note in notes)
    with open_reader(path, strict=False) as reader:  # from the middle, as a worker reads it
        np.testing.assert_array_equal(reader.read(pts, 10, 13).planes[0], luma[10:13])
    with open_reader(path) as reader, pytest.raises(ClipError, match="damage"):
        scan(reader)


@pytest.mark.parametrize("number", [0, FRAMES - 1])
def test_damage_at_the_ends(tmp_path, number):
    path = tmp_path / "clip.mkv"
    damaged(path, MOTION_JPEG, [number])
    with open_reader(path, strict=False) as reader:
        assert len(scan(reader)) == FRAMES - (number == 0)
        assert any("cannot be decoded" in note for note in reader.info.notes)


def test_a_damaged_key_frame_gives_the_same_pictures_wherever_reading_starts(tmp_path):
    path = tmp_path / "clip.mkv"
    recipe = Recipe(pts=range(0, 1600, 40), base=Fraction(1, 1000), options={"crf": "20", "g": "10", "bf": "2"})
    damaged(path, recipe, [10])
    with open_reader(path, strict=False) as reader:
        pts = scan(reader)
        whole = reader.read(pts, 0, len(pts))
    assert len(pts) > 28
    for start in (25, 18, 12, 9, 3):
        with open_reader(path, strict=False) as reader:
            part = reader.read(pts, start, start + 3)
        np.testing.assert_array_equal(part.planes[0], whole.planes[0][start : start + 3])


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_a_truncated_clip_is_read_as_far_as_it_goes(tmp_path, name):
    path = tmp_path / name
    options = {"movflags": "faststart"} if name.endswith("mp4") else {}
    recipe = Recipe(pts=range(0, 60 * 512, 512), options={"g": "10", "crf": "20"}, container_options=options)
    write(path, recipe)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 7 // 10])
    notes = rewrite(path, tmp_path / "out.mp4")
    with open_reader(tmp_path / "out.mp4") as reader:
        assert 20 < len(scan(reader)) < 60
    assert any("cut off" in note for note in notes)


def test_damaged_packets_of_sound_do_not_cost_the_track(tmp_path):
    path = tmp_path / "clip.ts"
    write(path, Recipe(pts=range(25), base=Fraction(1, 25), audio=("eng",)))
    data = bytearray(path.read_bytes())
    headers = [place for place in range(len(data) // 2, len(data) - 7) if data[place : place + 2] == b"\xff\xf1"]
    data[headers[0] + 2 : headers[0] + 5] = b"\xff\xff\xff"
    path.write_bytes(data)
    notes = rewrite(path, tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(packet.size > 0 for packet in container.demux(audio=0)) > 8
    assert not any("cannot hold" in note for note in notes)
    assert any("damaged packets" in note for note in notes)


def test_damage_that_only_the_check_sums_of_ffv1_show(tmp_path):
    path = tmp_path / "clip.mkv"
    recipe = Recipe(pts=range(0, 400, 40), base=Fraction(1, 1000), codec="ffv1", options={"slicecrc": "1"})
    write(path, recipe)
    packets = [bytes(packet) for packet in container_packets(path)]
    data = bytearray(path.read_bytes())
    data[data.find(packets[4]) + len(packets[4]) // 2] ^= 1
    path.write_bytes(data)
    with open_reader(path, strict=False) as reader:
        assert len(scan(reader)) == 10
        assert any(note.startswith("1 frame damaged in the source, at 0.16 s") for note in reader.info.notes)
    with open_reader(path) as reader, pytest.raises(ClipError, match="damage"):
        scan(reader)


def test_a_decoder_that_gives_up_on_a_picture_does_not_refuse_the_clip(tmp_path):
    path = tmp_path / "clip.avi"
    write(path, Recipe(pts=range(3), base=Fraction(1, 25), codec="dvvideo", options={}, size=(576, 720)))
    half = tmp_path / "half.avi"
    with av.open(str(path)) as source, av.open(str(half), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(container_packets(path)):
            cut = av.Packet(bytes(packet)[: packet.size // (2 if number == 1 else 1)])
            cut.stream, cut.pts, cut.dts, cut.time_base = copy, number, number, Fraction(1, 25)
            target.mux(cut)
    with open_reader(half, strict=False) as reader:
        assert len(scan(reader)) == 3
        assert any("cannot be decoded" in note for note in reader.info.notes)


@pytest.mark.parametrize("odd", [[9, 10, 11], list(range(15, FRAMES))])
def test_pictures_of_another_size_are_damage_if_they_are_few(tmp_path, odd):
    path, small = tmp_path / "clip.mkv", tmp_path / "small.mkv"
    write(small, replace(MOTION_JPEG, size=(48, 64)))
    write(tmp_path / "plain.mkv", MOTION_JPEG)
    others = container_packets(small)
    with av.open(str(tmp_path / "plain.mkv")) as source, av.open(str(path), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(container_packets(tmp_path / "plain.mkv")):
            chosen = others[number] if number in odd else packet
            chosen.stream = copy
            target.mux(chosen)
    with open_reader(path, strict=False) as reader:
        if len(odd) > 8:
            with pytest.raises(ClipError, match=r"128x96 and then 64x48 after 15 frames.*split the clip there"):
                scan(reader)
            return
        assert len(scan(reader)) == FRAMES
        assert any("3 frames cannot be decoded, between 0.36 and 0.44 s" in note for note in reader.info.notes)


def test_missing_frames_at_the_end_are_said(tmp_path):
    path = tmp_path / "clip.avi"
    write(path, MOTION_JPEG)
    data = bytearray(path.read_bytes())
    places = [packet.pos for packet in container_packets(path)]
    data[places[12] - 8 : places[14] - 8] = bytes(places[14] - places[12])
    path.write_bytes(data)
    with open_reader(path, strict=False) as reader:
        assert len(scan(reader)) < FRAMES
        assert any("announces 1.20 s" in note for note in reader.info.notes)


def test_strict_refuses_through_the_public_function(tmp_path):
    path = tmp_path / "clip.mkv"
    damaged(path, MOTION_JPEG, [9])
    with pytest.raises(ClipError, match="damage"):
        vidinpaint.inpaint(path, "4,4,8,8", tmp_path / "out.mp4", strict=True)
    assert not (tmp_path / "out.mp4").exists()


def test_damaged_sound_is_not_blamed_on_the_output(tmp_path):
    """MP4's muxer rejects damaged AC-3, but only with a later packet, which may be one of the video."""
    path = tmp_path / "clip.mkv"
    recipe = Recipe(pts=range(0, 1000, 40), base=Fraction(1, 1000))
    write(tmp_path / "plain.mkv", recipe)
    with av.open(str(tmp_path / "plain.mkv")) as source, av.open(str(path), "w") as target:
        video, sound = target.add_stream_from_template(source.streams.video[0]), target.add_stream("ac3", rate=48000)
        audio = av.AudioFrame.from_ndarray(np.zeros((2, 48000), np.float32), "fltp", "stereo")
        audio.sample_rate, audio.pts = 48000, 0
        beeps = [*sound.encode(audio), *sound.encode(None)]
        for packet in [*container_packets(tmp_path / "plain.mkv"), *beeps]:
            if packet.stream is sound and 9 <= beeps.index(packet) <= 11:
                zeros = av.Packet(bytes(packet.size))
                zeros.stream, zeros.time_base, zeros.duration = sound, packet.time_base, packet.duration
                zeros.pts, zeros.dts = packet.pts, packet.dts
                packet = zeros
            elif packet.stream is not sound:
                packet.stream = video
            target.mux(packet)
    notes = rewrite(path, tmp_path / "out.mp4")
    assert any("damaged packets" in note and note.endswith(": 3") for note in notes)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(packet.size > 0 for packet in container.demux(audio=0)) == len(beeps) - 3
