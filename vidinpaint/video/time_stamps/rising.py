"""Time stamps that every muxer accepts: present, and increasing within a stream. No packet is dropped for them."""

from collections.abc import Iterator

import av
from av.stream import Stream

_MAY_REPEAT = 0x20000  # AVFMT_TS_NONSTRICT: muxers that accept equal decoding times


def straightened(packets: Iterator[av.Packet]) -> Iterator[av.Packet]:
    """The packets; one of sound or video that is far ahead of the one behind it follows the one before it instead."""
    held: dict[int, av.Packet] = {}
    before: dict[int, int] = {}
    for packet in packets:
        if packet.stream.type not in ("audio", "video") or packet.dts is None:
            yield packet
            continue
        index = packet.stream.index
        if index in held:
            yield _before(held[index], before.get(index), packet.dts)
            before[index] = held[index].dts or 0
        held[index] = packet
    yield from held.values()


def _before(packet: av.Packet, previous: int | None, following: int) -> av.Packet:
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
            self.moved[index] = self.moved.get(index, 0) + 1
        elif packet.dts is None:
            packet.dts = own
        self._earliest[index] = decoded + self._tick
        self._ends[index] = decoded + length
