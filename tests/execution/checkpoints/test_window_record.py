"""Records of windows: what is written is read again, and anything else is no record."""

import json
from dataclasses import asdict, replace

import pytest

from vidinpaint.execution.checkpoints.window_record import WindowRecord

RECORD = WindowRecord(
    3, "f" * 64, 60, {"flow": 0.5}, {"1": 20}, {"verdict": "good"}, pixels="p" * 64, tags=(1, 1, 1, 1),
    segment="000003.abc.nut", size=17, sha256="s" * 64,
)  # fmt: skip


def test_a_record_is_read_as_it_was_written() -> None:
    assert WindowRecord.from_text(RECORD.to_text()) == RECORD


@pytest.mark.parametrize(
    "changes",
    [{"segment": "../clip.mp4"}, {"segment": "a/b.nut"}, {"size": "17"}, {"tags": [1, 1]}, {"tags": 1}, {"colour": 1}],
)
def test_a_record_with_an_invalid_field_is_none(changes: dict[str, object]) -> None:
    assert WindowRecord.from_text(json.dumps({**asdict(RECORD), **changes})) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", RECORD.to_text()[:-9]])
def test_an_incomplete_text_is_none(text: str) -> None:
    assert WindowRecord.from_text(text) is None


def test_a_record_without_a_segment_is_valid() -> None:
    record = replace(RECORD, segment="", size=0, sha256="")
    assert WindowRecord.from_text(record.to_text()) == record
