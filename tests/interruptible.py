"""Starts programs that answer to Ctrl-C, however the tests themselves were started."""

import signal
import subprocess
from typing import Any


def start(command: list[str], **options: Any) -> subprocess.Popen[Any]:
    """A process that takes SIGINT as one started in a terminal does; options as of `subprocess.Popen`.

    A shell lets what it runs in the background ignore SIGINT, and every process inherits that from its parent: without
    this, tests of an interruption would wait for ever under `nohup make test &`.
    """
    return subprocess.Popen(command, preexec_fn=_sigint_by_default, **options)


def _sigint_by_default() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
