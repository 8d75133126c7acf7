"""`run_batch`: all clips of a list, by the workers of one pool; a clip that fails is a row of the summary."""

import json
import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vidinpaint.core.errors import BatchError, ClipError, SettingError, StorageError
from vidinpaint.execution.batch.event_log import EventLog
from vidinpaint.execution.batch.layout import Layout
from vidinpaint.execution.batch.rows import MANIFESTS, Row, read_rows
from vidinpaint.execution.batch.summary import Line, to_csv, to_html, totals
from vidinpaint.execution.batch.validation import BatchEntry, Defaults, validated_jobs
from vidinpaint.execution.jobs.job_state import JobState
from vidinpaint.execution.jobs.scheduler import Scheduler
from vidinpaint.execution.jobs.worker_options import WorkerOptions, open_pool
from vidinpaint.execution.storage.places import find, name_of

log = logging.getLogger(__name__)
BATCH_FILE = "batch.json"


@dataclass(frozen=True)
class Result:
    """A line for every clip, in the order of the list."""

    lines: tuple[Line, ...]

    def summary(self) -> str:
        return totals(self.lines)

    def check(self) -> None:
        """Raise `BatchError`, with a line for each, where clips have failed."""
        failed = [line for line in self.lines if line.error]
        if failed:
            error = BatchError(
                "all clips to be done",
                f"{len(failed)} of {len(self.lines)} that failed",
                "The others are done; correct these and run the same command again.",
            )
            error.details = tuple(
                f"line {line.line}: {line.clip}: {line.error}" + (f" ({line.where})" if line.where else "")
                for line in failed
            )
            raise error


def rows_of(source: str) -> list[Row]:
    """The rows of a manifest, or one for every clip that a pattern such as 'clips/*.mp4' finds."""
    if source.lower().endswith(MANIFESTS):
        return read_rows(Path(source))
    found = find(source)
    if not found:
        remedy = f"Give a pattern in quotes, or a manifest ({', '.join(MANIFESTS)})."
        raise ClipError("clips", f"none for {source!r}", remedy)
    return [Row(number, Path(), {"clip": clip}) for number, clip in enumerate(found, 1)]


def run_batch(source: str, folder: str, defaults: Defaults, workers: WorkerOptions, quiet: bool = False) -> Result:
    """Do all clips of a manifest or a pattern; results and summary go into a folder (a path or a URL).

    Everything is checked before anything is done, and `BatchError` raised where something is wrong with the list.
    What an earlier run has done is not done again.
    """
    layout = Layout(folder)
    rows = rows_of(source)
    if not layout.place.strip():
        raise SettingError("a folder for the results", "none", "Give one with -o.")
    layout.make()
    listed = validated_jobs(rows, layout, defaults, source)
    names = [one.name for one in listed]
    layout.hidden().put_text(_batch_json(source, listed), BATCH_FILE)
    jobs = [one.job for one in listed]
    with closing(EventLog(layout.hidden(), names, quiet)) as log_file, open_pool(workers, jobs) as (pool, wanted):
        there: set[int] = set()

        def on_event(event: str, **facts: object) -> None:
            if event == "finished" and facts["there"] and isinstance(facts["clip"], int):
                there.add(facts["clip"])
            log_file.write_event(event, **facts)

        states = Scheduler(pool, wanted, on_event, workers.stall).run(jobs)
    lines = sorted(
        (_line(one, state, state.number in there) for one, state in zip(listed, states)), key=lambda x: x.line
    )
    _write_summary(layout, lines, name_of(source))
    return Result(tuple(lines))


def _write_summary(layout: Layout, lines: Sequence[Line], name: str) -> None:
    """Where the disk is full, the errors of the failed clips say more than one about the summary."""
    try:
        layout.top().put_text(to_csv(lines), "summary.csv")
        layout.top().put_text(to_html(lines, name), "summary.html")
    except StorageError:
        if not any(line.error for line in lines):
            raise
        log.warning("the summary could not be written")


def _batch_json(source: str, listed: Sequence[BatchEntry]) -> str:
    clips = [{"line": one.line, "clip": one.job.clip, "output": one.name} for one in listed]
    return json.dumps({"source": source, "clips": clips}, indent=1) + "\n"


def _line(one: BatchEntry, state: JobState, there: bool) -> Line:
    if state.error:
        error = " ".join(str(state.error).split())
        return Line(one.line, one.job.clip, one.name, "failed", error=error, where=state.where)
    report = state.report
    assert report
    return Line(
        one.line, one.job.clip, one.name, "there already" if there else "done", report.frames, report.windows,
        report.windows_good, report.windows_suspect, report.windows_bad, report.share.get("synthesised", 0.0),
        report.total_seconds,
    )  # fmt: skip
