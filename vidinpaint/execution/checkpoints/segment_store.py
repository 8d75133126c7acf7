"""`SegmentStore`: the finished windows of one clip. `DiskStore` keeps them in a folder, `MemoryStore` keeps no frames.

A window is stored in two steps: its segment is stored under a name that contains the hash of its content, then its
record replaces the previous one. A window counts as stored after the second step only, so a process may store a window
again, or die between the steps, without harm; and no record refers to a file that another process has overwritten.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.storage.folder import Folder
from vidinpaint.execution.storage.places import is_url

PLAN_FILE = "plan.json"


class SegmentStore(Protocol):
    """Records of windows, their segments if these are kept, and the plan of the clip."""

    def add(self, record: WindowRecord, segment: Path | None) -> None:
        """Store a window; the segment is a file that the store may move, or None if the writer has the frames."""
        ...

    def read(self, index: int, fingerprint: str, thorough: bool) -> WindowRecord | None:
        """The record of a window if it has this fingerprint and its segment is complete; None otherwise.

        thorough   also verify the content of a segment by URL, which is downloaded; one on a disk is always verified
        """
        ...

    def segment(self, record: WindowRecord) -> Path | None:
        """The frames of a stored window as a file of this machine; None if they differ from what was stored."""
        ...

    def plan(self) -> dict[str, Any]:
        """What `write_plan` has stored; empty if nothing valid is stored."""
        ...

    def write_plan(self, plan: dict[str, Any]) -> None: ...

    def count(self) -> int:
        """The number of windows with a record, valid or not."""
        ...

    def clear(self) -> None:
        """Remove everything that is stored."""
        ...


class DiskStore:
    """In a work folder, on a disk or in an object store."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def add(self, record: WindowRecord, segment: Path | None) -> None:
        assert segment, "a store on disk needs a segment"
        size, digest = segment.stat().st_size, sha256_of(segment)
        name = f"{record.index:06d}.{digest[:24]}.nut"
        self.folder.put(segment, name)
        record = replace(record, segment=name, size=size, sha256=digest)
        self.folder.put_text(record.to_text(), _record_name(record.index))

    def read(self, index: int, fingerprint: str, thorough: bool) -> WindowRecord | None:
        text = self.folder.text(_record_name(index))
        record = WindowRecord.from_text(text) if text else None
        if record is None or record.index != index or record.fingerprint != fingerprint:
            return None
        if self.folder.size(record.segment) != record.size:
            return None
        if not thorough and is_url(self.folder.place):
            return record
        return record if self.segment(record) is not None else None

    def segment(self, record: WindowRecord) -> Path | None:
        file = self.folder.file(record.segment)
        return file if file and sha256_of(file) == record.sha256 else None

    def plan(self) -> dict[str, Any]:
        try:
            written = json.loads(self.folder.text(PLAN_FILE) or "{}")
        except ValueError:
            return {}
        return written if isinstance(written, dict) else {}

    def write_plan(self, plan: dict[str, Any]) -> None:
        self.folder.put_text(json.dumps(plan) + "\n", PLAN_FILE)

    def count(self) -> int:
        return sum(name.endswith(".json") and name != PLAN_FILE for name in self.folder.names())

    def clear(self) -> None:
        self.folder.clear()


class MemoryStore:
    """Keeps only the records, for results that are written window by window and cannot be resumed."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}  # as on a disk, so that the report is the same for every store

    def add(self, record: WindowRecord, segment: Path | None) -> None:
        self._texts[record.index] = record.to_text()

    def read(self, index: int, fingerprint: str, thorough: bool) -> WindowRecord | None:
        return WindowRecord.from_text(self._texts.get(index, ""))

    def segment(self, record: WindowRecord) -> Path | None:
        return None

    def plan(self) -> dict[str, Any]:
        return {}

    def write_plan(self, plan: dict[str, Any]) -> None: ...

    def count(self) -> int:
        return len(self._texts)

    def clear(self) -> None:
        self._texts.clear()


def sha256_of(file: Path) -> str:
    """SHA-256 of the content of a file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _record_name(index: int) -> str:
    return f"{index:06d}.json"
