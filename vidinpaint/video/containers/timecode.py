"""Time codes: the time of day that a camera gives to its first frame, as "hours:minutes:seconds:frames".

At 29.97 frames per second the numbers 0 and 1 are skipped at the start of each minute but every tenth ("drop frame",
written with a semicolon, SMPTE ST 12-1), so that the code keeps pace with the clock; at 59.94 twice as many.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from av.stream import Stream

KEY = "timecode"
"""Name of the tag, in any case of letters."""
_CODE = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.,])(\d\d+)$")


def is_timecode(key: str) -> bool:
    """Whether a tag of this name is the time code of the first frame."""
    return key.lower() == KEY


def moved(code: str, seconds: Fraction, rate: Fraction) -> str | None:
    """The code of the frame that is shown `seconds` after that of `code`; None if `code` is none.

    rate: frames per second, such as 30000/1001. Codes start again after 24 hours.
    """
    match = _CODE.match(code.strip())
    if not match or rate <= 0:
        return None
    hours, minutes, whole, frames = (int(match.group(index)) for index in (1, 2, 3, 5))
    nominal = max(1, round(rate))
    dropped = _dropped(nominal) if match.group(4) != ":" else 0
    minute = 60 * hours + minutes
    number = (60 * minute + whole) * nominal + frames - dropped * (minute - minute // 10)
    number += round(seconds * rate)
    per_minute, per_ten = 60 * nominal - dropped, 600 * nominal - 9 * dropped
    number %= 144 * per_ten
    tens, rest = divmod(number, per_ten)
    skipped = dropped * (9 * tens + max(0, rest - dropped) // per_minute)
    total, frames = divmod(number + skipped, nominal)
    return f"{total // 3600:02}:{total // 60 % 60:02}:{total % 60:02}{match.group(4)}{frames:02}"


def with_moved_code(tags: Mapping[str, str], seconds: Fraction, rate: Fraction) -> dict[str, str]:
    """Tags whose time code, if there is one, is that of the frame `seconds` later; without it if it cannot be moved."""
    result = {}
    for key, value in tags.items():
        new = moved(value, seconds, rate) if seconds and is_timecode(key) else value
        if new is not None:
            result[key] = new
    return result


def time_code_offset(video: Stream, start: Fraction | None) -> Fraction:
    """Seconds from the first frame of a clip, to which its time code belongs, to `start` on the clip's clock."""
    return Fraction(0) if start is None else start - (video.start_time or 0) * (video.time_base or 0)


def _dropped(nominal: int) -> int:
    """Numbers that are skipped per minute at a nominal rate."""
    return 2 * (nominal // 30) if nominal % 30 == 0 else 0
