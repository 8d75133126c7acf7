"""`start`: starts programs that react to Ctrl-C, even if the tests run in the background."""

import signal
import subprocess
import sys
from typing import Any

import pytest

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals that a test could send")


def start(command: list[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a process that handles SIGINT as if started in a terminal; options as for `subprocess.Popen`.

    A shell makes background commands ignore SIGINT, and every process inherits this from its parent: without the reset,
    tests of an interruption would wait for ever under `nohup make test &`.
    """
    return subprocess.Popen(command, preexec_fn=_reset_sigint, **options)


def _reset_sigint() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
