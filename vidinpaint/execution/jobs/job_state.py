"""`JobState`: the progress of one job of the scheduler; `WorkerState`: the state of one of its workers."""

from collections import Counter, deque
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

from vidinpaint.core.errors import VidinpaintError
from vidinpaint.core.report import Report
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.worker import Task


@dataclass
class JobState:
    """One job.

    number        index of the job in the list
    pending       windows that are not assigned to a worker
    running       windows that are assigned to one
    attempts      number of failed attempts, by kind of task and window
    report        of a job that is done
    already_done  whether an earlier run has produced the output
    error         of a job that has failed; where: stage and window of the error
    """

    number: int
    job: Job
    status: Literal["waiting", "planning", "inpainting", "finishing", "done", "failed"] = "waiting"
    pending: deque[int] = field(default_factory=deque)
    running: set[int] = field(default_factory=set)
    attempts: Counter[tuple[str, int]] = field(default_factory=Counter)
    report: Report | None = None
    already_done: bool = False
    error: VidinpaintError | None = None
    where: str = ""

    @property
    def over(self) -> bool:
        return self.status in ("done", "failed")

    @property
    def kind(self) -> str:
        """The kind of worker that computes the windows of this job."""
        return "gpu" if "gpu" in self.job.needs else "cpu"


@dataclass
class WorkerState:
    """kind: "cpu" or "gpu"; job: number of its last job, -1 for none; task: what it computes, since when (seconds)."""

    kind: str
    ready: bool = False
    job: int = -1
    task: Task | None = None
    since: float = field(default_factory=monotonic)
