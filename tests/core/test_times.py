"""Times and rates as a user writes them: one parser for the command line, for masks and for batch lists."""

from fractions import Fraction

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.times import parse_rate, parse_time, time_range


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0), ("12.5", "12.5"), (".5", "0.5"), ("7.", 7), ("075", 75), (" 3 ", 3), ("1:05", 65), ("1:07.", 67),
        ("0:59.999", "59.999"), ("1:02.5", "62.5"), ("1:00:00", 3600), ("100:00:00.04", "360000.04"), ("90:00", 5400),
        (2, 2), (0.1, "0.1"), ("00:00:01,500", "1.5"), ("01:02:03,040", "3723.04"),
    ],
)  # fmt: skip
def test_times(text: str | float, seconds: str | int) -> None:
    assert parse_time(text) == Fraction(seconds)


@pytest.mark.parametrize(
    "text",
    [
        *("1:75", "1:60", "1:60:00", "1:2:3:4", ":5", "1:", "-1", "-1:05", "+1", "1e3", "1/2", "", ".", "soon", "1:-5"),
        *("nan", "inf", "1 :05", "1,5", "99999999999", float("nan"), float("inf"), -1.0),
    ],
)
def test_what_is_no_time_gets_one_clear_message(text: str | float) -> None:
    with pytest.raises(SettingError) as caught:
        parse_time(text)
    assert caught.value.expected == "a time in seconds or as [hh:]mm:ss, with each part after a colon below 60"
    assert caught.value.actual == repr(str(text).strip())


def test_rates() -> None:
    assert [parse_rate(rate) for rate in ("25", "23.976", "30000/1001", 50, 12.5)] == [
        25, Fraction("23.976"), Fraction(30000, 1001), 50, Fraction("12.5")
    ]  # fmt: skip
    for wrong in ("0", "-25", "1/0", "25 fps", "1e9", ""):
        with pytest.raises(SettingError, match="frames per second"):
            parse_rate(wrong)


def test_ranges_in_messages() -> None:
    assert time_range(Fraction(9, 10), Fraction(1, 2)) == "0.90 to 0.50 s"
    assert time_range(None, None) == "0.00 to the end"
