"""`locked`: one run at a time writes an output.

A lock is a file that a process holds open with a lock of the operating system, which ends with the process: what a
killed process leaves behind is no obstacle. The file says who holds it.
"""

import errno
import logging
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.core.hidden_names import hidden_name
from vidinpaint.video.containers.muxing_errors import output_errors

log = logging.getLogger(__name__)

_BUSY = (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_BYTE = 1 << 30  # the byte that is locked on Windows, behind the text, which others may read


def lock_of(output: Path) -> Path:
    """The lock file beside an output."""
    return output.with_name(hidden_name(output.name, ".lock"))


@contextmanager
def locked(lock: Path, output: str) -> Iterator[None]:
    """Hold a lock file; raises `OutputError` if another run holds it, or if it cannot be written.

    output   what the lock is for, as messages call it
    """
    with output_errors(output):
        file = acquire(lock)
    if file is None:
        raise OutputError(
            "an output that no other run is writing",
            f"'{output}', which {_holder(lock)} is writing",
            "Wait until that run has ended, or choose another output.",
        )
    try:
        yield
    finally:
        if sys.platform == "win32":
            os.close(file)
            lock.unlink(missing_ok=True)
        else:
            lock.unlink(missing_ok=True)  # before the lock is released: nobody else can hold this file then
            os.close(file)


def acquire(lock: Path) -> int | None:
    """The open lock file, which the caller closes; None if another process, or another run of this one, holds it."""
    while True:
        file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        if not try_lock(file):
            os.close(file)
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), os.stat(lock)):
                break
        os.close(file)  # the run that held it has removed it meanwhile
    with suppress(OSError):  # a full disk
        os.truncate(file, 0)
        os.write(file, f"process {os.getpid()} on {platform.node()}, since {datetime.now():%H:%M:%S}\n".encode())
    return file


def try_lock(file: int) -> bool:
    """Lock an open file until it is closed; False if it is locked already."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            log.warning("this file system has no locks: nothing prevents two runs from writing the same output")
            return True
        if error.errno in _BUSY:
            return False
        raise
    return True


def _holder(lock: Path) -> str:
    try:
        return lock.read_text(encoding="utf-8", errors="replace").strip() or "another process"
    except OSError:
        return "another process"
