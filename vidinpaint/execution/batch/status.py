"""`status` and `clean`: how far the batch of a folder is, and the removal of its work folders."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from vidinpaint.errors import OutputError
from vidinpaint.execution.batch.batch_run import BATCH_FILE
from vidinpaint.execution.batch.event_log import EVENTS_FILE
from vidinpaint.execution.batch.layout import Layout
from vidinpaint.execution.checkpoints.segment_store import DiskStore
from vidinpaint.execution.jobs.completion_record import CompletionRecord
from vidinpaint.execution.storage.folder import open_folder


@dataclass(frozen=True)
class ClipStatus:
    """One clip: done, failed, begun or waiting; how many of its windows are stored."""

    output: str
    state: str
    stored: int = 0
    windows: int = 0
    error: str = ""

    def __str__(self) -> str:
        windows = f"  {self.stored} of {self.windows} windows" if self.state == "begun" else ""
        return f"{self.state:<8} {self.output}{windows}{f'  {self.error}' if self.error else ''}"


def status(folder: str) -> list[ClipStatus]:
    """The state of every clip of the last batch, by the presence of its files, not by their content."""
    layout = Layout(folder)
    errors = _errors(layout)
    return [_clip_status(layout, name, errors.get(name, "")) for name in _names(layout)]


def counted(statuses: list[ClipStatus]) -> str:
    counts = Counter(one.state for one in statuses)
    return ", ".join(f"{counts[state]} {state}" for state in ("done", "begun", "waiting", "failed"))


def clean(folder: str) -> int:
    """Remove the work folders of unfinished clips; results and their records stay. Returns how many there were."""
    layout = Layout(folder)
    works = [open_folder(layout.work(name)) for name in _names(layout)]
    layout.make()  # which refuses links that lead out
    begun = sum(bool(work.names()) for work in works)
    for work in works:  # also those in which nothing is yet
        work.clear()
    return begun


def _names(layout: Layout) -> list[str]:
    try:
        clips = json.loads(layout.hidden().text(BATCH_FILE) or "")["clips"]
        return [str(clip["output"]) for clip in sorted(clips, key=lambda clip: clip["line"])]
    except (ValueError, TypeError, KeyError) as error:
        actual = f"{layout.place!r}, in which there was none"
        raise OutputError("the folder of a batch", actual, "Give the folder that -o was given.") from error


def _clip_status(layout: Layout, name: str, error: str) -> ClipStatus:
    done = CompletionRecord.read(layout.record(name))
    parent, _, file = layout.output(name).rpartition("/")
    if done and open_folder(parent).size(file) == done.size and not error:
        return ClipStatus(name, "done")
    store = DiskStore(open_folder(layout.work(name)))
    windows = store.plan().get("windows", 0)
    state = "failed" if error else "begun" if windows else "waiting"
    return ClipStatus(name, state, store.count(), windows if isinstance(windows, int) else 0, error)


def _errors(layout: Layout) -> dict[str, str]:
    """What the last run says of clips that failed, by their output."""
    errors: dict[str, str] = {}
    for line in (layout.hidden().text(EVENTS_FILE) or "").splitlines():
        try:
            event: dict[str, Any] = json.loads(line)
        except ValueError:
            continue  # half a line, where a run was killed
        if event.get("event") == "begin":
            errors = {}
        elif event.get("event") == "failed":
            errors[str(event.get("output"))] = str(event.get("error"))
    return errors
