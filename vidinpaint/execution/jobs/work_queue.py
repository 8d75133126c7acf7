"""`WorkQueue`: decides which task an idle worker takes next.

It is the first of these that is available:

    1. finishing a job whose windows are all stored, which removes its work folder; or the task of a lost worker
    2. a window of the job that the worker computed last, because it has the clip open
    3. planning the next job
    4. a window of the job that the fewest workers compute

Jobs start in the given order. With small clips first, a long clip delays no other; at the end all workers share its
windows.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from vidinpaint.core.errors import VidinpaintError
from vidinpaint.core.report import Report
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.job_state import JobState, WorkerState
from vidinpaint.execution.jobs.worker import Task

MAX_ACTIVE_PER_WORKER = 2  # jobs in progress, each of which has a work folder
MAX_COMPARED = 64  # jobs among which the one with the fewest workers is chosen


class WorkQueue:
    """All jobs, and their tasks that are not assigned to a worker; windows are given by their indices in the plan."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.states = [JobState(number, job) for number, job in enumerate(jobs)]
        self._next = 0  # number of the first job that is not started
        self._active: dict[int, JobState] = {}
        self._open: dict[int, JobState] = {}  # active jobs with pending windows
        self._pending: deque[tuple[JobState, Task]] = deque()  # tasks that come before any window
        self._over = 0

    @property
    def finished(self) -> bool:
        return self._over == len(self.states)

    def take(self, worker: WorkerState, workers: int) -> tuple[JobState, Task] | None:
        """The next task for a worker, one of `workers`; None if there is no task for its kind."""
        on_cpu = worker.kind == "cpu"
        while on_cpu and self._pending:
            state, task = self._pending.popleft()
            if not state.over:
                return state, task
        own = self._active.get(worker.job)
        if own and own.pending and own.kind == worker.kind:
            return self._take_window(own)
        if on_cpu and self._next < len(self.states) and len(self._active) <= MAX_ACTIVE_PER_WORKER * workers:
            state = self.states[self._next]
            self._next += 1
            self._active[state.number] = state
            state.status = "planning"
            return state, Task("plan", state.job)
        open_jobs = islice((state for state in self._open.values() if state.kind == worker.kind), MAX_COMPARED)
        fewest = min(open_jobs, key=lambda job: (len(job.running), len(job.pending), job.number), default=None)
        return self._take_window(fewest) if fewest else None

    def add_windows(self, state: JobState, windows: Sequence[int]) -> None:
        """Have these windows of a job computed."""
        state.status, state.pending = "inpainting", deque(windows)
        if windows:
            self._open[state.number] = state

    def put_back(self, state: JobState, task: Task) -> None:
        """Queue a task again, before all others of its kind."""
        if task.kind == "inpaint":
            state.pending.appendleft(task.window)
            self._open[state.number] = state
        else:
            self._pending.append((state, task))

    def finish_if_complete(self, state: JobState) -> None:
        """Have a job finished once none of its windows is pending or running."""
        if state.status == "inpainting" and not state.pending and not state.running:
            state.status = "finishing"
            self._pending.append((state, Task("finish", state.job)))

    def succeed(self, state: JobState, report: Report, already_done: bool) -> None:
        state.status, state.report, state.already_done = "done", report, already_done
        self._close(state)

    def fail(self, state: JobState, error: VidinpaintError, where: str) -> None:
        state.status, state.error, state.where = "failed", error, where
        self._close(state)

    def _close(self, state: JobState) -> None:
        state.pending.clear()
        state.attempts.clear()
        self._active.pop(state.number, None)
        self._open.pop(state.number, None)
        self._over += 1

    def _take_window(self, state: JobState) -> tuple[JobState, Task]:
        index = state.pending.popleft()
        if not state.pending:
            del self._open[state.number]
        state.running.add(index)
        return state, Task("inpaint", state.job, index)
