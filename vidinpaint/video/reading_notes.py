"""What a reader has to say about the time stamps and the damage of a file: one line for each kind."""

from collections.abc import Collection
from fractions import Fraction

from vidinpaint.video.clock import Clock
from vidinpaint.video.decoder import Decoder


def clock_notes(clock: Clock) -> list[str]:
    """What is unusual about the time stamps of the whole file."""
    notes = []
    if clock.parts:
        places = ", ".join(f"{float(part.begins - clock.zero):.2f} s" for part in clock.parts[:5])
        more = " and more" if len(clock.parts) > 5 else ""
        notes.append(
            f"the time stamps start again at {places}{more}, as in recordings that were joined: picture and sound "
            "continue there without a gap"
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
            f"{_frames(stamps)} with a missing or repeated time stamp, {when(stamps)}: moved behind the frame before"
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
    if decoder.leading:
        notes.append(
            "the file begins with pictures that cannot be decoded, for lack of those before: they are left out"
        )
    return notes


def _frames(stamps: Collection[int]) -> str:
    return f"{len(stamps)} frame{'s' * (len(stamps) != 1)}"
