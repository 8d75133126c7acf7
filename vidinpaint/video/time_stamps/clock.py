"""`Clock`: corrects the time stamps of a file's packets while they are read; see `survey` beside it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from av.container import InputContainer
from av.stream import Stream

from vidinpaint.video.files.demuxing import packets_of
from vidinpaint.video.time_stamps.jumps import Part


@dataclass(frozen=True, eq=False)
class Clock:
    """The time stamps of a file as they should be.

    video              index of the main video stream
    zero               seconds at which a player shows 0:00: the first picture or the first sound, what is earlier
    stamps             int64 (N,): corrected time stamps of the video's packets in file order
    end                end of the video's last packet by its stored stamps and duration
    step               time between two frames at the nominal rate, in units of the video's time base
    parts              the parts of joined recordings after the first; all stamps in them are shifted
    counted            the video has no time stamps: its packets are counted
    undated            the video has decoding times only
    in_decoding_order  its time stamps follow the order of decoding, although frames are shown in another order
    unreadable         number of places in the file that cannot be read
    keys               int64 (K, 2): corrected time stamp and byte position of key frames, where needed for seeking
    """

    video: int
    zero: Fraction
    stamps: np.ndarray
    step: int
    parts: tuple[Part, ...] = ()
    counted: bool = False
    undated: bool = False
    in_decoding_order: bool = False
    unreadable: int = 0
    end: int = 0
    keys: np.ndarray = field(default_factory=lambda: np.empty((0, 2), np.int64))

    @property
    def may_seek(self) -> bool:
        """Whether reading may start at a key frame: not where time stamps follow from the packets before."""
        return not (self.counted or self.in_decoding_order or (self.parts and not len(self.keys)))

    def is_unique(self, pts: int) -> bool:
        """Whether at most one packet of the video has this time stamp."""
        return int((self.stamps == pts).sum()) < 2

    def seek(self, container: InputContainer, stream: Stream, pts: int) -> int:
        """Seek to a key frame at or before `pts`; returns the byte position for `packets`, 0 if it does not matter."""
        if not self.parts:
            container.seek(pts, stream=stream, backward=True)
            return 0
        earlier = self.keys[self.keys[:, 0] <= pts]
        position = int(earlier[-1, 1]) if len(earlier) else 0
        container.seek(position, unsupported_byte_offset=True)
        return position

    def packets(self, container: InputContainer, streams: Sequence[Stream], position: int = 0) -> Iterator[av.Packet]:
        """Packets of the streams in file order with corrected time stamps; at the end an empty one for each stream.

        position: where reading starts, as `seek` returned it
        """
        places = {stream.index: position for stream in streams}
        count = 0
        for packet in packets_of(container, streams):
            index = packet.stream.index
            if self.parts:
                places[index] = places[index] if packet.pos is None else packet.pos
                self._shift(packet, places[index])
            if index == self.video and packet.size:
                if self.counted:
                    packet.pts = packet.dts = count * self.step
                elif self.undated:
                    packet.pts = packet.dts
                count += 1
            yield packet

    def _shift(self, packet: av.Packet, position: int) -> None:
        index = packet.stream.index
        starts = [part.starts.get(index, part.starts[self.video]) for part in self.parts]
        number = bisect_right(starts, position)
        if number:
            shift = round(self.parts[number - 1].offset / packet.time_base)
            packet.pts = None if packet.pts is None else packet.pts + shift
            packet.dts = None if packet.dts is None else packet.dts + shift
