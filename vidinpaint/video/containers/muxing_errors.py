"""Turns errors of FFmpeg and the operating system while writing into `OutputError`."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av

from vidinpaint.core.errors import OutputError

_REASONS = {
    errno.ENOSPC: ("disk full", "Free some space or write to another disk."),
    errno.EDQUOT: ("disk quota used up", "Free some space or write to another disk."),
    errno.EFBIG: ("a file that is too large for this disk", "Write to another disk."),
    errno.EACCES: ("no permission to write", "Choose another folder or change its permissions."),
    errno.EROFS: ("a read-only disk", "Choose another folder."),
}


@contextmanager
def output_errors(path: str | Path) -> Iterator[None]:
    """Turn errors raised inside into one `OutputError` that names `path`."""
    try:
        yield
    except (av.FFmpegError, OSError) as error:
        reason, remedy = _REASONS.get(error.errno or 0, (None, "Check the output, its folder and its format."))
        if reason is None:
            reason = str(error.strerror or error).splitlines()[0][:160]
        raise OutputError("to write the output", f"{reason} at '{path}'", remedy) from error
