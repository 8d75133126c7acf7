"""Places: paths of this machine, or URLs such as s3://bucket/clips/one.mp4; whether they exist and have changed.

Only plain URLs of fsspec are accepted: a chain such as "simplecache::s3://..." may do more than read a file.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any

from vidinpaint.core.errors import SettingError, StorageError
from vidinpaint.core.natural_order import natural_order

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_url(place: str) -> bool:
    """Whether a place is a URL; if not, it is a path."""
    return bool(_URL.match(place))


def join(place: str, name: str) -> str:
    """The place with this name inside a folder."""
    return f"{place.rstrip('/')}/{name}" if is_url(place) else str(Path(place) / name)


def name_of(place: str) -> str:
    """The name of the file or folder: the last part of a place."""
    return place.rstrip("/").rpartition("/")[2] if is_url(place) else Path(place).name


def split(place: str) -> tuple[str, str]:
    """The folder of a file, and the name of the file in it."""
    if is_url(place):
        parent, _, name = place.rpartition("/")
        return parent, name
    return str(Path(place).parent), Path(place).name


def open_url(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, without a cache of listings, and the path in it. Raises `SettingError`."""
    if "::" in url:
        raise SettingError("a plain URL", repr(url), "Leave out the part before '::'.")
    try:
        from fsspec.core import url_to_fs  # an optional dependency, imported only for URLs
    except ImportError as error:
        raise SettingError(
            "fsspec for URLs", "an installation without it", "Install it with pip install 'vidinpaint[s3]'."
        ) from error
    with storage_errors(url):
        system, path = url_to_fs(url, use_listings_cache=False)
    return system, path


@contextmanager
def storage_errors(place: str) -> Iterator[None]:
    """Turn every error inside into a `StorageError` that names the place."""
    try:
        yield
    except StorageError:
        raise
    except FileNotFoundError as error:
        raise StorageError("a file or folder", f"{place!r}, which does not exist", "Check the path or URL.") from error
    except ImportError as error:
        remedy = "Install the package that it names; for s3:// use pip install 'vidinpaint[s3]'."
        raise StorageError("a URL that can be opened", f"{place!r}: {error}", remedy) from error
    except Exception as error:  # every protocol raises its own errors
        actual = f"{place!r}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        remedy = "Check the path or URL, the permissions, the free space and the network."
        raise StorageError("storage that can be reached", actual, remedy) from error


def exists(place: str) -> bool:
    """Whether a file or folder exists."""
    if not is_url(place):
        return Path(place).exists()
    system, path = open_url(place)
    with storage_errors(place):
        return bool(system.exists(path))


def stamp(place: str) -> tuple[int, str]:
    """Total bytes of a file or of all files in a folder, and a text that changes when a file changes.

    The text is a hash of sizes and of modification times or entity tags; no content is read. Raises `StorageError`.
    """
    if is_url(place):
        system, path = open_url(place)
        with storage_errors(place):
            found = [(name, int(info.get("size") or 0), _version(info)) for name, info in listing(system, path)]
        if not found:
            raise StorageError("a file or folder", f"{place!r}, which does not exist", "Check the path or URL.")
    else:
        with storage_errors(place):
            files = files_in(Path(place)) if Path(place).is_dir() else [Path(place)]
            facts = [(file.name, file.stat()) for file in files]
            found = [(name, status.st_size, str(status.st_mtime_ns)) for name, status in facts]
    digest = hashlib.sha256(repr(found).encode("utf-8", "surrogateescape")).hexdigest()
    return sum(size for _, size, _ in found), digest[:32]


def files_in(folder: Path) -> list[Path]:
    """The files directly in a folder, sorted by name, without hidden ones."""
    return sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))


def listing(system: Any, path: str) -> list[tuple[str, dict[str, Any]]]:
    """Names and facts of one file, or of all files directly in a folder, sorted by name."""
    info = system.info(path)
    if info.get("type") != "directory":
        return [(path.rstrip("/").rpartition("/")[2], info)]
    entries = system.ls(path, detail=True)
    files = [(entry["name"].rstrip("/").rpartition("/")[2], entry) for entry in entries if entry["type"] == "file"]
    return sorted((name, entry) for name, entry in files if name and not name.startswith("."))


def _version(info: dict[str, Any]) -> str:
    for key in ("ETag", "etag", "md5Hash", "LastModified", "mtime", "created"):
        if info.get(key):
            return str(info[key])
    return ""


def find(pattern: str) -> list[str]:
    """Places that match a pattern (*, ?, [ab], ** for folders), in natural order; an existing file matches itself."""
    if not is_url(pattern):
        if Path(pattern).is_file():
            return [pattern]
        return natural_order(found for found in glob(pattern, recursive=True) if not Path(found).name.startswith("."))
    system, path = open_url(pattern)
    scheme = pattern.partition("://")[0]
    with storage_errors(pattern):
        return natural_order(f"{scheme}://{found.lstrip('/')}" for found in system.glob(path))
