"""`EventLog`: what happens in a batch, as JSON lines for programs, and as one progress bar."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from tqdm import tqdm

from vidinpaint.core.errors import OutputError
from vidinpaint.core.report import Report
from vidinpaint.execution.storage.folder import Folder

EVENTS_FILE = "events.jsonl"


class EventLog:
    """To be closed. Memory does not grow with the batch.

    names   of the outputs, by the number of the clip
    """

    def __init__(self, folder: Folder, names: Sequence[str], quiet: bool) -> None:
        self._folder, self._names = folder, names
        self._file: Path | None = None
        self._lines: TextIO | None = None
        self._windows = self._planned = self._frames = self._failed = 0
        self._begin = monotonic()
        self._open()
        often = 0.2 if sys.stderr.isatty() else 10.0
        self._bar = tqdm(
            total=len(names), desc="batch", unit="clip", file=sys.stderr, dynamic_ncols=True, mininterval=often,
            disable=quiet,
        )  # fmt: skip
        self._write("begin", {"clips": len(names)})

    def _open(self) -> None:
        """Continue the file on a disk; an object store takes whole files only, so there it is put at the end."""
        there = self._folder.file(EVENTS_FILE)
        if there is None:
            there = self._folder.scratch(".jsonl")
            there.touch()
            self._folder.put(there, EVENTS_FILE)
            there = self._folder.file(EVENTS_FILE)
        if there is None or there.is_symlink():
            raise OutputError("a file for events", f"'{there}', a link", "Remove the link.")
        self._file = there
        self._lines = self._file.open("a", encoding="utf-8", errors="backslashreplace")

    def write_event(self, event: str, **facts: Any) -> None:
        """Take note of an event of `vidinpaint.execution.jobs.scheduler.Scheduler`."""
        report = facts.pop("report", None)
        if event == "planned":
            self._planned += facts["missing"]
        elif event == "inpainted":
            self._windows += 1
            self._frames += facts["frames"]
        elif event == "failed":
            self._failed += 1
        if isinstance(report, Report):
            facts |= {"frames": report.frames, "bad": report.windows_bad, "seconds": report.total_seconds}
        if facts.get("clip") is not None:
            facts["output"] = self._names[facts["clip"]]
        self._write(event, facts)
        if event in ("finished", "failed"):
            self._bar.update(1)
        rate = self._frames / max(monotonic() - self._begin, 1e-9)
        said = f"windows {self._windows}/{self._planned}, {rate:.1f} fps, {self._failed} failed"
        self._bar.set_postfix_str(said, refresh=False)

    def _write(self, event: str, facts: dict[str, Any]) -> None:
        assert self._lines
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            self._lines.write(json.dumps({"time": now, "event": event, **facts}) + "\n")
            self._lines.flush()
        except OSError:
            pass  # a full disk is reported where results are written, and must not stop the other clips

    def close(self) -> None:
        self._bar.close()
        if self._lines and self._file:
            self._lines.close()
            if self._folder.file(EVENTS_FILE) != self._file:
                self._folder.put(self._file, EVENTS_FILE)
