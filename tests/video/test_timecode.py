"""Time codes move by frames; drop-frame codes skip numbers, not frames."""

from fractions import Fraction

import pytest

from vidinpaint.video.containers.timecode import moved

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("code", "frames", "rate", "expected"),
    [
        ("01:00:00:00", 10, Fraction(25), "01:00:00:10"),
        ("01:00:00:24", 1, Fraction(25), "01:00:01:00"),
        ("23:59:59:23", 1, Fraction(24), "00:00:00:00"),
        ("00:00:59;29", 1, NTSC, "00:01:00;02"),
        ("00:09:59;29", 1, NTSC, "00:10:00;00"),
        ("00:00:00;00", 107892, NTSC, "01:00:00;00"),
        ("23:59:59;29", 1, NTSC, "00:00:00;00"),
        ("00:00:59;59", 1, 2 * NTSC, "00:01:00;04"),
        ("00:00:59:29", 1, NTSC, "00:01:00:00"),
    ],
)
def test_a_code_moves_by_frames(code, frames, rate, expected):
    assert moved(code, frames / rate, rate) == expected


def test_every_frame_of_an_hour_has_its_own_code():
    codes = [moved("00:00:00;00", frame / NTSC, NTSC) for frame in range(0, 20000, 7)]
    assert len(set(codes)) == len(codes)
    assert not any(code[6:] in ("00;00", "00;01") and code[4] != "0" for code in codes)
    for frame, code in zip(range(0, 20000, 7), codes, strict=True):
        assert moved(code, -frame / NTSC, NTSC) == "00:00:00;00"


@pytest.mark.parametrize("code", ["", "noon", "1:2:3:4", "00:00:00"])
def test_what_is_no_code_is_not_moved(code):
    assert moved(code, Fraction(1), Fraction(25)) is None
