"""`run`: one command with a limited time; `assert_honest`: a result, or one line that says what is wrong."""

import contextlib
import faulthandler
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vidinpaint.cli import main

LONGEST = 120  # seconds; a hang ends the process with a traceback
FAILED_CHECK = 3  # with --strict


@dataclass(frozen=True)
class Outcome:
    """The exit code, and what was printed."""

    code: int
    out: str
    err: str


def run(*words: object) -> Outcome:
    """Run one command of vidinpaint in this process."""
    out, err = io.StringIO(), io.StringIO()
    with limited_time(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return Outcome(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def limited_time() -> Iterator[None]:
    """End the process, with a traceback of every thread, if the body takes too long."""
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def assert_honest(outcome: Outcome, folder: Path, output: Path, before: set[Path]) -> bool:
    """Whether the output was made; folder: holds all files, before: the files that were in it before the run."""
    added = files(folder) - before
    if outcome.code == 0:
        assert added == {output}, f"{added} beside the output"
        return True
    assert outcome.code == 2, outcome
    assert outcome.err.rstrip().rpartition("\n")[2].startswith("vidinpaint: expected "), outcome
    assert "Traceback" not in outcome.err
    assert not added, f"{added} left behind"
    return False


def files(folder: Path) -> set[Path]:
    """All files and folders below a folder."""
    return set(folder.rglob("*"))
