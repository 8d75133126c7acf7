"""`Scheduler`: gives the windows of all jobs to the workers of a pool, and survives the loss of any worker.

Every clip is planned, computed window by window and finished by workers; `WorkQueue` decides the order.

A worker that dies, or does not answer for too long, is replaced, and its task is given out again, at most three times.
What is wrong with a clip (`VidinpaintError`) is not tried again: its job has failed, the others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from vidinpaint.core.errors import WorkerError
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.job_state import JobState, WorkerState
from vidinpaint.execution.jobs.work_queue import WorkQueue
from vidinpaint.execution.jobs.worker import Answer, Failed, Inpainted, Planned, Task
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied, WorkerPool

ATTEMPTS = 3  # per task: workers that may be lost over it, or errors that may pass
STALL = 3600.0  # seconds without an answer after which a worker is replaced
POLL_INTERVAL = 1.0  # seconds between checks for workers that do not answer
FAILED_STARTS = 3  # per worker wanted: starts in a row that may fail
EventCallback = Callable[..., None]
"""callback(event, **facts): planned, inpainted, broken, finished, failed, lost; `clip` is the number of the job."""


class Scheduler:
    """Runs a list of jobs; see above.

    workers   how many, by kind: {"cpu": 4, "gpu": 1}; windows of jobs that need a GPU go to "gpu" only, all other
              tasks to "cpu" only
    stall     seconds without an answer after which a worker is replaced
    attempts  per task
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
        self._wanted = workers
        self._workers: dict[int, WorkerState] = {}
        self._idle: set[int] = set()
        self._failed_starts = 0
        self._queue = WorkQueue([])

    def run(self, jobs: Sequence[Job]) -> list[JobState]:
        """All jobs, done or failed. Raises `WorkerError` where no worker starts."""
        self._queue = WorkQueue(jobs)
        for kind, count in self._wanted.items():
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
        """Give every idle worker a task, as long as there are tasks for its kind."""
        idle_kinds: set[str] = set()
        for number in sorted(self._idle):
            worker = self._workers[number]
            if worker.kind in idle_kinds:
                continue
            found = self._queue.take(worker, len(self._workers))
            if found is None:
                idle_kinds.add(worker.kind)
                if idle_kinds >= self._wanted.keys():
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
            there = answer.report is not None
            self._on_event(
                "planned", clip=state.number, windows=answer.windows, missing=len(answer.missing), there=there
            )
            if answer.report:
                self._queue.succeed(state, answer.report)
                self._on_event("finished", clip=state.number, there=True, report=answer.report)
            self._queue.finish_if_complete(state)
        elif isinstance(answer, Inpainted):
            self._on_event("inpainted", clip=state.number, window=task.window, frames=answer.frames, by=answer.by)
            self._queue.finish_if_complete(state)
        elif answer.report:
            self._queue.succeed(state, answer.report)
            self._on_event("finished", clip=state.number, there=False, report=answer.report)
        else:
            self._queue.add_windows(state, answer.missing)
            self._on_event("broken", clip=state.number, windows=list(answer.missing))
            if self._may_retry(state, task, "stored windows are missing or have changed"):
                self._queue.finish_if_complete(state)

    def _fail(self, state: JobState, failed: Failed) -> None:
        self._queue.fail(state, failed.error, failed.where)
        self._on_event("failed", clip=state.number, error=str(failed.error), where=failed.where)

    def _replace(self, number: int, why: str) -> None:
        """A worker is lost: start another in its place, and give its task out again."""
        worker = self._workers.pop(number)
        self._idle.discard(number)
        self._on_event("lost", worker=number, why=why, clip=worker.job if worker.task else None)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts > FAILED_STARTS * sum(self._wanted.values()):
                remedy = "Check that vidinpaint is installed on all machines, in the same version."
                raise WorkerError("workers that start", f"none that does: {why}", remedy)
        self._start(worker.kind)
        if worker.task:
            state = self._queue.states[worker.job]
            state.running.discard(worker.task.window)
            if not state.over and self._may_retry(state, worker.task, why):
                self._queue.put_back(state, worker.task)

    def _may_retry(self, state: JobState, task: Task, why: str, failed: Failed | None = None) -> bool:
        """Count an attempt of a task; False where it was the last one, and the job has failed."""
        state.attempts[task.kind, task.window] += 1
        if state.attempts[task.kind, task.window] < self._attempts:
            return True
        self._fail(state, failed or Failed(self._given_up(state, task, why), f"window {task.window}"))
        return False

    def _given_up(self, state: JobState, task: Task, why: str) -> WorkerError:
        remedy = "Check the memory of the machines; --set plan.memory=400 makes windows smaller."
        if task.kind == "finish":
            remedy = "Check that all machines have the same version of vidinpaint and see the same files; run it again."
        return WorkerError(f"to {task}", f"{self._attempts} attempts that failed, the last one because: {why}", remedy)

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
