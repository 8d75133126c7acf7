"""`run_batch`: processes all clips of a list by the workers of one pool; a clip that fails is a row of the summary."""

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
from vidinpaint.execution.storage.temporary_folder import clear_abandoned

log = logging.getLogger(__name__)
BATCH_FILE = "batch.json"
_OTHER_LISTS = (".txt", ".json", ".xlsx", ".xls", ".ods", ".yaml", ".yml", ".xml")


@dataclass(frozen=True)
class Result:
    """The outcome of every clip, in the order of the list."""

    lines: tuple[Line, ...]

    def summary(self) -> str:
        return totals(self.lines)

    def check(self) -> None:
        """Raise `BatchError`, with one detail per failed clip, if any clip has failed."""
        failed = [line for line in self.lines if line.error]
        if failed:
            error = BatchError(
                "all clips to succeed",
                f"{len(failed)} of {len(self.lines)} that failed",
                "The others are done; correct the failed ones and run the same command again.",
            )
            error.details = tuple(
                f"line {line.line}: {line.clip}: {line.error}" + (f" ({line.where})" if line.where else "")
                for line in failed
            )
            raise error


def rows_of(source: str) -> list[Row]:
    """The rows of a manifest, or one row for every clip that matches a pattern such as 'clips/*.mp4'."""
    if source.lower().endswith(MANIFESTS):
        return read_rows(Path(source))
    if source.lower().endswith(_OTHER_LISTS):
        remedy = "Save it in one of these forms, a spreadsheet as CSV."
        raise SettingError(f"a list of clips ({', '.join(MANIFESTS)})", repr(source), remedy)
    found = find(source)
    if not found:
        remedy = f"Give a pattern in quotes, or a manifest ({', '.join(MANIFESTS)})."
        raise ClipError("at least one clip", f"none for {source!r}", remedy)
    return [Row(number, Path(), {"clip": clip}) for number, clip in enumerate(found, 1)]


def run_batch(source: str, folder: str, defaults: Defaults, workers: WorkerOptions, quiet: bool = False) -> Result:
    """Process all clips of a manifest or a pattern; results and summary go into a folder (a path or a URL).

    The whole list is checked first; `BatchError` names every mistake in it. What an earlier run has finished is not
    computed again.
    """
    layout = Layout(folder)
    rows = rows_of(source)
    if not layout.place.strip():
        raise SettingError("a folder for the results", "none", "Name one with -o.")
    entries = validated_jobs(rows, layout, defaults, source)
    layout.make()  # a list with mistakes leaves no folder behind
    clear_abandoned()
    with layout.lock():
        return _run(entries, layout, source, workers, quiet)


def _run(entries: Sequence[BatchEntry], layout: Layout, source: str, workers: WorkerOptions, quiet: bool) -> Result:
    names = [entry.name for entry in entries]
    layout.hidden().put_text(_batch_json(source, entries), BATCH_FILE)
    jobs = [entry.job for entry in entries]
    with closing(EventLog(layout.hidden(), names, quiet)) as event_log, open_pool(workers, jobs) as (pool, counts):
        states = Scheduler(pool, counts, event_log.write_event, workers.stall).run(jobs)
    lines = sorted(map(_line, entries, states), key=lambda line: line.line)
    _write_summary(layout, lines, name_of(source))
    return Result(tuple(lines))


def _write_summary(layout: Layout, lines: Sequence[Line], name: str) -> None:
    """Write both summaries. If this fails because the disk is full, the errors of the failed clips matter more."""
    try:
        layout.top().put_text(to_csv(lines), "summary.csv")
        layout.top().put_text(to_html(lines, name), "summary.html")
    except StorageError:
        if not any(line.error for line in lines):
            raise
        log.warning("the summary could not be written")


def _batch_json(source: str, entries: Sequence[BatchEntry]) -> str:
    clips = [{"line": entry.line, "clip": entry.job.clip, "output": entry.name} for entry in entries]
    return json.dumps({"source": source, "clips": clips}, indent=1) + "\n"


def _line(entry: BatchEntry, state: JobState) -> Line:
    if state.error:
        error = " ".join(str(state.error).split())
        return Line(entry.line, entry.job.clip, entry.name, "failed", error=error, where=state.where)
    report = state.report
    assert report
    return Line(
        entry.line, entry.job.clip, entry.name, "already done" if state.already_done else "done",
        report.frames, report.windows, report.windows_good, report.windows_suspect, report.windows_bad,
        report.share.get("synthesised", 0.0), report.total_seconds,
    )  # fmt: skip
