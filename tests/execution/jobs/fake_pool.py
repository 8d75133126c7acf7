"""A pool without processes: workers answer at once, and die or stop answering when a test says so."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vidinpaint.core.report import Report
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.worker import Answer, Finished, Inpainted, Planned, Task
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied

Work = Callable[[int, Task], Answer | str | None]
"""(worker, task): an answer; or a text, which kills the worker; or None, after which it never answers."""


@dataclass
class FakePool:
    """done: the submitted tasks in order, as (worker, task)."""

    work: Work
    kinds: dict[int, str] = field(default_factory=dict)
    done: list[tuple[int, Task]] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)
    _events: deque[Event] = field(default_factory=deque)

    def start(self, kind: str) -> int:
        number = len(self.kinds) + 1
        self.kinds[number] = kind
        self._events.append(Ready(number))
        return number

    def submit(self, worker: int, task: Any) -> None:
        self.done.append((worker, task))
        answer = self.work(worker, task)
        if isinstance(answer, str):
            self._events.append(WorkerDied(worker, answer))
        elif answer is not None:
            self._events.append(Reply(worker, answer))

    def events(self, timeout: float) -> list[Event]:
        return [self._events.popleft()] if self._events else []

    def kill(self, worker: int) -> None:
        self.killed.append(worker)

    def close(self) -> None: ...


def job(name: str, windows: int, needs: frozenset[str] = frozenset()) -> Job:
    """A job with this number of windows."""
    return Job(f"{name}.mp4", ("0,0,1,1",), f"{name}.out.mp4", name, settings={"windows": windows}, needs=needs)


def inpainting(worker: int, task: Task) -> Answer | str | None:
    """Every task succeeds."""
    count = task.job.settings["windows"]
    if task.kind == "plan":
        return Planned(count, tuple(range(count)))
    return Inpainted(1) if task.kind == "inpaint" else Finished(report(task.job))


def report(job: Job) -> Report:
    return Report(job.clip, job.output, "", "", "", "", 1, 1, 1, 1, 1, 0, {}, {}, 0.0)
