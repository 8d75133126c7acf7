"""`Bench`: what one worker does. It keeps the last clips open, so that their next windows start at once.

A bench answers always: what goes wrong with a clip is an answer too. Only when its process ends it says nothing.
"""

import os
import platform
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from vidinpaint.errors import StageError, VidinpaintError
from vidinpaint.jobs.clip_work import ClipWork
from vidinpaint.jobs.job import Job
from vidinpaint.report import Report

OPEN = 2  # clips a worker keeps open; each holds a decoder and its last frames


@dataclass(frozen=True)
class Task:
    """A piece of work: plan the clip, paint one window, or finish. Small, whatever the clip's size."""

    kind: Literal["plan", "paint", "finish"]
    job: Job
    window: int = -1


@dataclass(frozen=True)
class Planned:
    """missing: windows to be painted, of `windows` in all; report: where the output is there already."""

    windows: int
    missing: tuple[int, ...]
    report: Report | None = None


@dataclass(frozen=True)
class Painted:
    """One window is committed; by: the machine and the process that did it."""

    frames: int
    by: str = ""


@dataclass(frozen=True)
class Finished:
    """The output is in its place; or some windows were found broken and have to be painted first."""

    report: Report | None
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class Failed:
    """The clip cannot be done. `where` names window and stage, or is empty; again: another try may help."""

    error: VidinpaintError
    where: str = ""
    again: bool = False


Answer = Planned | Painted | Finished | Failed


def make_bench() -> Callable[[Task], Answer]:
    """For pools, by name: made once in every worker."""
    return Bench()


class Bench:
    """The clips that are open in this process, by their job, the last used last."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, ClipWork] = OrderedDict()

    def __call__(self, task: Task) -> Answer:
        try:
            return self._do(task)
        except VidinpaintError as error:
            self._drop(task.job)
            return Failed(error, "; ".join(getattr(error, "__notes__", ())))
        except (OSError, MemoryError) as error:
            self._drop(task.job)
            return Failed(_unexpected(task, error), "; ".join(getattr(error, "__notes__", ())), again=True)
        except Exception as error:
            self._drop(task.job)
            return Failed(_unexpected(task, error))

    def _do(self, task: Task) -> Answer:
        work = self._clip(task.job)
        if task.kind == "plan":
            report = work.finished()
            if report:
                self._drop(task.job)
                return Planned(report.windows, (), _small(report, task.job))
            missing = work.missing()
            return Planned(len(work.plan.windows), tuple(missing))
        if task.kind == "paint":
            return Painted(work.paint(task.window), f"{platform.node()}:{os.getpid()}")
        report = work.finished() or work.finish()
        missing = [] if report else work.missing(thorough=True)
        if report:
            self._drop(task.job)
        return Finished(_small(report, task.job) if report else None, tuple(missing))

    def _clip(self, job: Job) -> ClipWork:
        if job.work not in self._open:
            self._open[job.work] = ClipWork(job)
            while len(self._open) > OPEN:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(job.work)
        return self._open[job.work]

    def _drop(self, job: Job) -> None:
        work = self._open.pop(job.work, None)
        if work:
            work.close()


def _small(report: Report, job: Job) -> Report:
    """Without what grows with the clip, where all of it is in a file."""
    return replace(report, checks=(), settings={}, versions={}) if job.record else report


def _unexpected(task: Task, error: BaseException) -> StageError:
    what = f"window {task.window} of {task.job.clip!r}" if task.kind == "paint" else f"{task.job.clip!r}"
    actual = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return StageError(f"to {task.kind} {what}", actual, "Run again; please report it if it stays, with --verbose.")
