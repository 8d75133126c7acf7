"""Which names are numbered, and with which numbers."""

import pytest

from vidinpaint.core.numbering import missing_numbers, numbers_of


@pytest.mark.parametrize(
    ("stems", "numbers"),
    [
        (["a_1", "a_2", "a_10"], [1, 2, 10]),
        (["shot2_007", "shot2_009"], [7, 9]),
        (["left_1", "right_2"], None),
        (["first", "second"], None),
        (["2020-01-02", "2021-02-02"], None),
        (["1", "01"], None),
    ],
)
def test_names_are_numbered_if_they_differ_in_one_number(stems: list[str], numbers: list[int] | None) -> None:
    assert numbers_of(stems) == numbers


def test_missing_numbers() -> None:
    assert missing_numbers([1, 2, 5, 6, 7]) == [(3, 4)]
    assert missing_numbers([3, 4, 5]) == []
