"""`SegmentStore`: the finished windows of one clip: `DiskStore` keeps them in a folder, `MemoryStore` keeps no frames.

A window is stored in two steps: its segment is put under a name made of its content's hash, then its record replaces
the one before. Only the second step counts, so a process that stores the same window again, or dies in between, harms
nothing; and a record never points to a file that another process has written over.
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
    """Records of windows, their segments where these are kept, and what is known about the whole clip."""

    def add(self, record: WindowRecord, segment: Path | None) -> None:
        """Store a window; the segment is a file that the store may move, None where the writer has the frames."""
        ...

    def read(self, index: int, fingerprint: str, thorough: bool) -> WindowRecord | None:
        """The record of a window, where it has this fingerprint and its segment is complete; None otherwise.

        thorough   also read a segment that has to be fetched for it; one on a disk is always read
        """
        ...

    def segment(self, record: WindowRecord) -> Path | None:
        """The frames of a stored window as a file of this machine; None where they are not what was stored."""
        ...

    def plan(self) -> dict[str, Any]:
        """What was written about the clip; empty where nothing was, or nothing of use."""
        ...

    def write_plan(self, plan: dict[str, Any]) -> None: ...

    def count(self) -> int:
        """How many windows have a record, valid or not."""
        ...

    def clear(self) -> None:
        """Remove everything that was stored."""
        ...


class DiskStore:
    """In a work folder, on a disk or in an object store."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def add(self, record: WindowRecord, segment: Path | None) -> None:
        assert segment, "a store with files takes files"
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
    """Only the records, for results that are written window by window and are not resumed."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}  # as on a disk, so that a report is the same for every store

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
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _record_name(index: int) -> str:
    return f"{index:06d}.json"
