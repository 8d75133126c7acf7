"""`ClipWork`: one clip on the workbench of one process: planned, painted window by window, finished.

All that counts is in the work folder. Any process may open the same job at any time and goes on from what is there.
"""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, astuple
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

from vidinpaint.commits.keys import content_of, key_of, program, stages_of, window_key
from vidinpaint.commits.ledger import Ledger, sha256_of
from vidinpaint.commits.record import WindowRecord
from vidinpaint.graph import LANES
from vidinpaint.jobs.done import Done
from vidinpaint.jobs.job import Job, mask_content
from vidinpaint.jobs.outcome import Outcome
from vidinpaint.jobs.plan_file import known_values, read_values
from vidinpaint.jobs.publishing import publish_report
from vidinpaint.progress import Progress, Silent
from vidinpaint.report import Report
from vidinpaint.reporting.evidence import Evidence, Record
from vidinpaint.reporting.versions import command, versions
from vidinpaint.runners.run import Run, WindowFacts
from vidinpaint.presets import version
from vidinpaint.storage.containment import make_inside
from vidinpaint.storage.folder import open_folder
from vidinpaint.storage.inputs import local_copy
from vidinpaint.storage.places import is_url, name_of, stamp
from vidinpaint.video.encoder import Encoding
from vidinpaint.video.file_writer import FileWriter, Segment
from vidinpaint.video.info import Tags
from vidinpaint.video.readers import Reader, open_reader
from vidinpaint.window import Plan, Window

_PLAN_VERSION = 1


