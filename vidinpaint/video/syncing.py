"""`sync`: flushes a file or folder to the disk."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Return when the contents of a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
