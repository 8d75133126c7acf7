"""`Folder`: a folder on a disk or in an object store, in which files appear completely or not at all."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from vidinpaint.core.errors import StorageError
from vidinpaint.execution.storage.places import is_url, join, listing, open_url, storage_errors
from vidinpaint.execution.storage.temporary_folder import TemporaryFolder
from vidinpaint.video.syncing import sync

_SCRATCH = ".new-"  # prefix of files that are not stored yet


class Folder(Protocol):
    """Files by name. A file that does not exist is None; other failures raise `StorageError`."""

    place: str

    def scratch(self, suffix: str) -> Path:
        """A new path on this machine's disk, for a file to `put`."""
        ...

    def put(self, file: Path, name: str) -> None:
        """Move a scratch file into the folder under a name; it is stored safely when this returns."""
        ...

    def put_text(self, text: str, name: str) -> None: ...

    def file(self, name: str) -> Path | None:
        """The path of the file on this machine, after a download if necessary; it must not be changed."""
        ...

    def text(self, name: str) -> str | None: ...

    def size(self, name: str) -> int | None: ...

    def names(self) -> list[str]: ...

    def clear(self) -> None:
        """Remove the folder with all its files."""
        ...


def open_folder(place: str) -> "Folder":
    """The folder at a path or URL; it need not exist yet."""
    return RemoteFolder(place) if is_url(place) else LocalFolder(place)


class LocalFolder:
    """A folder on a disk; it is created when the first file is put there."""

    def __init__(self, place: str) -> None:
        self.place, self._path = place, Path(place)

    def scratch(self, suffix: str) -> Path:
        with storage_errors(self.place):
            self._path.mkdir(parents=True, exist_ok=True)
        return self._path / f"{_SCRATCH}{uuid4().hex}{suffix}"

    def put(self, file: Path, name: str) -> None:
        with storage_errors(join(self.place, name)):
            sync(file)
            os.replace(file, self._path / name)
            sync(self._path)

    def put_text(self, text: str, name: str) -> None:
        file = self.scratch(".txt")
        try:
            with storage_errors(join(self.place, name)):
                file.write_text(text, encoding="utf-8")
            self.put(file, name)
        finally:
            file.unlink(missing_ok=True)

    def file(self, name: str) -> Path | None:
        path = self._path / name
        return path if path.is_file() else None

    def text(self, name: str) -> str | None:
        with suppress(FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return (self._path / name).read_text(encoding="utf-8")
        return None

    def size(self, name: str) -> int | None:
        with suppress(FileNotFoundError, NotADirectoryError):
            return (self._path / name).stat().st_size
        return None

    def names(self) -> list[str]:
        if not self._path.is_dir():
            return []
        return sorted(file.name for file in self._path.iterdir() if not file.name.startswith(_SCRATCH))

    def clear(self) -> None:
        if self._path.is_symlink():
            raise StorageError("a folder to remove", f"'{self._path}', a link", "Remove the link by hand.")
        shutil.rmtree(self._path, ignore_errors=True)


class RemoteFolder:
    """A prefix in an object store, by its URL; scratch files and downloads are in a local temporary folder."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self._system, self._root = open_url(self.place)
        self._temporary: TemporaryFolder | None = None

    def scratch(self, suffix: str) -> Path:
        if self._temporary is None:
            self._temporary = TemporaryFolder()
        return self._temporary.path / f"{_SCRATCH}{uuid4().hex}{suffix}"

    def put(self, file: Path, name: str) -> None:
        with storage_errors(join(self.place, name)):
            self._make_root()
            # in an object store a file appears only when it is complete
            self._system.put_file(str(file), self._path(name))
            file.unlink()

    def put_text(self, text: str, name: str) -> None:
        with storage_errors(join(self.place, name)):
            self._make_root()
            self._system.pipe_file(self._path(name), text.encode("utf-8"))

    def file(self, name: str) -> Path | None:
        copy = self.scratch(Path(name).suffix)
        with storage_errors(join(self.place, name)), suppress(FileNotFoundError):
            self._system.get_file(self._path(name), str(copy))
            return copy
        return None

    def text(self, name: str) -> str | None:
        with storage_errors(join(self.place, name)), suppress(FileNotFoundError, UnicodeDecodeError):
            return str(self._system.cat_file(self._path(name)).decode("utf-8"))
        return None

    def size(self, name: str) -> int | None:
        with storage_errors(join(self.place, name)), suppress(FileNotFoundError):
            return int(self._system.info(self._path(name))["size"])
        return None

    def names(self) -> list[str]:
        with storage_errors(self.place), suppress(FileNotFoundError):
            return [name for name, _ in listing(self._system, self._root)]
        return []

    def clear(self) -> None:
        with storage_errors(self.place):
            if self._system.exists(self._root):
                self._system.rm(self._root, recursive=True)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def _make_root(self) -> None:
        if not _has_buckets(self._system):
            self._system.makedirs(self._root, exist_ok=True)


def _has_buckets(system: Any) -> bool:
    """Whether folders exist only as parts of names, so that they need not be created."""
    protocols = system.protocol if isinstance(system.protocol, tuple) else (system.protocol,)
    return bool({"s3", "s3a", "gs", "gcs", "abfs", "az"}.intersection(protocols))
