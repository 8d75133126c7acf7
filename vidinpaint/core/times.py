"""`parse_time`, `parse_rate`, `time_range`: times and frame rates as a user writes them, as exact fractions.

One parser for --start and --end, for the time range of a mask (@START-END) and for the columns of a batch list.
"""

import re
from fractions import Fraction

from vidinpaint.core.errors import SettingError

MAX_TIME = 10**9  # seconds
MIN_RATE, MAX_RATE = Fraction(1, 1000), Fraction(1000)  # frames per second
_NUMBER = r"(\d+(?:\.\d*)?|\.\d+)"
_SECONDS = re.compile(_NUMBER)
_CLOCK = re.compile(rf"(?:(\d+):)?(\d+):({_NUMBER}|\d+,\d+)")  # subtitles (SRT) have a comma


def parse_time(value: str | int | float) -> Fraction:
    """Seconds, 0 to 1e9, of a number or of text: "12.5", or [hh:]mm:ss with or without a fraction, such as "1:02.5" or,
    as in subtitles, "00:01:02,500".

    Every part after a colon is below 60, the first part is not limited: "90:00" is 90 minutes. Raises `SettingError`.
    """
    text = str(value).strip()
    seconds = _number(value) if isinstance(value, (int, float)) else _seconds(text)
    if seconds is None or not 0 <= seconds <= MAX_TIME:
        raise SettingError(
            "a time in seconds or as [hh:]mm:ss, with each part after a colon below 60",
            repr(text),
            "Write for example 12.5, 1:05 or 1:02:03.5.",
        )
    return seconds


def parse_rate(value: str | int | float | Fraction) -> Fraction:
    """Frames per second, 0.001 to 1000, of a number or of text: "25", "23.976", "30000/1001". Raises `SettingError`."""
    rate = _number(value)
    if rate is None or not MIN_RATE <= rate <= MAX_RATE:
        remedy = "Write for example 25, 23.976 or 30000/1001."
        raise SettingError("a rate of 0.001 to 1000 frames per second", repr(str(value).strip()), remedy)
    return rate


def time_range(start: Fraction | None, end: Fraction | None) -> str:
    """A time range for messages: "0.90 to 0.50 s"; None stands for the beginning and the end of the clip."""
    return f"{float(start or 0):.2f} {'to the end' if end is None else f'to {float(end):.2f} s'}"


def _number(value: str | int | float | Fraction) -> Fraction | None:
    try:
        return Fraction(str(value).strip())  # by its digits, so that 0.1 is a tenth
    except (ValueError, ZeroDivisionError):
        return None


def _seconds(text: str) -> Fraction | None:
    if _SECONDS.fullmatch(text):
        return Fraction(text.rstrip("."))
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, _ = match.groups()
    parts = [Fraction(part) for part in (hours or "0", minutes, seconds.replace(",", ".").rstrip("."))]
    if parts[2] >= 60 or (hours and parts[1] >= 60):
        return None
    return parts[0] * 3600 + parts[1] * 60 + parts[2]
