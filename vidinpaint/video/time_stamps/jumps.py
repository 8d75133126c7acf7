"""Finds where the time stamps of a recording start again, as in joined recordings, and by how much to shift them.

All streams are shifted by the same time at a jump, the smallest with which none of them runs backwards: picture and
sound stay together, and what follows a jump continues where the part before it ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

_MAX_REORDER = 16  # frames by which any of the codecs reorders a frame, at most
_NEAR = 32  # packets on each side of a jump that say where the parts end and begin
_SAME_JUMP = 2  # seconds by which the jumps of two streams at the same place may differ


@dataclass(frozen=True)
class Track:
    """The packets of one stream in file order.

    shown      int64 (N,): presentation time stamps, in units of `base` seconds
    decoded    int64 (N,): decoding time stamps, or those of presentation if the file has no others
    positions  int64 (N,): where they begin in the file, in bytes; does not decrease
    """

    shown: np.ndarray
    decoded: np.ndarray
    positions: np.ndarray
    base: Fraction

    @property
    def step(self) -> int:
        """Typical distance of two packets."""
        steps = np.diff(np.sort(self.shown[:256]))
        return max(1, int(np.median(steps[steps > 0]))) if (steps > 0).any() else 1

    def jumps(self, longest_gap: Fraction | None) -> list[int]:
        """See `find_jumps`."""
        gap = None if longest_gap is None else int(longest_gap / self.base)
        return find_jumps(self.decoded, _MAX_REORDER * self.step * (self.decoded is self.shown), gap)


@dataclass(frozen=True)
class Part:
    """A part of a file with a continuous clock.

    starts   byte position of its first packet by stream; other streams: as the video's
    offset   seconds to add to its time stamps
    begins   seconds of the shifted clock at which its pictures begin
    """

    starts: Mapping[int, int]
    offset: Fraction
    begins: Fraction


def find_jumps(stamps: np.ndarray, tolerance: int = 0, longest_gap: int | None = None) -> list[int]:
    """Indices of the packets at which stamps, int64 (N,), jump and stay there; a single odd packet is no jump.

    tolerance     by how much stamps may go back without a jump, because of reordering
    longest_gap   the longest gap that is no jump; None: gaps never are
    """
    highest = np.maximum.accumulate(stamps)
    if not (stamps[1:] < highest[:-1] - tolerance).any() and (
        longest_gap is None or not (np.diff(highest) > longest_gap).any()
    ):
        return []
    values = stamps.tolist()
    jumps, before, last = [], values[0], values[0]  # the two highest so far
    for index, stamp in enumerate(values[1:], 1):
        following = values[index + 1] if index + 1 < len(values) else None
        if stamp < last - tolerance:
            if before - tolerance <= stamp and before < last:  # the packet before was too far ahead
                last = max(stamp, before)
            elif following is not None and stamp - tolerance <= following < last - tolerance:
                jumps.append(index)
                before = last = stamp
        elif longest_gap is not None and stamp - last > longest_gap:
            if following is not None and following - last > longest_gap:
                jumps.append(index)
                before = last = stamp
        elif stamp > last:
            before, last = last, stamp
    return jumps


def find_parts(tracks: Mapping[int, Track], video: int, longest_gap: Fraction | None) -> list[Part]:
    """The parts of a file after the first; `tracks` by stream index are its video and sound; see `find_jumps`."""
    jumps = {index: track.jumps(longest_gap) for index, track in tracks.items() if len(track.decoded) > 1}
    starts = [_starts(jump, jumps, tracks, video) for jump in jumps.get(video, [])]
    bounds = [dict.fromkeys(tracks, 0), *starts, {index: len(track.shown) for index, track in tracks.items()}]
    parts: list[Part] = []
    offset = Fraction(0)
    for before, start, end in zip(bounds, bounds[1:], bounds[2:]):
        needed = []
        for index, track in tracks.items():
            old, new = track.shown[before[index] : start[index]], track.shown[start[index] : end[index]]
            if len(old) and len(new):
                ended = int(old[-_NEAR:].max()) + track.step
                needed.append((ended - int(new[:_NEAR].min())) * track.base + offset)
        offset = max(needed)
        begin = int(tracks[video].shown[start[video] : end[video]][:_NEAR].min()) * tracks[video].base + offset
        inside = [index for index, track in tracks.items() if start[index] < len(track.positions)]
        parts.append(Part({index: int(tracks[index].positions[start[index]]) for index in inside}, offset, begin))
    return parts


def _starts(jump: int, jumps: Mapping[int, list[int]], tracks: Mapping[int, Track], video: int) -> dict[int, int]:
    """The first packet of each track behind a jump of the video."""
    return {
        index: jump if index == video else _matching(jumps.get(index, []), track, jump, tracks[video])
        for index, track in tracks.items()
    }


def _matching(jumps: list[int], track: Track, jump: int, video: Track) -> int:
    """The first packet of a track behind the video's jump: at its own jump by the same time, else by its position."""
    height = int(video.decoded[jump] - video.decoded[jump - 1]) * video.base
    same = [
        own for own in jumps if abs(int(track.decoded[own] - track.decoded[own - 1]) * track.base - height) < _SAME_JUMP
    ]
    place = int(np.searchsorted(track.positions, video.positions[jump]))
    return min(same, key=lambda own: abs(own - place), default=place)