class ClipWork:
    """To be used by one thread at a time, and closed."""

    def __init__(self, job: Job, progress: Progress | None = None, debug: Path | None = None) -> None:
        self.job = job
        self._begin, self._started = perf_counter(), datetime.now(UTC)
        self._progress = progress or Silent()
        self._stack = ExitStack()
        self._evidence: Evidence | None = None
        self._found: dict[int, Record] = {}
        try:
            self._open(debug)
        except BaseException:
            self.close()
            raise

    def _open(self, debug: Path | None) -> None:
        job = self.job
        graph, specs = job.graph(), job.mask_specs()
        if job.inside:
            for folder in (Path(job.output).parent, Path(job.work)):
                make_inside(Path(job.inside), folder)
        clip = local_copy(job.clip)
        self.reader: Reader = self._stack.enter_context(open_reader(clip, job.start, job.end, job.rate))
        self.folder = open_folder(job.work)
        self.ledger = Ledger(self.folder)
        self.encoding = graph.stages.get("segment", Encoding())
        assert isinstance(self.encoding, Encoding)
        self._output = self._local_output()
        self.writer = FileWriter(self._output, self.reader, self.encoding, True, self.folder.scratch)
        self._stack.callback(self.writer.abort)
        given = {"reader": self.reader, "mask_specs": specs, "writer": self.writer, "progress": self._progress}
        self.run = Run(graph, given, self._progress, debug, committed=self._commit)
        written = self.ledger.plan()
        self._identify(clip, [mask_content(spec) for spec in specs], written)
        self._make_plan(written)
        if job.page:
            self._evidence = Evidence(self.plan, self.reader.info, self.run.values["masks"])
            self.run.witness = self._witness

    def _local_output(self) -> Path:
        """Where the result is put together: the output itself, or a temporary file for a URL."""
        if not is_url(self.job.output):
            return Path(self.job.output)
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory())) / name_of(self.job.output)

    def _identify(self, clip: Path, masks: list[str], written: dict[str, Any]) -> None:
        """The keys of the clip; its content is not read again where it looks as it did."""
        job, graph = self.job, self.run.graph
        done = Done.read(job.record) if job.record else None
        now = stamp(job.clip)[1]
        before = [source for source in (written.get("source"), done and done.source) if source]
        known = [source["sha256"] for source in before if source.get("stamp") == now]
        self.source = {"stamp": now, "sha256": known[0] if known else content_of(clip)}
        made_from = [self.source["sha256"], masks, str(job.start), str(job.end), str(job.rate), program()]
        self._plan_key = key_of(_PLAN_VERSION, made_from, stages_of(graph, ["plan"]))
        self.key = key_of(made_from, stages_of(graph, LANES), job.own_files(), Path(job.output).suffix.lower())

    def _make_plan(self, written: dict[str, Any]) -> None:
        known = {}
        if written.get("key") == self._plan_key:
            try:
                known = read_values(written["values"])
            except (ValueError, TypeError, KeyError):
                written = {}
        self.run.make_plan(known)
        if known:
            self.run.seconds.update(written["seconds"])
            self.notes: list[str] = written["notes"]
            return
        self.notes = [*self.reader.info.notes, *self.run.values["masks"].notes]
        names = self.run.graph.names("plan")
        values = known_values({name: self.run.values[name] for name in names})
        self.ledger.write_plan(
            {
                "key": self._plan_key,
                "source": self.source,
                "notes": self.notes,
                "seconds": dict(self.run.seconds),
                "windows": len(self.plan.windows),
                "values": values,
            }
        )

    @property
    def plan(self) -> Plan:
        return self.run.plan

    @cached_property
    def copies(self) -> bool:
        """Whether nothing is to be painted and all streams can be copied as they are."""
        return not any(window.boxes for window in self.plan.windows) and self.writer.copies

    def finished(self) -> Report | None:
        """The report, where the output is there already and was made from just this."""
        done = Done.read(self.job.record) if self.job.record else None  # another driver may have finished it meanwhile
        return done.report if done and done.holds(self.key, self.job.output) else None

    def missing(self, thorough: bool = False) -> list[int]:
        """Windows that have to be painted; thorough: also look at those that have to be fetched for it."""
        if self.copies:
            return []
        return [window.index for window in self.plan.windows if self._record(window, thorough) is None]

    def paint(self, index: int) -> int:
        """Compute one window and commit it; returns its number of frames."""
        window = self.plan.windows[index]
        self.run.compute(self.run.read(window), self.run.write)
        return len(window)

    def paint_all(self, runner: Callable[[Run], None]) -> None:
        """Compute all windows that are missing, with a runner of this process."""
        missing = self.missing()
        kept = len(self.plan.windows) - len(missing) if not self.copies else 0
        self.run.done = {window.index for window in self.plan.windows} - set(missing)
        left = sum(len(self.plan.windows[index]) for index in missing)
        self._progress.begin("inpaint", left)
        if kept:
            self.notes.append(f"{kept} of {len(self.plan.windows)} windows were done already, by an earlier run")
        try:
            runner(self.run)
        finally:
            if not self.ledger.count():
                self.folder.clear()

    def finish(self) -> Report | None:
        """Put the output in its place and tell about it; None where a window turns out to be missing."""
        records = [] if self.copies else [self._record(window, False) for window in self.plan.windows]
        notes = [*self.notes, *self.run.graph.notes]
        if not any(window.boxes for window in self.plan.windows):
            kept = ", all streams were copied as they are" if self.copies else ""
            notes.append(f"the mask is empty: nothing to paint{kept}")
        if self.copies:
            notes += self.writer.copy() or []
        else:
            whole = [record for record in records if record]
            if len(whole) < len(records) or not self._gather(whole):
                return None
            notes += self.writer.finish()
        report = self._report([record for record in records if record], notes)
        self._publish(report, [record for record in records if record])
        self.folder.clear()
        return report

    def close(self) -> None:
        self._stack.close()

    def _gather(self, records: list[WindowRecord]) -> bool:
        """Hand the committed segments to the writer; False where one is not what was committed."""
        for record, window in zip(records, self.plan.windows):
            file = self.ledger.segment(record)
            if file is None:
                return False
            pts = self.plan.pts[window.start : window.stop]
            self.writer.segments[record.index] = Segment(file, pts, Tags(*record.tags), record.pixels)
        return True

    def _record(self, window: Window, thorough: bool) -> WindowRecord | None:
        record = self.ledger.read(window.index, window_key(self.key, window), thorough)
        wanted = self.job.page and bool(window.boxes)
        return None if record and wanted and record.evidence is None else record

    def _witness(self, window: Window, *shown: Any) -> None:
        assert self._evidence
        self._found[window.index] = self._evidence.of(window, *shown)

    def _commit(self, window: Window, facts: WindowFacts) -> None:
        segment, evidence = self.writer.take(window.index), self._found.pop(window.index, None)

        def describe(**stored: Any) -> WindowRecord:
            return WindowRecord(
                index=window.index,
                key=window_key(self.key, window),
                frames=len(window),
                pixels=segment.pixels,
                tags=astuple(segment.tags),  # type: ignore[arg-type]
                seconds={name: round(seconds, 4) for name, seconds in facts.seconds.items()},
                counts={str(source): count for source, count in sorted(facts.counts.items())},
                check=asdict(facts.check) if facts.check else None,
                evidence=evidence,
                **stored,
            )

        try:
            self.ledger.commit(segment.path, describe)
        finally:
            segment.path.unlink(missing_ok=True)

    def _report(self, records: list[WindowRecord], notes: list[str]) -> Report:
        job, info, plan = self.job, self.reader.info, self.plan
        return Outcome.of_records(records, self.run.seconds).report(
            clip=job.clip,
            output=job.output,
            version=version(),
            pipeline=job.pipeline,
            config=job.config,
            runner=job.runner,
            frames=len(plan),
            width=info.width,
            height=info.height,
            shots=len(plan.shots),
            windows=len(plan.windows),
            total_seconds=round(perf_counter() - self._begin, 3),
            notes=tuple(dict.fromkeys(notes)),
            settings=self.run.graph.settings(),
            source_sha256=self.source["sha256"],
            output_sha256=sha256_of(self._output),
            started=self._started.isoformat(" ", "seconds"),
            command=command(),
            versions=versions(),
        )

    def _publish(self, report: Report, records: list[WindowRecord]) -> None:
        """Put the output where it belongs, then the report, then the note that all is done."""
        job = self.job
        size = self._output.stat().st_size
        if is_url(job.output):
            parent, _, name = job.output.rpartition("/")
            open_folder(parent).put(self._output, name)
        if job.report:
            evidence = None
            if job.page:
                evidence = Evidence(self.plan, self.reader.info, self.run.values["masks"])
                for record in records:
                    evidence.add(record.evidence or {})
            publish_report(job.report, report, evidence)
        if job.record:
            pixels = [record.pixels for record in records]
            Done(self.key, dict(self.source), size, report.output_sha256, pixels, report).write(job.record)
