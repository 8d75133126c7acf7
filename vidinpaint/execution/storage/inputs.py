"""`local_copy`: downloads inputs by URL once per machine, and keeps them in a cache until they change."""

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from vidinpaint.core.errors import StorageError
from vidinpaint.execution.storage.places import is_url, listing, name_of, open_url, stamp, storage_errors

CACHE, LIMIT = "VIDINPAINT_CACHE", "VIDINPAINT_CACHE_GB"
"""Environment variables: the folder of the cache, and its maximum size in GB (default 50)."""
_IN_USE = 3600  # seconds since the last use within which an input is never removed


def local_copy(place: str) -> Path:
    """A file or folder as a path of this machine; a URL is downloaded unless the cache holds its current version."""
    if not is_url(place):
        return Path(place)
    size, version = stamp(place)
    key = hashlib.sha256(f"{place}\n{size}\n{version}".encode()).hexdigest()[:32]
    entry = cache_folder() / key
    copy = entry / (name_of(place) or "input")
    if copy.exists():
        os.utime(entry)
        return copy
    download = entry.with_name(f".{key}.{uuid4().hex}")
    download.mkdir()
    try:
        _download(place, download / copy.name)
        try:
            download.rename(entry)
        except OSError:  # another worker of this machine was faster
            if not copy.exists():
                raise
    finally:
        shutil.rmtree(download, ignore_errors=True)
    _trim()
    return copy


def cache_folder() -> Path:
    """The cache folder, readable by this user only. Raises `StorageError` if it belongs to another user."""
    configured = os.environ.get(CACHE)
    folder = Path(configured) if configured else Path(tempfile.gettempdir()) / f"vidinpaint-cache-{_user()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != _user():
        raise StorageError("a cache folder of this user", f"'{folder}' of another", f"Set {CACHE} to your own.")
    return folder


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _download(url: str, target: Path) -> None:
    system, path = open_url(url)
    with storage_errors(url):
        if system.isdir(path):
            target.mkdir()
            for name, entry in listing(system, path):
                system.get_file(entry["name"], str(target / Path(name).name))
        else:
            system.get_file(path, str(target))


def _trim() -> None:
    """Remove the least recently used inputs until the cache is within its limit."""
    limit = float(os.environ.get(LIMIT, "50")) * 1e9
    entries = sorted((entry.stat().st_mtime, entry) for entry in cache_folder().iterdir())
    sizes = {entry: sum(file.stat().st_size for file in entry.rglob("*") if file.is_file()) for _, entry in entries}
    total = sum(sizes.values())
    for used, entry in entries:
        if total <= limit or used > time.time() - _IN_USE:
            return
        shutil.rmtree(entry, ignore_errors=True)
        total -= sizes[entry]
