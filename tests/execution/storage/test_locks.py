"""One run at a time writes an output."""

import os
import re
from pathlib import Path

import pytest

from vidinpaint.core.errors import OutputError
from vidinpaint.execution.storage.locks import lock_of, locked


def test_a_second_run_is_told_who_holds_the_output(tmp_path: Path) -> None:
    output = tmp_path / "o.mp4"
    with (
        locked(lock_of(output), str(output)),
        pytest.raises(OutputError, match=rf"no other run is writing.*{os.getpid()}"),
        locked(lock_of(output), str(output)),
    ):
        pass
    assert not lock_of(output).exists()


def test_what_a_killed_run_left_is_no_obstacle(tmp_path: Path) -> None:
    output = tmp_path / f"{'x' * 240}.mp4"
    lock = lock_of(output)
    assert not re.search("x" * 240, lock.name) or len(lock.name) <= 255
    lock.write_text("process 1")
    with locked(lock, str(output)):
        assert lock.exists()
