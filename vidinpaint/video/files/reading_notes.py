"""What a reader has to say about the time stamps and the damage of a file: one line for each kind."""

from collections.abc import Collection
from fractions import Fraction

import numpy as np
from av.video.stream import VideoStream

from vidinpaint.video.files.decoder import Decoder
from vidinpaint.video.time_stamps.clock import Clock

_FEWEST = 12  # steps between frames that show a rhythm
_MAX_UNSTEADY = 0.1  # share of steps that may differ from the others in a steady clip
_MAX_UNSTEADY_DAMAGED = 0.3  # the same where other damage has been found
_MAX_MISSING_STEPS = Fraction(3, 2)  # less at the end may be rounding


def clock_notes(clock: Clock) -> list[str]:
    """What is unusual about the time stamps of the whole file."""
    notes = []
    if clock.parts:
        places = ", ".join(f"{float(part.begins - clock.zero):.2f} s" for part in clock.parts[:5])
        more = " and more" if len(clock.parts) > 5 else ""
        notes.append(
            f"the time stamps start again at {places}{more}, as in recordings that were joined: picture and sound "
            "go on together from there"
        )
    if clock.counted:
        notes.append("the file has no time stamps: its frames follow each other at its nominal rate")
    elif clock.in_decoding_order:
        notes.append("the file stores times in decoding order only: its frames got them in the order they are shown in")
    return notes


def frame_notes(decoder: Decoder, base: Fraction) -> list[str]:
    """What happened to the frames that were decoded; times are on the player's clock."""
    clock = decoder.clock

    def when(stamps: Collection[int]) -> str:
        first, last = (float(stamp * base - clock.zero) for stamp in (min(stamps), max(stamps)))
        return f"at {first:.2f} s" if len(stamps) == 1 else f"between {first:.2f} and {last:.2f} s"

    notes = []
    if decoder.repaired:
        stamps = decoder.repaired
        notes.append(
            f"{_frames(stamps)} with a missing or repeated time stamp, {when(stamps)}: put evenly between those around"
        )
    if decoder.concealed:
        stamps = decoder.concealed
        notes.append(
            f"{_frames(stamps)} cannot be decoded, {when(stamps)}: where the video is encoded, the last good one is "
            "repeated"
        )
    if decoder.damaged:
        stamps = decoder.damaged
        notes.append(
            f"{_frames(stamps)} damaged in the source, {when(stamps)}: read as the decoder concealed the damage"
        )
    if len(decoder.aspects) > 1:
        (_, before), *changes = sorted(decoder.aspects.items())
        places = [f"{_ratio(aspect)} at about {float(stamp * base - clock.zero):.2f} s" for stamp, aspect in changes]
        notes.append(
            f"the sample aspect ratio changes from {_ratio(before)} to {', '.join(places[:5])}: "
            "the result has one throughout"
        )
    if decoder.leading:
        count = f"{decoder.leading} picture{'s' * (decoder.leading != 1)}"
        notes.append(f"the file begins with {count} that cannot be decoded: left out, so the clip begins later")
    return notes


def gap_notes(decoder: Decoder, stamps: np.ndarray, base: Fraction) -> list[str]:
    """Frames that are missing in an otherwise steady clip; stamps int64 (T,), increasing."""
    clock = decoder.clock
    steps = np.diff(stamps)
    if len(steps) < _FEWEST:
        return []
    step = np.median(steps)
    joins = [round(part.begins / base) for part in clock.parts]
    wide = (steps > 1.5 * step) & ~np.isin(stamps[1:], joins) & ~np.isin(stamps[:-1], list(decoder.repaired))
    steady = np.abs(steps - step) <= 0.1 * step
    allowed = _MAX_UNSTEADY_DAMAGED if decoder.concealed or decoder.damaged or clock.unreadable else _MAX_UNSTEADY
    if not wide.any() or (wide | ~steady).mean() > allowed:
        return []
    count = int((np.round(steps[wide] / step) - 1).sum())
    first, last = (float(int(stamps[place]) * base - clock.zero) for place in np.flatnonzero(wide)[[0, -1]])
    where = f"behind {first:.2f} s" if wide.sum() == 1 else f"between {first:.2f} and {last:.2f} s"
    return [f"about {_number(count)} missing in the source, {where}: the frame before lasts longer there"]


def end_notes(clock: Clock, stamps: np.ndarray, stream: VideoStream, announced: Fraction | None) -> list[str]:
    """Frames that are missing at the end, by the duration in seconds that the header announces."""
    base = stream.time_base or Fraction(1)
    if announced is None or clock.parts or not len(stamps):
        return []
    begin = int(stamps[0]) if stream.start_time is None else min(int(stamps[0]), stream.start_time)
    actual = (max(clock.end, int(stamps[-1]) + clock.step) - begin) * base
    if announced - actual <= _MAX_MISSING_STEPS * clock.step * base:
        return []
    return [f"the file announces {float(announced):.2f} s, but its frames end at {float(actual):.2f} s"]


def _ratio(aspect: Fraction) -> str:
    return f"{aspect.numerator}:{aspect.denominator}"


def _frames(stamps: Collection[int]) -> str:
    return _number(len(stamps))


def _number(count: int) -> str:
    return f"{count} frame{'s' * (count != 1)}"
