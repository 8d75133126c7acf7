"""Tiny video files for the tests, written with PyAV alone and not with the code under test."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vidinpaint.core.clip import PixelFormat
from vidinpaint.video.pixels.planes import frame_of, planar

BASE = Fraction(1, 12800)


@dataclass(frozen=True)
class Recipe:
    """The contents of a file; times in units of `base`; audio and subtitles: the language of each stream."""

    pts: Sequence[int] = tuple(range(0, 20 * 512, 512))
    base: Fraction = BASE
    format: str = "yuv420p"
    size: tuple[int, int] = (48, 64)
    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "20", "preset": "veryfast"})
    colour: tuple[int, int, int, int] = (0, 2, 2, 2)
    aspect: Fraction = Fraction(1)
    rotation: int = 0
    audio: Sequence[str] = ()
    subtitles: Sequence[str] = ()
    attachment: bytes | None = None
    chapters: bool = False
    container_options: dict[str, str] = field(default_factory=dict)


def pictures(recipe: Recipe) -> list[np.ndarray]:
    """Planes (T, h, w): moving waves with grain, so that all frames differ and encoding is not trivial."""
    format = pixel_format(recipe.format)
    height, width = recipe.size
    noise = np.random.default_rng(5)
    planes = []
    for index in range(format.colour_planes + format.alpha):
        rows, columns = format.plane_shape(index, height, width)
        t, y, x = np.meshgrid(np.arange(len(recipe.pts)), np.arange(rows), np.arange(columns), indexing="ij")
        waves = 110 + 60 * np.sin((x + 3 * t) / 5 + index) * np.cos((y - 2 * t) / 7)
        values = (waves + noise.normal(0, 4, waves.shape)) * 2.0 ** (format.bits - 8)
        planes.append(np.clip(values, 0, 2**format.bits - 1).astype(format.dtype))
    return planes


def pixel_format(name: str) -> PixelFormat:
    format = planar(name)
    assert format is not None
    return format


def write(path: Path, recipe: Recipe = Recipe()) -> list[np.ndarray]:
    """Write the file; returns the planes that went into the encoder."""
    planes = pictures(recipe)
    format = pixel_format(recipe.format)
    height, width = recipe.size
    with av.open(str(path), "w", container_options=recipe.container_options) as container:
        stream = container.add_stream(recipe.codec, rate=25, options=recipe.options, width=width, height=height)
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = recipe.format
        stream.time_base = stream.codec_context.time_base = recipe.base
        stream.codec_context.sample_aspect_ratio = recipe.aspect
        _tag(stream.codec_context, recipe)
        if recipe.rotation:
            stream.set_display_rotation(recipe.rotation)
        audio_streams = [_add_audio(container, language) for language in recipe.audio]
        subtitle_streams = [_add_subtitles(container, language) for language in recipe.subtitles]
        if recipe.attachment is not None:
            container.add_attachment("notes.txt", "text/plain", recipe.attachment)
        if recipe.chapters:
            chapter = {"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000), "metadata": {"title": "one"}}
            container.set_chapters([chapter])
        container.metadata["title"] = "a test"
        packets = []
        for t, stamp in enumerate(recipe.pts):
            frame = frame_of([plane[t] for plane in planes], format, recipe.format)
            frame.pts, frame.time_base = stamp, recipe.base
            _tag(frame, recipe)
            packets += stream.encode(frame)
        packets += stream.encode(None)
        for number, audio in enumerate(audio_streams):
            packets += _beeps(audio, number)
        for subtitles in subtitle_streams:
            packets += _lines(subtitles)
        container.start_encoding()
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            container.mux(packet)
    return planes


def _tag(target: av.VideoFrame | av.VideoCodecContext, recipe: Recipe) -> None:
    target.color_range, target.color_primaries, target.color_trc, target.colorspace = recipe.colour


def _add_audio(container: av.container.OutputContainer, language: str) -> av.AudioStream:
    stream = container.add_stream("aac", rate=16000)
    assert isinstance(stream, av.AudioStream)
    stream.metadata["language"] = language
    return stream


def _beeps(stream: av.AudioStream, number: int) -> list[av.Packet]:
    time = np.arange(0, 16000, dtype=np.float32) / 16000
    wave = 0.3 * np.sin(2 * np.pi * 440 * (number + 1) * time).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
    frame.sample_rate, frame.pts = 16000, 0
    return [*stream.encode(frame), *stream.encode(None)]


def _add_subtitles(container: av.container.OutputContainer, language: str) -> av.stream.Stream:
    stream = container.add_mux_stream("subrip", time_base=Fraction(1, 1000))
    stream.metadata["language"] = language
    return stream


def _lines(stream: av.stream.Stream) -> list[av.Packet]:
    packets = []
    for begin in (100, 400):
        packet = av.Packet(f"line at {begin}".encode())
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = begin
        packet.duration = 200
        packets.append(packet)
    return packets


def packets_of(path: Path, kind: str) -> list[list[tuple[bytes, Fraction, Fraction]]]:
    """Payload, time and duration in seconds of every packet, one list for each stream of that kind."""
    with av.open(str(path)) as container:
        by_stream: dict[int, list[tuple[bytes, Fraction, Fraction]]] = {
            stream.index: [] for stream in container.streams if stream.type == kind
        }
        for packet in container.demux():
            if packet.size and packet.stream.index in by_stream:
                base = packet.time_base
                by_stream[packet.stream.index].append((bytes(packet), packet.pts * base, (packet.duration or 0) * base))
    return list(by_stream.values())


def times_of(path: Path) -> list[Fraction]:
    """The times of all decoded frames, in seconds."""
    with av.open(str(path)) as container:
        return [frame.pts * frame.time_base for frame in container.decode(video=0)]
