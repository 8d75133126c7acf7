"""`read_clock`: one pass over all packets of a file, which finds what is wrong with its time stamps; decodes nothing.

Recordings that were joined get one continuous clock (`jumps` beside it). Pictures without time stamps of
presentation, as in AVI files and in raw streams, get those of the decoding times in the order in which they are shown.
"""

from array import array
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.stream import Stream

from vidinpaint.video.files.demuxing import main_video, open_container, packets_of
from vidinpaint.video.time_stamps.clock import Clock
from vidinpaint.video.time_stamps.jumps import Part, Track, find_parts

_NO_TIMESTAMPS = 0x80  # AVFMT_NOTIMESTAMPS: raw streams, which count frames from where reading starts
_MAY_JUMP = 0x200  # AVFMT_TS_DISCONT: in these formats a long gap, too, comes from joining
_LONGEST_GAP = Fraction(10)  # seconds, as in FFmpeg
_SEEK_BY_BYTES = ("mpegts",)  # in other formats a packet need not begin where its bytes are looked for
_TRIAL = 64  # packets that show whether a stream reorders its frames
_MISSING = int(np.iinfo(np.int64).min)

_Columns = Mapping[int, np.ndarray]
"""By stream index int64 (4, N): of each packet the time stamps of presentation and decoding, position, key frame."""


def read_clock(path: str | Path) -> Clock:
    """The clock of a file, read again only if the file has changed. Raises `ClipError` if it cannot be opened."""
    state = Path(path).stat() if Path(path).exists() else None
    return _read(str(path), state and (state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _read(path: str, _state: tuple[int, int] | None) -> Clock:
    with closing(open_container(path)) as container:
        video = main_video(container, path)
        streams: list[Stream] = [video, *container.streams.audio]
        columns, ends, failures = _columns(container, streams)
        base, rate = video.time_base or Fraction(1, 90000), video.guessed_rate or Fraction(25)
        step = max(1, round(1 / (rate * base)))
        shown, decoded, positions, keys = columns[video.index]
        dated, timed = shown != _MISSING, decoded != _MISSING
        if container.format.flags & _NO_TIMESTAMPS or not (dated | timed).any():
            counted = np.arange(len(shown), dtype=np.int64) * step
            return Clock(video.index, Fraction(0), counted, step, (), True, True, True, failures)
        tracks = {stream.index: _track(columns[stream.index], stream) for stream in streams}
        gap = _LONGEST_GAP if container.format.flags & _MAY_JUMP else None
        parts = tuple(find_parts(tracks, video.index, gap))
        stamps = _shifted(tracks[video.index], parts, video.index)
        zero = min((start for stream in streams if (start := _start(stream)) is not None), default=Fraction(0))
        clock = Clock(
            video.index, zero, stamps, step, parts, undated=not dated.any(), unreadable=failures, end=ends[video.index]
        )
        if parts and container.format.name in _SEEK_BY_BYTES:
            clock = replace(clock, keys=np.stack([stamps, positions], 1)[keys > 0])
        in_order = bool((np.diff(stamps) >= 0).all())
        reordered = in_order and video.codec_context.has_b_frames and _reorders(path, clock)
        return replace(clock, in_decoding_order=reordered)


def _columns(container: InputContainer, streams: list[Stream]) -> tuple[_Columns, dict[int, int], int]:
    """The columns, the latest end of a packet of each stream, and the number of places that cannot be read."""
    columns = {stream.index: tuple(array("q") for _ in range(4)) for stream in streams}
    places = dict.fromkeys(columns, 0)
    ends = dict.fromkeys(columns, 0)
    failures: list[None] = []
    for packet in packets_of(container, streams, lambda: failures.append(None)):
        if not packet.size:
            continue
        index = packet.stream.index
        places[index] = max(places[index], packet.pos or 0)
        stamps = [_MISSING if stamp is None else stamp for stamp in (packet.pts, packet.dts)]
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None:
            ends[index] = max(ends[index], stamp + (packet.duration or 0))
        for column, value in zip(columns[index], (*stamps, places[index], int(packet.is_keyframe))):
            column.append(value)
    return {index: np.array(column, np.int64) for index, column in columns.items()}, ends, len(failures)


def _start(stream: Stream) -> Fraction | None:
    return None if stream.start_time is None or stream.time_base is None else stream.start_time * stream.time_base


def _track(columns: np.ndarray, stream: Stream) -> Track:
    shown, decoded, positions, _ = columns
    shown = np.where(shown == _MISSING, decoded, shown)
    usable = shown != _MISSING
    shown, decoded, positions = shown[usable], decoded[usable], positions[usable]
    # where a file has no decoding times FFmpeg derives them, which fails at a jump
    own = stream.type != "video" or (decoded != _MISSING).all()
    return Track(shown, decoded if own else shown, positions, stream.time_base or Fraction(1, 90000))


def _shifted(track: Track, parts: tuple[Part, ...], video: int) -> np.ndarray:
    stamps = track.shown.copy()
    for part in parts:
        inside = track.positions >= part.starts[video]
        stamps[inside] = track.shown[inside] + round(part.offset / track.base)
    return stamps


def _reorders(path: str, clock: Clock) -> bool:
    """Whether the first frames are shown in another order than their time stamps say."""
    last = None
    with closing(open_container(path)) as container:
        video = main_video(container, path)
        for count, packet in enumerate(clock.packets(container, [video])):
            if count == _TRIAL:
                break
            with suppress(av.FFmpegError):
                for frame in packet.decode():
                    if last is not None and frame.pts is not None and frame.pts < last:
                        return True
                    last = frame.pts if frame.pts is not None else last
    return False
