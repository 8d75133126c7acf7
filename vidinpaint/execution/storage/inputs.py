"""`local_copy`: inputs by URL, fetched once per machine and kept in a cache until they change."""

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from vidinpaint.core.errors import StorageError
from vidinpaint.execution.storage.places import is_url, listing, name_of, open_url, reaching, stamp

CACHE, LIMIT = "VIDINPAINT_CACHE", "VIDINPAINT_CACHE_GB"
"""Environment variables: the folder of the cache, and its maximum size in GB, 50 by default."""
_IN_USE = 3600  # seconds; what was used within them is never removed


def local_copy(place: str) -> Path:
    """A file or folder as a path of this machine. A path stays as it is; a URL is fetched unless it is here already."""
    if not is_url(place):
        return Path(place)
    size, version = stamp(place)
    key = hashlib.sha256(f"{place}\n{size}\n{version}".encode()).hexdigest()[:32]
    entry = cache_folder() / key
    copy = entry / (name_of(place) or "input")
    if copy.exists():
        os.utime(entry)
        return copy
    arriving = entry.with_name(f".{key}.{uuid4().hex}")
    arriving.mkdir()
    try:
        _fetch(place, arriving / copy.name)
        try:
            arriving.rename(entry)
        except OSError:  # another worker of this machine has stored it first
            if not copy.exists():
                raise
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    _trim()
    return copy


def cache_folder() -> Path:
    """The cache of this user, readable by nobody else. Raises `StorageError` where it belongs to another."""
    chosen = os.environ.get(CACHE)
    folder = Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"vidinpaint-cache-{_user()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != _user():
        raise StorageError("a cache folder of this user", f"'{folder}' of another", f"Set {CACHE} to one of your own.")
    return folder


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _fetch(url: str, here: Path) -> None:
    system, path = open_url(url)
    with reaching(url):
        if system.isdir(path):
            here.mkdir()
            for name, entry in listing(system, path):
                system.get_file(entry["name"], str(here / Path(name).name))
        else:
            system.get_file(path, str(here))


def _trim() -> None:
    """Remove what was used longest ago until the cache is within its limit."""
    limit = float(os.environ.get(LIMIT, "50")) * 1e9
    entries = sorted((entry.stat().st_mtime, entry) for entry in cache_folder().iterdir())
    sizes = {entry: sum(file.stat().st_size for file in entry.rglob("*") if file.is_file()) for _, entry in entries}
    total = sum(sizes.values())
    for used, entry in entries:
        if total <= limit or used > time.time() - _IN_USE:
            return
        shutil.rmtree(entry, ignore_errors=True)
        total -= sizes[entry]
