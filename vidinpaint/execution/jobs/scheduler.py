"""`Scheduler`: submits the tasks of all jobs to the workers of a pool, and survives the loss of any worker.

Workers plan every clip, compute its windows and finish it; `WorkQueue` decides the order.

A worker that dies, or does not answer for too long, is replaced, and its task is submitted again, up to three attempts.
An error in a clip (`VidinpaintError`) is not retried: its job has failed, and the other jobs continue.
"""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from vidinpaint.core.errors import WorkerError
from vidinpaint.core.report import Report
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.job_state import JobState, WorkerState
from vidinpaint.execution.jobs.work_queue import WorkQueue
from vidinpaint.execution.jobs.worker import Answer, Failed, Inpainted, Planned, Task
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied, WorkerPool

ATTEMPTS = 3  # per task, each ended by the loss of a worker or by a temporary error
STALL = 3600.0  # seconds without an answer after which a worker is replaced
POLL_INTERVAL = 1.0  # seconds between checks for workers that do not answer
MAX_FAILED_STARTS = 3  # consecutive, per requested worker
EventCallback = Callable[..., None]
"""callback(event, **facts); events: planned, inpainted, damaged, finished, failed, lost; clip: number of the job."""


class Scheduler:
    """Runs a list of jobs; see above.

    workers   number of workers by kind: {"cpu": 4, "gpu": 1}; windows of jobs that need a GPU go to "gpu" workers, all
              other tasks to "cpu" workers
    stall     seconds without an answer after which a worker is replaced
    attempts  number of attempts per task
    """

    def __init__(
        self,
        pool: WorkerPool,
        workers: Mapping[str, int],
        on_event: EventCallback | None = None,
        stall: float = STALL,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._pool, self._stall, self._attempts = pool, stall, attempts
        self._on_event: EventCallback = on_event or (lambda event, **facts: None)
        self._worker_counts = workers
        self._workers: dict[int, WorkerState] = {}
        self._idle: set[int] = set()
        self._failed_starts = 0
        self._queue = WorkQueue([])

    def run(self, jobs: Sequence[Job]) -> list[JobState]:
        """Run all jobs; returns their states, done or failed. Raises `WorkerError` if no worker starts."""
        self._queue = WorkQueue(jobs)
        for kind, count in self._worker_counts.items():
            for _ in range(count if jobs else 0):
                self._start(kind)
        checked = monotonic()
        while not self._queue.finished:
            for event in self._pool.events(POLL_INTERVAL):
                self._handle(event)
            if monotonic() - checked > min(POLL_INTERVAL, self._stall / 4):
                checked = monotonic()
                self._replace_stalled(checked)
            self._assign()
        return self._queue.states

    def _assign(self) -> None:
        """Submit a task to every idle worker, while there are tasks for its kind."""
        kinds_without_task: set[str] = set()
        for number in sorted(self._idle):
            worker = self._workers[number]
            if worker.kind in kinds_without_task:
                continue
            found = self._queue.take(worker, len(self._workers))
            if found is None:
                kinds_without_task.add(worker.kind)
                if kinds_without_task >= self._worker_counts.keys():
                    return
                continue
            state, task = found
            worker.job, worker.task, worker.since = state.number, task, monotonic()
            self._idle.discard(number)
            self._pool.submit(number, task)

    def _start(self, kind: str) -> None:
        self._workers[self._pool.start(kind)] = WorkerState(kind)

    def _handle(self, event: Event) -> None:
        worker = self._workers.get(event.worker)
        if worker is None:
            return
        if isinstance(event, WorkerDied):
            self._replace(event.worker, event.why)
        elif isinstance(event, Ready):
            worker.ready, self._failed_starts = True, 0
            self._idle.add(event.worker)
        elif worker.task is not None:
            task, worker.task = worker.task, None
            self._idle.add(event.worker)
            self._handle_reply(self._queue.states[worker.job], task, event)

    def _handle_reply(self, state: JobState, task: Task, reply: Reply) -> None:
        answer: Answer = reply.value
        state.running.discard(task.window)
        if state.over:
            return
        if isinstance(answer, Failed):
            if not answer.retry:
                self._fail(state, answer)
            elif self._may_retry(state, task, str(answer.error), answer):
                self._queue.put_back(state, task)
        elif isinstance(answer, Planned):
            self._queue.add_windows(state, answer.missing)
            self._on_event("planned", clip=state.number, windows=answer.windows, missing=len(answer.missing))
            if answer.report:
                self._succeed(state, answer.report, already_done=True)
            self._queue.finish_if_complete(state)
        elif isinstance(answer, Inpainted):
            self._on_event("inpainted", clip=state.number, window=task.window, frames=answer.frames, by=answer.by)
            self._queue.finish_if_complete(state)
        elif answer.report:
            self._succeed(state, answer.report, already_done=False)
        else:
            self._queue.add_windows(state, answer.missing)
            self._on_event("damaged", clip=state.number, windows=list(answer.missing))
            if self._may_retry(state, task, "stored windows are missing or have changed"):
                self._queue.finish_if_complete(state)

    def _succeed(self, state: JobState, report: Report, already_done: bool) -> None:
        self._queue.succeed(state, report, already_done)
        self._on_event("finished", clip=state.number, already_done=already_done, report=report)

    def _fail(self, state: JobState, failed: Failed) -> None:
        self._queue.fail(state, failed.error, failed.where)
        self._on_event("failed", clip=state.number, error=str(failed.error), where=failed.where)

    def _replace(self, number: int, why: str) -> None:
        """A worker is lost: start another in its place, and queue its task again."""
        worker = self._workers.pop(number)
        self._idle.discard(number)
        self._on_event("lost", worker=number, why=why, clip=worker.job if worker.task else None)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts > MAX_FAILED_STARTS * sum(self._worker_counts.values()):
                remedy = "Check that vidinpaint is installed on all machines, in the same version."
                actual = f"{self._failed_starts} failed starts, the last one because: {why}"
                raise WorkerError("workers that start", actual, remedy)
        self._start(worker.kind)
        if worker.task:
            state = self._queue.states[worker.job]
            state.running.discard(worker.task.window)
            if not state.over and self._may_retry(state, worker.task, why):
                self._queue.put_back(state, worker.task)

    def _may_retry(self, state: JobState, task: Task, why: str, failed: Failed | None = None) -> bool:
        """Count a failed attempt of a task; returns False if it was the last one, and the job has failed."""
        state.attempts[task.kind, task.window] += 1
        if state.attempts[task.kind, task.window] < self._attempts:
            return True
        self._fail(state, failed or Failed(self._attempts_error(task, why), f"window {task.window}"))
        return False

    def _attempts_error(self, task: Task, why: str) -> WorkerError:
        remedy = "Check the memory of the machines; --set plan.memory=400 makes windows smaller."
        if task.kind == "finish":
            remedy = "Check that all machines have the same version of vidinpaint and see the same files; run it again."
        return WorkerError(f"to {task}", f"{self._attempts} failed attempts, the last one because: {why}", remedy)

    def _replace_stalled(self, now: float) -> None:
        for number, worker in list(self._workers.items()):
            if worker.task and now - worker.since > self._stall:
                self._pool.kill(number)
                self._replace(number, f"it did not answer for {self._stall:g} s")
        if self._workers and not any(worker.ready for worker in self._workers.values()):
            oldest = min(worker.since for worker in self._workers.values())
            if now - oldest > self._stall:
                remedy = "Check that the cluster has free cores, or ask for fewer --workers."
                raise WorkerError("a worker that starts", f"none for {self._stall:g} s", remedy)
