"""`PendingStamps`: which packets' time stamps a decoder still owes a frame for.

A decoder returns frames in the order in which they are shown. So where the time stamps of the packets follow the order
of decoding, each frame gets the earliest one that is left; elsewhere an earlier one that is left belongs to a picture
that was lost.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush

import av


@dataclass
class PendingStamps:
    """in_decoding_order: see `Clock`."""

    in_decoding_order: bool
    _waiting: list[int] = field(default_factory=list)
    _failed: list[int] = field(default_factory=list)
    _last: int | None = None
    _step: int | None = None  # the shortest time between two frames so far

    def add(self, packet: av.Packet) -> None:
        """A packet is given to the decoder."""
        if packet.size and packet.pts is not None and not packet.is_discard:
            heappush(self._waiting, packet.pts)

    def fail(self, packet: av.Packet) -> None:
        """The decoder rejected this packet."""
        if packet.pts is not None:
            heappush(self._failed, packet.pts)

    def show(self, frame: av.VideoFrame) -> tuple[int | None, list[int], bool]:
        """The time stamp of a frame, those of lost pictures before it, and whether others are missing without reason.

        The lost pictures are those whose packets failed.
        """
        stamp, lost, missing = self._in_order(frame) if self.in_decoding_order else self._by_own_stamp(frame.pts)
        if stamp is not None:
            if self._last is not None and stamp > self._last:
                self._step = min(self._step or stamp, stamp - self._last)
            self._last = stamp
        return stamp, lost, missing

    def end(self) -> tuple[list[int], bool]:
        """The same for the end of the file: lost pictures, and whether others are missing without reason."""
        if self._last is None:
            return [], bool(self._failed)
        if self.in_decoding_order:
            left = sorted(self._waiting)
            return (left if self._failed else []), bool(left)
        missing = any(self._is_due(stamp, None) for stamp in self._waiting)
        return [stamp for stamp in sorted(self._failed) if stamp > self._last], missing

    def _by_own_stamp(self, stamp: int | None) -> tuple[int | None, list[int], bool]:
        if stamp is None:
            return None, [], False
        missing = False
        while self._waiting and self._waiting[0] <= stamp:
            earlier = heappop(self._waiting)
            missing |= earlier < stamp and self._is_due(earlier, stamp)
        lost = []
        while self._failed and self._failed[0] <= stamp:
            earlier = heappop(self._failed)
            if self._last is not None and self._last < earlier < stamp and earlier not in lost:
                lost.append(earlier)
        return stamp, lost, missing

    def _in_order(self, frame: av.VideoFrame) -> tuple[int | None, list[int], bool]:
        skipped = []
        if frame.key_frame and frame.pts is not None:  # what was decoded before a key frame is also shown before it
            while self._waiting and self._waiting[0] < frame.pts:
                skipped.append(heappop(self._waiting))
        lost = skipped if self._failed and self._last is not None else []
        if skipped:
            self._failed.clear()
        return (heappop(self._waiting) if self._waiting else None), lost, bool(skipped)

    def _is_due(self, stamp: int, following: int | None) -> bool:
        """Whether a picture belongs to this time; the second field of a picture, and pictures never shown, do not."""
        if self._last is None or self._step is None:
            return False
        nearest = stamp - self._last if following is None else min(stamp - self._last, following - stamp)
        return nearest > 0.6 * self._step
