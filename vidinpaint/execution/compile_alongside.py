"""`compile_alongside`: on the first run of a machine, a second process compiles what this one will need later.

Numba compiles one kernel at a time in a process, and both processes share its cache on disk: a kernel that the other
process has compiled is only loaded here. So the first run waits for about half of the compilation.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

COMMAND = (sys.executable, "-m", "vidinpaint", "warm-up", "--quiet")


@contextmanager
def compile_alongside(allowed: bool) -> Iterator[Callable[[], None]]:
    """A function that starts `vidinpaint warm-up`, if allowed and on several cores; it ends with this context."""
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        if allowed and _cores() > 1:
            silent = subprocess.DEVNULL
            processes.append(subprocess.Popen(COMMAND, stdin=silent, stdout=silent, stderr=silent))

    try:
        yield start
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
