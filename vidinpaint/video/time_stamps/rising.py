"""Time stamps that every muxer accepts: present, and increasing within a stream. No packet is dropped for them."""

from collections.abc import Iterator

import av
from av.stream import Disposition, Stream

_TIMED = ("audio", "video")
_MOST = 64  # packets that wait for the first one with a time of decoding
_MAY_REPEAT = 0x20000  # AVFMT_TS_NONSTRICT: muxers that accept equal decoding times


def straightened(packets: Iterator[av.Packet]) -> Iterator[av.Packet]:
    """The packets; one of sound or video that is far ahead of the one behind it follows the one before it instead.

    Those in front of the first one with a time of decoding, as in Matroska, count back from that. Those without a
    duration last until the one behind them, the last as long as the one before.
    """
    held: dict[int, av.Packet] = {}
    before: dict[int, int] = {}
    lengths: dict[int, int] = {}
    untimed: dict[int, list[av.Packet]] = {}
    for packet in packets:
        index, timed = packet.stream.index, packet.stream.type in _TIMED and not _is_cover(packet)
        if not timed or (packet.dts is None and (index in held or len(untimed.get(index, ())) == _MOST)):
            yield packet
            continue
        if packet.dts is None:
            untimed.setdefault(index, []).append(packet)
            continue
        for early in _counted_back(untimed.pop(index, []), packet):
            yield early
            before[index] = early.dts or 0
        if index in held:
            ready = held[index]
            lasts = packet.dts - (ready.dts or 0)
            lengths[index] = ready.duration or (lasts if lasts > 0 else lengths.get(index, 0))
            yield _before(ready, before.get(index), packet.dts, lengths[index])
            before[index] = ready.dts or 0
        held[index] = packet
    for early_packets in untimed.values():
        yield from early_packets
    for index, packet in held.items():
        packet.duration = packet.duration or lengths.get(index, 0)
        yield packet


def _is_cover(packet: av.Packet) -> bool:
    return bool(packet.stream.disposition & Disposition.attached_pic)


def _counted_back(packets: list[av.Packet], first: av.Packet) -> list[av.Packet]:
    stamp = first.dts or 0
    for packet in reversed(packets):
        stamp -= max(1, packet.duration or first.duration or 0)
        packet.dts = stamp
        if packet.pts is None:
            packet.pts = stamp
    return packets


def _before(packet: av.Packet, previous: int | None, following: int, length: int) -> av.Packet:
    packet.duration = packet.duration or length
    if packet.dts is not None and packet.dts > following and (previous is None or previous < following):
        wanted = following - 1 if previous is None else previous + max(1, packet.duration or 0)
        shift = min(wanted, following - 1) - packet.dts
        packet.dts += shift
        packet.pts = None if packet.pts is None else packet.pts + shift
    return packet


class RisingStamps:
    """Moves packets that come too early behind the ones before them, by as little as possible; call it for each.

    flags: of the output format. `moved` counts the packets of each output stream, by index.
    """

    def __init__(self, flags: int) -> None:
        self._tick = 0 if flags & _MAY_REPEAT else 1
        self._earliest: dict[int, int] = {}  # by stream, in its own time base
        self._ends: dict[int, int] = {}
        self.moved: dict[int, int] = {}

    def __call__(self, packet: av.Packet, target: Stream) -> None:
        """Correct the packet in place; `target` is the stream of an output that has begun."""
        base, index = target.time_base, target.index
        if base is None:
            return
        scale = packet.time_base / base
        own = packet.dts if packet.dts is not None else packet.pts
        decoded = self._ends.get(index, 0) if own is None else round(own * scale)
        earliest = self._earliest.get(index, decoded)
        length = max(1, round((packet.duration or 0) * scale))
        if own is None or decoded < earliest:
            decoded = max(decoded, earliest)
            shown = decoded if packet.pts is None else max(decoded, round(packet.pts * scale))
            packet.time_base, packet.dts, packet.pts, packet.duration = base, decoded, shown, length
            self.moved[index] = self.moved.get(index, 0) + (not target.disposition & Disposition.attached_pic)
        elif packet.dts is None:
            packet.dts = own
        self._earliest[index] = decoded + self._tick
        self._ends[index] = decoded + length
