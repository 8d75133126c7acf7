"""`EventLog`: the events of a batch, as JSON lines for programs and as one progress bar for people."""

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
    """Must be closed. Its memory does not grow with the batch.

    names   names of the outputs, by the number of the clip
    quiet   show no progress bar
    """

    def __init__(self, folder: Folder, names: Sequence[str], quiet: bool) -> None:
        self._folder, self._names = folder, names
        self._file: Path | None = None
        self._lines: TextIO | None = None
        self._windows = self._planned = self._frames = self._failed = 0
        self._started = monotonic()
        self._open()
        interval = 0.2 if sys.stderr.isatty() else 10.0  # seconds
        self._bar = tqdm(
            total=len(names), desc="batch", unit="clip", file=sys.stderr, dynamic_ncols=True, mininterval=interval,
            disable=quiet,
        )  # fmt: skip
        self._write("begin", {"clips": len(names)})

    def _open(self) -> None:
        """Append to the file on a disk; an object store takes whole files only, so the file is put there by `close`."""
        file = self._folder.file(EVENTS_FILE)
        if file is None:
            file = self._folder.scratch(".jsonl")
            file.touch()
            self._folder.put(file, EVENTS_FILE)
            file = self._folder.file(EVENTS_FILE)
        if file is None or file.is_symlink():
            raise OutputError("a file for events", f"'{file}', a link", "Remove the link.")
        self._file = file
        self._lines = file.open("a", encoding="utf-8", errors="backslashreplace")

    def write_event(self, event: str, **facts: Any) -> None:
        """Record an event of `vidinpaint.execution.jobs.scheduler.Scheduler`."""
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
        rate = self._frames / max(monotonic() - self._started, 1e-9)
        counts = f"windows {self._windows}/{self._planned}, {rate:.1f} fps, {self._failed} failed"
        self._bar.set_postfix_str(counts, refresh=False)

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
