"""`ClipSession`: one clip from plan to output: planned, computed window by window, finished.

Every run uses it, for any output and any runner. The state of a job with a video file is in its work folder, so any
process may open the job at any time and continue it. For a folder or an array nothing is kept: one process computes all
windows in order.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, astuple, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.graph import MARKS, MASKS
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.core.report import Report
from vidinpaint.core.window import Plan, Window
from vidinpaint.execution.checkpoints.fingerprint import window_fingerprint
from vidinpaint.execution.checkpoints.segment_store import DiskStore, MemoryStore, SegmentStore
from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.jobs.clip_identity import NOT_KEPT, identify
from vidinpaint.execution.jobs.clip_output import DirectOutput, FileOutput
from vidinpaint.execution.jobs.completion_record import CompletionRecord
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.plan_file import known_values, read_values
from vidinpaint.execution.jobs.report_assembly import assemble_report
from vidinpaint.execution.jobs.report_publishing import publish_report
from vidinpaint.execution.runners.stage_watch import WindowFacts
from vidinpaint.execution.runners.window_run import WindowRun
from vidinpaint.execution.storage.containment import make_inside
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.inputs import local_copy
from vidinpaint.reporting.evidence import Evidence, Record
from vidinpaint.video.readers import Reader, open_reader
from vidinpaint.video.writers import ArrayWriter


class ClipSession:
    """May be used by one thread at a time, and must be closed (or used with `with`).

    frames   uint8 (T, H, W, 3): an array instead of the job's clip, or None
    debug    folder for debug images, or None
    """

    def __init__(
        self,
        job: Job,
        frames: np.ndarray | None = None,
        progress: Progress | None = None,
        debug: Path | None = None,
    ) -> None:
        self.job = job
        self._start_time, self._started = perf_counter(), datetime.now(UTC)
        self._progress = progress or SilentProgress()
        self._evidence_records: dict[int, Record] = {}
        with ExitStack() as stack:
            self._open(stack, frames, debug)
            self._stack = stack.pop_all()

    def _open(self, stack: ExitStack, frames: np.ndarray | None, debug: Path | None) -> None:
        job, graph, specs = self.job, self.job.graph(), self.job.mask_specs()
        if job.inside:
            for folder in (Path(job.output).parent, Path(job.work)):
                make_inside(Path(job.inside), folder)
        clip = local_copy(job.clip) if frames is None else frames
        self.reader: Reader = stack.enter_context(open_reader(clip, job.start, job.end, job.rate, job.strict))
        self.store: SegmentStore = MemoryStore()
        self.identity = NOT_KEPT
        if job.work:
            self.store = DiskStore(open_folder(job.work))
            self.output: DirectOutput = FileOutput(job, graph, self.reader, self.store)
        else:
            self.output = DirectOutput(job, self.reader)
        stack.callback(self.output.close)
        inputs = {"reader": self.reader, "mask_specs": specs, "writer": self.output.writer, "progress": self._progress}
        self.run = WindowRun(graph, inputs, self._progress, self._store_window, debug)
        written = self.store.plan()
        if isinstance(clip, Path) and job.work:
            self.identity = identify(job, graph, specs, clip, written)
        self._make_plan(written)
        if job.page:
            evidence = self._evidence()

            def collect(window: Window, *values: Any) -> None:
                self._evidence_records[window.index] = evidence.record(window, *values)

            self.run.inspect = collect

    def _make_plan(self, written: dict[str, Any]) -> None:
        known = {}
        if self.identity.plan and written.get("fingerprint") == self.identity.plan:
            try:
                known = read_values(written["values"])
            except (ValueError, TypeError, KeyError, MaskError):
                written = {}
        self.run.make_plan(known)
        if known:
            self.run.watch.seconds.update(written["seconds"])
            self.notes: list[str] = written["notes"]
            return
        masks = self.run.values[MASKS]
        masks.check_that_files_mark_something()
        self.notes = [*self.reader.info.notes, *masks.notes]
        self.store.write_plan(
            {
                "fingerprint": self.identity.plan,
                "source": self.identity.source,
                "notes": self.notes,
                "seconds": dict(self.run.watch.seconds),
                "windows": len(self.plan.windows),
                "values": known_values({name: self.run.values[name] for name in self.run.graph.names("plan")}),
            }
        )

    @property
    def plan(self) -> Plan:
        return self.run.plan

    @property
    def frames(self) -> np.ndarray:
        """The result as uint8 (T, H, W, 3), after `finish`, of a job without an output."""
        assert isinstance(self.output.writer, ArrayWriter)
        return self.output.writer.frames

    @cached_property
    def copies(self) -> bool:
        """Whether the masks are empty and all streams can be copied unchanged."""
        return self._empty and self.output.can_copy

    @property
    def _empty(self) -> bool:
        return not any(window.crops for window in self.plan.windows)

    def finished_report(self) -> Report | None:
        """The report of an output that exists already and was made from the same clip, masks and settings; or None."""
        record = CompletionRecord.read(self.job.record) if self.job.record else None
        return record.report if record and record.holds(self.identity.result, self.job.output) else None

    def missing(self, thorough: bool = False) -> list[int]:
        """Indices of windows to compute; thorough: also verify the content of segments that must be downloaded."""
        if self.copies:
            return []
        return [window.index for window in self.plan.windows if self._record(window, thorough) is None]

    def compute(self, index: int) -> int:
        """Compute and store one window; returns its number of frames."""
        window = self.plan.windows[index]
        self.run.compute(self.run.read(window), self.run.write)
        return len(window)

    def compute_missing(self, runner: Callable[[WindowRun], None]) -> None:
        """Compute all missing windows with a runner of this process."""
        missing, windows = self.missing(), self.plan.windows
        self.run.finished = {window.index for window in windows} - set(missing)
        self._progress.begin("inpaint", sum(len(windows[index]) for index in missing))
        if self.run.finished and not self.copies:
            count = len(self.run.finished)
            self.notes.append(f"{count} of {len(windows)} windows were done already, by an earlier run")
        try:
            runner(self.run)
        finally:
            if not self.store.count():
                self.store.clear()

    def finish(self) -> Report | None:
        """Complete the output and write the report; returns None if a window is missing or its segment has changed."""
        found = [] if self.copies else [self._record(window, False) for window in self.plan.windows]
        records = [record for record in found if record]
        if len(records) < len(found):
            return None
        notes = [*self.notes, *self.run.graph.notes]
        if self._empty:
            copied = ", all streams were copied as they are" if self.copies else ""
            notes.append(f"the mask is empty: nothing to inpaint{copied}")
        output_notes = self.output.writer.copy() if self.copies else self.output.finish(records, self.plan)
        if output_notes is None:
            return None
        report = self._report(records, [*notes, *output_notes])
        self._publish(report, records)
        self.store.clear()
        return report

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> "ClipSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _record(self, window: Window, thorough: bool) -> WindowRecord | None:
        record = self.store.read(window.index, window_fingerprint(self.identity.result, window), thorough)
        needs_evidence = self.job.page and bool(window.crops)
        return None if record and needs_evidence and record.evidence is None else record

    def _store_window(self, window: Window, facts: WindowFacts) -> None:
        segment = self.output.take(window.index)
        record = WindowRecord(
            index=window.index,
            fingerprint=window_fingerprint(self.identity.result, window),
            frames=len(window),
            seconds={name: round(seconds, 4) for name, seconds in facts.seconds.items()},
            counts={str(source): count for source, count in sorted(facts.counts.items())},
            check=asdict(facts.check) if facts.check else None,
            evidence=self._evidence_records.pop(window.index, None),
        )
        if segment is None:
            self.store.add(record, None)
            return
        tags: Any = astuple(segment.tags)
        try:
            self.store.add(replace(record, pixels=segment.pixels, tags=tags), segment.path)
        finally:
            segment.path.unlink(missing_ok=True)

    def _evidence(self) -> Evidence:
        return Evidence(self.plan, self.reader.info, self.run.values[MASKS], self.run.values.get(MARKS))

    def _report(self, records: Sequence[WindowRecord], notes: list[str]) -> Report:
        return assemble_report(
            self.job,
            self.plan,
            records,
            self.run.watch.seconds,
            width=self.reader.info.width,
            height=self.reader.info.height,
            total_seconds=round(perf_counter() - self._start_time, 3),
            notes=tuple(dict.fromkeys(notes)),
            settings=self.run.graph.settings(),
            source_sha256=self.identity.source["sha256"],
            output_sha256=self.output.sha256(),
            started=self._started.isoformat(" ", "seconds"),
        )

    def _publish(self, report: Report, records: Sequence[WindowRecord]) -> None:
        """Publish the output, then the report, then the record that the output is complete."""
        job, size = self.job, self.output.publish()
        if job.report:
            evidence = self._evidence() if job.page else None
            if evidence:
                for record in records:
                    evidence.add(record.evidence or {})
            publish_report(job.report, report, evidence)
        if job.record:
            pixels = [record.pixels for record in records]
            source = dict(self.identity.source)
            CompletionRecord(self.identity.result, source, size, report.output_sha256, pixels, report).write(job.record)
