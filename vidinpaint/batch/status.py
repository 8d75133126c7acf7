"""`status` and `clean`: how far a batch is, as its folder shows it, and what it has left to go on from."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from vidinpaint.batch.layout import Layout
from vidinpaint.batch.log import EVENTS
from vidinpaint.batch.run import LIST
from vidinpaint.commits.ledger import Ledger
from vidinpaint.errors import OutputError
from vidinpaint.jobs.done import Done
from vidinpaint.storage.folder import open_folder


@dataclass(frozen=True)
class Standing:
    """Where one clip stands: done, failed, begun or waiting; windows that are committed, of how many."""

    output: str
    state: str
    committed: int = 0
    windows: int = 0
    error: str = ""

    def __str__(self) -> str:
        windows = f"  {self.committed} of {self.windows} windows" if self.state == "begun" else ""
        return f"{self.state:<8} {self.output}{windows}{f'  {self.error}' if self.error else ''}"


def status(folder: str) -> list[Standing]:
    """A quick look at every clip of the last batch: whether files are there, not what is in them."""
    layout = Layout(folder)
    errors = _errors(layout)
    return [_standing(layout, name, errors.get(name, "")) for name in _names(layout)]


def counted(standings: list[Standing]) -> str:
    counts = Counter(standing.state for standing in standings)
    return ", ".join(f"{counts[state]} {state}" for state in ("done", "begun", "waiting", "failed"))


def clean(folder: str) -> int:
    """Remove what is finished of unfinished clips; results and notes about them stay. Returns how many there were."""
    layout = Layout(folder)
    works = [open_folder(layout.work(name)) for name in _names(layout)]
    layout.make()  # which refuses links that lead out
    begun = sum(bool(work.names()) for work in works)
    for work in works:  # also those in which nothing is yet
        work.clear()
    return begun


def _names(layout: Layout) -> list[str]:
    try:
        clips = json.loads(layout.hidden().text(LIST) or "")["clips"]
        return [str(clip["output"]) for clip in sorted(clips, key=lambda clip: clip["line"])]
    except (ValueError, TypeError, KeyError) as error:
        actual = f"{layout.place!r}, in which there was none"
        raise OutputError("the folder of a batch", actual, "Give the folder that -o was given.") from error


def _standing(layout: Layout, name: str, error: str) -> Standing:
    done = Done.read(layout.record(name))
    parent, _, file = layout.output(name).rpartition("/")
    if done and open_folder(parent).size(file) == done.size and not error:
        return Standing(name, "done")
    ledger = Ledger(open_folder(layout.work(name)))
    windows = ledger.plan().get("windows", 0)
    state = "failed" if error else "begun" if windows else "waiting"
    return Standing(name, state, ledger.count(), windows if isinstance(windows, int) else 0, error)


def _errors(layout: Layout) -> dict[str, str]:
    """What the last run says of clips that failed, by their output."""
    errors: dict[str, str] = {}
    for line in (layout.hidden().text(EVENTS) or "").splitlines():
        try:
            event: dict[str, Any] = json.loads(line)
        except ValueError:
            continue  # half a line, where a run was killed
        if event.get("event") == "begin":
            errors = {}
        elif event.get("event") == "failed":
            errors[str(event.get("output"))] = str(event.get("error"))
    return errors
