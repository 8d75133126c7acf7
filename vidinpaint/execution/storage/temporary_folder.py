"""`TemporaryFolder`, and `clear_abandoned`, which removes those of runs that were killed."""

import logging
import os
import re
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from pathlib import Path

from vidinpaint.execution.storage.locks import acquire, try_lock

log = logging.getLogger(__name__)

_PREFIX, _OWNER = "vidinpaint-", "owner.lock"
_NAME = re.compile(rf"{_PREFIX}\w{{8}}")  # as `mkdtemp` makes it; other names are not those of temporary folders
_MAX_SECONDS_WITHOUT_OWNER = 600  # a run that makes a folder locks it at once


class TemporaryFolder:
    """A folder in the system's temporary folder, removed by `close`, with the object, or at the end of the process.

    While the process lives it holds a lock in it, by which `clear_abandoned` of another run knows that it is in use.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        file = acquire(self.path / f"new-{_OWNER}")
        os.replace(self.path / f"new-{_OWNER}", self.path / _OWNER)
        self.close = weakref.finalize(self, _remove, self.path, file)


def _remove(folder: Path, file: int | None) -> None:
    if file is not None:
        os.close(file)
    shutil.rmtree(folder, ignore_errors=True)


def clear_abandoned() -> None:
    """Remove the temporary folders of runs of this user that were killed; those of living ones stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if _NAME.fullmatch(folder.name):
                _clear(folder)


def _clear(folder: Path) -> None:
    owner = folder / _OWNER
    if folder.is_symlink() or owner.is_symlink() or (hasattr(os, "getuid") and folder.stat().st_uid != os.getuid()):
        return
    if _is_abandoned(folder, owner):
        shutil.rmtree(folder, ignore_errors=True)
        log.info("removed '%s' of a run that was killed", folder)


def _is_abandoned(folder: Path, owner: Path) -> bool:
    try:
        file = os.open(owner, os.O_RDWR)
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime > _MAX_SECONDS_WITHOUT_OWNER
    try:
        return try_lock(file)
    finally:
        os.close(file)
