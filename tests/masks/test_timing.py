"""Masks meet frames by time, exactly."""

from fractions import Fraction

import numpy as np
import pytest

from vidinpaint.core.errors import MaskError
from vidinpaint.masks.timing import frames_between, match_by_time


def _times(count: int, rate: Fraction) -> list[Fraction]:
    return [index / rate for index in range(count)]


def _match(clip: list[Fraction], mask: list[Fraction]) -> list[int]:
    interval = clip[-1] - clip[-2]
    return list(match_by_time(clip, mask, interval, "'m.mp4'"))


NTSC = Fraction(24000, 1001)


@pytest.mark.parametrize("rate", [Fraction(23976, 1000), NTSC, Fraction(2997, 125)])
def test_equal_rates_match_frame_by_frame(rate: Fraction) -> None:
    assert _match(_times(5000, NTSC), _times(5000, rate)) == list(range(5000))


def test_times_rounded_to_milliseconds() -> None:
    rounded = [Fraction(round(time * 1000), 1000) for time in _times(3000, NTSC)]
    assert _match(_times(3000, NTSC), rounded) == list(range(3000))
    assert _match(rounded, _times(3000, NTSC)) == list(range(3000))


def test_other_rates_show_what_is_on_screen() -> None:
    assert _match(_times(6, Fraction(24)), _times(3, Fraction(12))) == [0, 0, 1, 1, 2, 2]
    assert _match(_times(6, Fraction(24)), _times(2, Fraction(8))) == [0, 0, 0, 1, 1, 1]
    assert _match(_times(4, Fraction(24)), _times(9, Fraction(48))) == [0, 2, 4, 6]


def test_left_out_repeats_stay_on_screen() -> None:
    mask = [Fraction(0), Fraction(1), Fraction(13, 12)]
    assert _match(_times(27, Fraction(24)), mask) == [0] * 24 + [1, 1, 2]


def test_a_mask_may_be_one_of_its_frames_short_but_not_more() -> None:
    clip = _times(10, Fraction(24))
    assert _match(clip, clip[:9])[-1] == 8
    with pytest.raises(MaskError, match="@START-END"):
        _match(clip, clip[:8])


def test_ranges_are_half_open_and_count_from_the_first_frame() -> None:
    pts = np.arange(100, 110) * 1001
    base = Fraction(1, 24000)
    third = 3 * Fraction(1001, 24000)
    assert frames_between(Fraction(0), None, pts, base) == (0, 10)
    assert frames_between(third, 2 * third, pts, base) == (3, 6)
    assert frames_between(third + Fraction(1, 10**9), 2 * third + Fraction(1, 10**9), pts, base) == (4, 7)
    assert frames_between(Fraction(50), Fraction(60), pts, base) == (10, 10)
