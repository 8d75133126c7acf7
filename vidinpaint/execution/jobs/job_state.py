"""`JobState`: how far one job of the scheduler is; `WorkerState`: what one of its workers does."""

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
    """pending: windows that no worker computes yet; running: those given out; attempts: failed ones, by task.

    report   of a job that is done; error and where (stage and window): of one that has failed
    """

    number: int
    job: Job
    status: Literal["waiting", "planning", "inpainting", "finishing", "done", "failed"] = "waiting"
    pending: deque[int] = field(default_factory=deque)
    running: set[int] = field(default_factory=set)
    attempts: Counter[tuple[str, int]] = field(default_factory=Counter)
    report: Report | None = None
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
    """kind: "cpu" or "gpu"; job: number of the job whose clip it has open; task: what it does, since when."""

    kind: str
    ready: bool = False
    job: int = -1
    task: Task | None = None
    since: float = field(default_factory=monotonic)
