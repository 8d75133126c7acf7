"""`Ledger`: the committed windows of one clip.

A window is committed in two steps: its segment is put under a name that says its content, then its record replaces the
one before. Only the second counts, so whoever commits the same window again, or dies in between, hurts nobody; and a
record never points to a file that somebody else has written over.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.storage.folder import Folder
from vidinpaint.execution.storage.places import is_url

PLAN = "plan.json"
Facts = Mapping[str, Any]


class Ledger:
    """Reads and writes in the work folder of one clip."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def commit(self, segment: Path, describe: Callable[..., WindowRecord]) -> WindowRecord:
        """Store a scratch file of the folder as the window that `describe(segment=, size=, sha256=)` says it is."""
        size, digest = segment.stat().st_size, sha256_of(segment)
        record = describe(segment="", size=size, sha256=digest)
        name = f"{record.index:06d}.{digest[:24]}.nut"
        self.folder.put(segment, name)
        record = describe(segment=name, size=size, sha256=digest)
        self.folder.put_text(record.to_text(), record_name(record.index))
        return record

    def read(self, index: int, key: str, thorough: bool) -> WindowRecord | None:
        """The record of a window, where it is that of this key and its segment is whole; None otherwise.

        thorough   read the segment too, if it has to be fetched; on a disk it always is
        """
        text = self.folder.text(record_name(index))
        record = WindowRecord.from_text(text) if text else None
        if record is None or record.index != index or record.key != key:
            return None
        if self.folder.size(record.segment) != record.size:
            return None
        if not thorough and is_url(self.folder.place):
            return record
        return record if self.segment(record) is not None else None

    def segment(self, record: WindowRecord) -> Path | None:
        """The frames of a committed window as a file of this machine; None where they are not what was committed."""
        file = self.folder.file(record.segment)
        return file if file and sha256_of(file) == record.sha256 else None

    def plan(self) -> dict[str, Any]:
        """What was written about the clip; empty where nothing was, or nothing of use."""
        try:
            written = json.loads(self.folder.text(PLAN) or "{}")
        except ValueError:
            return {}
        return written if isinstance(written, dict) else {}

    def write_plan(self, plan: Facts) -> None:
        self.folder.put_text(json.dumps(plan) + "\n", PLAN)

    def count(self) -> int:
        """How many windows have a record, valid or not; a quick look."""
        return sum(name.endswith(".json") and name != PLAN for name in self.folder.names())


def record_name(index: int) -> str:
    return f"{index:06d}.json"


def sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
