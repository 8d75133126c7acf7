"""`Worker`: carries out the tasks of one worker of a pool. It keeps its last clips open for their next windows.

A worker answers every task, with `Failed` if there is an error; only if its process ends is there no answer.
"""

import os
import platform
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Literal

from vidinpaint.core.errors import StageError, VidinpaintError
from vidinpaint.core.report import Report
from vidinpaint.execution.jobs.clip_session import ClipSession
from vidinpaint.execution.jobs.job import Job

OPEN_CLIPS = 2  # per worker; each holds a decoder and its last frames


@dataclass(frozen=True)
class Task:
    """One task: plan the clip, inpaint one window, or finish the output. window: its index, -1 for the other kinds."""

    kind: Literal["plan", "inpaint", "finish"]
    job: Job
    window: int = -1

    def __str__(self) -> str:
        window = f"window {self.window} of " if self.kind == "inpaint" else ""
        return f"{self.kind} {window}{self.job.clip!r}"


@dataclass(frozen=True)
class Planned:
    """The clip has so many windows. missing: indices of those to compute; report: of an output that exists already."""

    windows: int
    missing: tuple[int, ...]
    report: Report | None = None


@dataclass(frozen=True)
class Inpainted:
    """One window is stored. by: MACHINE:PID of the process that computed it."""

    frames: int
    by: str = ""


@dataclass(frozen=True)
class Finished:
    """The output is complete; or, without a report, some stored windows are damaged and must be computed again."""

    report: Report | None
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class Failed:
    """The task has failed. where: stage and window, or empty; retry: whether another attempt may succeed."""

    error: VidinpaintError
    where: str = ""
    retry: bool = False


Answer = Planned | Inpainted | Finished | Failed


class Worker:
    """Holds the open clips of this process by their work folder, the most recently used last; one in each process."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, ClipSession] = OrderedDict()

    def __call__(self, task: Task) -> Answer:
        try:
            return self._do(task)
        except Exception as error:
            self._close(task.job)
            where = "; ".join(getattr(error, "__notes__", ()))
            if isinstance(error, VidinpaintError):
                return Failed(error, where)
            return Failed(_unexpected(task, error), where, retry=isinstance(error, (OSError, MemoryError)))

    def _do(self, task: Task) -> Answer:
        session = self._session(task.job)
        if task.kind == "inpaint":
            return Inpainted(session.compute(task.window), f"{platform.node()}:{os.getpid()}")
        report = session.finished_report()
        if task.kind == "finish" and report is None:
            report = session.finish()
        if report:
            self._close(task.job)
            report = _without_details(report, task.job)
            return Planned(report.windows, (), report) if task.kind == "plan" else Finished(report)
        if task.kind == "plan":
            return Planned(len(session.plan.windows), tuple(session.missing()))
        return Finished(None, tuple(session.missing(thorough=True)))

    def _session(self, job: Job) -> ClipSession:
        if job.work not in self._open:
            self._open[job.work] = ClipSession(job)
            while len(self._open) > OPEN_CLIPS:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(job.work)
        return self._open[job.work]

    def _close(self, job: Job) -> None:
        session = self._open.pop(job.work, None)
        if session:
            session.close()


def _without_details(report: Report, job: Job) -> Report:
    """The report without what grows with the clip, if the completion record holds all of it."""
    return replace(report, checks=(), settings={}, versions={}) if job.record else report


def _unexpected(task: Task, error: BaseException) -> StageError:
    actual = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return StageError(f"to {task}", actual, "Run it again with --verbose; if the error persists, report it.")
