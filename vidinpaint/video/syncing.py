"""`sync`: a file or folder is on the disk, not only on its way there."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Return when the disk has it; for a folder, the names in it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
