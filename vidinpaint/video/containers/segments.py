"""Joins the packets of consecutive segments, with time stamps as if one encoder had written them."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vidinpaint.core.errors import OutputError
from vidinpaint.video.containers.opacity import restore_opacity
from vidinpaint.video.files.encoder import FIRST_PTS

Index = list[np.ndarray]
"""For each segment the time stamps of its packets in decoding order: int64 (T,)."""


def index_segments(segments: Sequence[Path], time_base: Fraction) -> Index:
    """The time stamps of each segment's packets, in units of `time_base` seconds."""
    return [_stamps(segment, time_base) for segment in segments]


def _stamps(segment: Path, time_base: Fraction) -> np.ndarray:
    with av.open(str(segment)) as container:
        stream = container.streams.video[0]
        first = int(container.metadata[FIRST_PTS])
        packets = [packet.pts for packet in container.demux(stream) if packet.size]
        assert stream.time_base is not None
        scale = stream.time_base / time_base
    ticks = [tick for tick in packets if tick is not None]
    start = min(ticks, default=0)
    exact = [(tick - start) * scale for tick in ticks]
    if not ticks or len(ticks) < len(packets) or any(value.denominator != 1 for value in exact):
        raise OutputError("a segment with exact times", f"'{segment}' without them", "Run again with --overwrite.")
    return np.array([int(value) + first for value in exact], np.int64)


def reorder_depth(index: Index) -> int:
    """The largest number of frames by which a packet is decoded before it is shown."""
    depth = 0
    for stamps in index:
        rank = np.empty(len(stamps), np.int64)
        rank[np.argsort(stamps, kind="stable")] = np.arange(len(stamps))
        depth = max(depth, int((np.arange(len(stamps)) - rank).max()))
    return depth


def timed_packets(
    segments: Sequence[Path], index: Index, time_base: Fraction, step: int, shift: int
) -> Iterator[av.Packet]:
    """All packets in decoding order; pts as in `index` minus `shift`, dts increasing and at most pts, exact durations.

    A packet is decoded when the packet `depth` places before it in display order is shown, so dts are the sorted pts,
    delayed by `depth` places; the first ones are extrapolated backwards by `step`. No constant frame rate is assumed.
    """
    depth = reorder_depth(index)
    shown = np.sort(np.concatenate(index)) - shift
    before = shown[0] - step * np.arange(depth, 0, -1)
    decoded = np.concatenate([before, shown])
    durations = np.diff(shown, append=shown[-1] + step)
    position = 0
    for segment, stamps in zip(segments, index):
        with av.open(str(segment)) as container:
            packets = (packet for packet in container.demux(container.streams.video[0]) if packet.size)
            for packet, stamp in zip(packets, stamps.tolist()):
                restore_opacity(packet)
                packet.time_base = time_base
                packet.pts = stamp - shift
                packet.dts = int(decoded[position])
                packet.duration = int(durations[np.searchsorted(shown, packet.pts)])
                position += 1
                yield packet
