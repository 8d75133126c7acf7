"""`status`: how far the batch in a folder has got; `clean`: removes its work folders."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from vidinpaint.core.errors import OutputError
from vidinpaint.execution.batch.batch_run import BATCH_FILE
from vidinpaint.execution.batch.event_log import EVENTS_FILE
from vidinpaint.execution.batch.layout import Layout
from vidinpaint.execution.checkpoints.segment_store import DiskStore
from vidinpaint.execution.jobs.completion_record import CompletionRecord
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.places import split


@dataclass(frozen=True)
class ClipStatus:
    """One clip: its state (done, begun, waiting or failed) and how many of its windows are stored."""

    output: str
    state: str
    stored: int = 0
    windows: int = 0
    error: str = ""

    def __str__(self) -> str:
        windows = f"  {self.stored} of {self.windows} windows" if self.state == "begun" else ""
        return f"{self.state:<8} {self.output}{windows}{f'  {self.error}' if self.error else ''}"


def status(folder: str) -> list[ClipStatus]:
    """The state of every clip of the last batch; files are only checked for presence, their content is not read."""
    layout = Layout(folder)
    errors = _errors(layout)
    return [_clip_status(layout, name, errors.get(name, "")) for name in _names(layout)]


def counted(statuses: list[ClipStatus]) -> str:
    """The number of clips in each state, as one line."""
    counts = Counter(status.state for status in statuses)
    return ", ".join(f"{counts[state]} {state}" for state in ("done", "begun", "waiting", "failed"))


def clean(folder: str) -> int:
    """Remove the work folders of unfinished clips; results and records stay. Returns the number of begun clips."""
    layout = Layout(folder)
    work_folders = [open_folder(layout.work(name)) for name in _names(layout)]
    layout.make()  # refuses links that lead out of the folder
    begun = sum(bool(work_folder.names()) for work_folder in work_folders)
    for work_folder in work_folders:  # including those without a finished window
        work_folder.clear()
    return begun


def _names(layout: Layout) -> list[str]:
    try:
        clips = json.loads(layout.hidden().text(BATCH_FILE) or "")["clips"]
        return [str(clip["output"]) for clip in sorted(clips, key=lambda clip: clip["line"])]
    except (ValueError, TypeError, KeyError) as error:
        actual = f"{layout.place!r}, which holds none"
        raise OutputError("the folder of a batch", actual, "Name the folder that was given with -o.") from error


def _clip_status(layout: Layout, name: str, error: str) -> ClipStatus:
    done = CompletionRecord.read(layout.record(name))
    parent, file = split(layout.output(name))
    if done and open_folder(parent).size(file) == done.size and not error:
        return ClipStatus(name, "done")
    store = DiskStore(open_folder(layout.work(name)))
    windows = store.plan().get("windows", 0)
    state = "failed" if error else "begun" if windows else "waiting"
    return ClipStatus(name, state, store.count(), windows if isinstance(windows, int) else 0, error)


def _errors(layout: Layout) -> dict[str, str]:
    """The errors of clips that failed in the last run, by their output."""
    errors: dict[str, str] = {}
    for line in (layout.hidden().text(EVENTS_FILE) or "").splitlines():
        try:
            event: dict[str, Any] = json.loads(line)
        except ValueError:
            continue  # an incomplete line, left by a run that was killed
        if event.get("event") == "begin":
            errors = {}
        elif event.get("event") == "failed":
            errors[str(event.get("output"))] = str(event.get("error"))
    return errors
