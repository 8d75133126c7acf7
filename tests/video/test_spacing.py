"""Frames without a usable time stamp share the time between their neighbours."""

import numpy as np
import pytest

from vidinpaint.video.time_stamps.spacing import spaced

CASES = {
    "all usable": ([0, 10, 25, 30], [0, 10, 25, 30]),
    "one repeated": ([0, 10, 10, 30], [0, 10, 20, 30]),
    "several repeated": ([0, 10, 10, 10, 10, 50], [0, 10, 20, 30, 40, 50]),
    "missing at the start": ([None, None, 20, 30], [0, 10, 20, 30]),
    "missing in the middle": ([0, None, None, 30], [0, 10, 20, 30]),
    "missing at the end": ([0, 10, None, None], [0, 10, 20, 30]),
    "all missing": ([None, None, None], [0, 10, 20]),
    "one far ahead": ([0, 900, 20, 30], [0, 10, 20, 30]),
    "one too early": ([0, 10, 5, 30], [0, 10, 20, 30]),
    "a long pause behind": ([0, 0, 500], [0, 10, 500]),
    "little time left": ([0, 0, 0, 2, 3], [0, 1, 2, 2, 3]),
}


@pytest.mark.parametrize("name", CASES)
def test_stamps_rise_and_usable_ones_stay(name):
    stamps, expected = CASES[name]
    found = list(spaced(((stamp, number) for number, stamp in enumerate(stamps)), step=10))
    assert [frame for _, _, frame in found] == list(range(len(stamps)))
    assert [own for _, own, _ in found] == stamps
    exact = [stamp for stamp, _, _ in found]
    assert (np.diff(exact) > 0).all()
    if name != "little time left":
        assert exact == expected


def test_a_clip_without_any_usable_stamp_does_not_wait_for_one():
    found = list(spaced(((5, number) for number in range(100)), step=10))
    exact = [stamp for stamp, _, _ in found]
    assert (np.diff(exact) > 0).all()
    assert exact[-1] < 5 + 100 * 10
