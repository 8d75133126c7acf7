"""A disk that fills up while a batch runs, see disk_cases.py."""

from pathlib import Path

from tests.alone import run_alone


def test_full_disk(tmp_path: Path) -> None:
    run_alone("tests/execution/batch/disk_cases.py", tmp_path)
