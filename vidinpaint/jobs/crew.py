"""`Crew`: gives out the windows of all clips to the workers of a pool, and survives the loss of any of them.

Every clip is planned, painted window by window and finished by workers; here is only who does what next. A free worker
takes the first of these that there is:

    1. a clip whose windows are all painted: finish it, which frees its work folder; or what another worker has lost
    2. a window of the clip that the worker has open
    3. the next clip: plan it
    4. a window of the clip that the fewest workers are at

Clips are taken in the order given; whoever gives them puts the small ones first, so that a long clip holds nobody up,
and in the end, when nothing else is left, all workers share its windows.

A worker that dies, or is silent for too long, is replaced, and its work is given out again, three times at the most.
What is wrong with a clip (`VidinpaintError`) is not tried again: the clip has failed, the others go on.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Literal

from vidinpaint.errors import VidinpaintError, WorkerError
from vidinpaint.jobs.bench import Answer, Failed, Painted, Planned, Task
from vidinpaint.jobs.job import Job
from vidinpaint.report import Report
from vidinpaint.runners.pool import Answer as Said
from vidinpaint.runners.pool import Dead, Event, Pool, Ready

ATTEMPTS = 3  # workers that may be lost, or fail for a reason that may pass, over one piece of work
STALL = 3600.0  # seconds after which a worker that says nothing is taken for dead
AHEAD = 2  # clips begun for every worker, at the most: each has a work folder
FEW = 64  # clips of which the one with the fewest workers is chosen
BEAT = 1.0  # seconds between looks at the clock
Tell = Callable[..., None]
"""tell(event, **facts): planned, painted, finished, failed, lost; `clip` is the number of the clip."""


@dataclass
class Clip:
    """Where one clip stands; left: windows that nobody paints yet, at work: those given out."""

    number: int
    job: Job
    stage: Literal["waiting", "planning", "painting", "finishing", "done", "failed"] = "waiting"
    left: deque[int] = field(default_factory=deque)
    at_work: set[int] = field(default_factory=set)
    lost: Counter[tuple[str, int]] = field(default_factory=Counter)
    report: Report | None = None
    error: VidinpaintError | None = None
    where: str = ""

    @property
    def over(self) -> bool:
        return self.stage in ("done", "failed")


@dataclass
class Worker:
    """kind: of machine; clip: the number of the clip it has open; task: what it does, since when."""

    kind: str
    ready: bool = False
    clip: int = -1
    task: Task | None = None
    since: float = field(default_factory=monotonic)


class Crew:
    """Does a list of jobs; see above.

    workers   how many, by kind: {"cpu": 4, "gpu": 1}; windows of jobs that need a GPU go to "gpu" alone, everything
              else to "cpu" alone
    """

    def __init__(
        self,
        pool: Pool,
        workers: dict[str, int],
        tell: Tell | None = None,
        stall: float = STALL,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._pool, self._stall, self._attempts = pool, stall, attempts
        self._tell: Tell = tell or (lambda event, **facts: None)
        self._wanted = workers
        self._workers: dict[int, Worker] = {}
        self._clips: list[Clip] = []
        self._active: dict[int, Clip] = {}
        self._next = 0
        self._errands: deque[tuple[Clip, Task]] = deque()  # to be done before any window
        self._idle: set[int] = set()
        self._open: dict[int, Clip] = {}  # clips with windows that nobody paints yet
        self._over = 0
        self._stillborn = 0

    def run(self, jobs: Sequence[Job]) -> list[Clip]:
        """All jobs, done or failed. Raises `WorkerError` where no worker can be had."""
        self._clips = [Clip(number, job) for number, job in enumerate(jobs)]
        for kind, count in self._wanted.items():
            for _ in range(count if jobs else 0):
                self._hire(kind)
        looked = monotonic()
        while self._over < len(self._clips):
            for event in self._pool.events(BEAT):
                self._hear(event)
            if monotonic() - looked > min(BEAT, self._stall / 4):
                looked = monotonic()
                self._look_at_the_clock(looked)
            self._give_all()
        return self._clips

    def _give_all(self) -> None:
        """Something to do for every idle worker, as long as there is something."""
        nothing: set[str] = set()
        for number in sorted(self._idle):
            worker = self._workers[number]
            if worker.kind not in nothing and not self._give(number, worker):
                nothing.add(worker.kind)
                if nothing >= self._wanted.keys():
                    return

    def _hire(self, kind: str) -> None:
        self._workers[self._pool.hire(kind)] = Worker(kind)

    def _hear(self, event: Event) -> None:
        worker = self._workers.get(event.worker)
        if worker is None:
            return
        if isinstance(event, Dead):
            self._lose(event.worker, event.why)
        elif isinstance(event, Ready):
            worker.ready, self._stillborn = True, 0
            self._idle.add(event.worker)
        elif worker.task is not None:
            task, worker.task = worker.task, None
            self._idle.add(event.worker)
            self._take(self._clips[worker.clip], task, event)

    def _take(self, clip: Clip, task: Task, said: Said) -> None:
        answer: Answer = said.value
        clip.at_work.discard(task.window)
        if clip.over:
            return
        if isinstance(answer, Failed):
            if answer.again:
                self._again(clip, task, str(answer.error), answer)
            else:
                self._fail(clip, answer.error, answer.where)
        elif isinstance(answer, Planned):
            self._paint(clip, answer.missing)
            self._tell("planned", clip=clip.number, windows=answer.windows, missing=len(answer.missing),
                       there=answer.report is not None)  # fmt: skip
            if answer.report:
                self._end(clip, answer.report, there=True)
            self._settle(clip)
        elif isinstance(answer, Painted):
            self._tell("painted", clip=clip.number, window=task.window, frames=answer.frames, by=answer.by)
            self._settle(clip)
        elif answer.report:
            self._end(clip, answer.report, there=False)
        else:
            self._paint(clip, answer.missing)
            self._tell("broken", clip=clip.number, windows=list(answer.missing))
            if self._count(clip, task, "windows that were committed are gone or changed"):
                self._settle(clip)

    def _paint(self, clip: Clip, windows: Sequence[int]) -> None:
        clip.stage, clip.left = "painting", deque(windows)
        if windows:
            self._open[clip.number] = clip

    def _settle(self, clip: Clip) -> None:
        """Have a clip finished as soon as nothing of it is left to paint."""
        if clip.stage == "painting" and not clip.left and not clip.at_work:
            clip.stage = "finishing"
            self._errands.append((clip, Task("finish", clip.job)))

    def _end(self, clip: Clip, report: Report, there: bool) -> None:
        clip.stage, clip.report = "done", report
        self._close(clip)
        self._tell("finished", clip=clip.number, there=there, report=report)

    def _fail(self, clip: Clip, error: VidinpaintError, where: str) -> None:
        clip.stage, clip.error, clip.where = "failed", error, where
        self._close(clip)
        self._tell("failed", clip=clip.number, error=str(error), where=where)

    def _close(self, clip: Clip) -> None:
        clip.left.clear()
        clip.lost.clear()
        self._active.pop(clip.number, None)
        self._open.pop(clip.number, None)
        self._over += 1

    def _lose(self, number: int, why: str) -> None:
        """A worker is gone: another takes its place, and its work is given out again."""
        worker = self._workers.pop(number)
        self._idle.discard(number)
        self._tell("lost", worker=number, why=why, clip=worker.clip if worker.task else None)
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn > 3 * sum(self._wanted.values()):
                remedy = "Check that vidinpaint is installed on all machines, in the same version."
                raise WorkerError("workers that start", f"none that does: {why}", remedy)
        self._hire(worker.kind)
        if worker.task:
            clip = self._clips[worker.clip]
            clip.at_work.discard(worker.task.window)
            if not clip.over:
                self._again(clip, worker.task, why)

    def _again(self, clip: Clip, task: Task, why: str, failed: Failed | None = None) -> None:
        if not self._count(clip, task, why, failed):
            return
        if task.kind == "paint":
            clip.left.appendleft(task.window)
            self._open[clip.number] = clip
        else:
            self._errands.append((clip, task))

    def _count(self, clip: Clip, task: Task, why: str, failed: Failed | None = None) -> bool:
        """Whether a piece of work may be tried again; the clip has failed otherwise."""
        clip.lost[task.kind, task.window] += 1
        if clip.lost[task.kind, task.window] < self._attempts:
            return True
        if failed:
            self._fail(clip, failed.error, failed.where)
            return False
        what = f"window {task.window} of {clip.job.clip!r}" if task.kind == "paint" else f"{clip.job.clip!r}"
        remedy = "Look at the memory of the machines; --set plan.memory=400 makes windows smaller."
        if task.kind == "finish":
            remedy = "All machines need the same version of vidinpaint and see the same files; run it again."
        actual = f"{self._attempts} attempts that actual to nothing, the last time: {why}"
        self._fail(clip, WorkerError(f"to {task.kind} {what}", actual, remedy), f"window {task.window}")
        return False

    def _look_at_the_clock(self, now: float) -> None:
        for number, worker in list(self._workers.items()):
            if worker.task and now - worker.since > self._stall:
                self._pool.dismiss(number)
                self._lose(number, f"nothing was heard of it for {self._stall:g} s")
        if self._workers and not any(worker.ready for worker in self._workers.values()):
            oldest = min(worker.since for worker in self._workers.values())
            if now - oldest > self._stall:
                remedy = "Check that the cluster has free cores, or ask for fewer --workers."
                raise WorkerError("a worker that starts", f"none for {self._stall:g} s", remedy)

    def _give(self, number: int, worker: Worker) -> bool:
        found = self._choose(worker)
        if found is None:
            return False
        clip, task = found
        worker.clip, worker.task, worker.since = clip.number, task, monotonic()
        self._idle.discard(number)
        self._pool.give(number, task)
        return True

    def _choose(self, worker: Worker) -> tuple[Clip, Task] | None:
        plain = worker.kind == "cpu"
        while plain and self._errands:
            clip, task = self._errands.popleft()
            if not clip.over:
                return clip, task
        own = self._active.get(worker.clip)
        if own and own.left and _kind_for(own.job) == worker.kind:
            return self._window(own)
        if plain and self._next < len(self._clips) and len(self._active) <= AHEAD * len(self._workers):
            clip = self._clips[self._next]
            self._next += 1
            self._active[clip.number] = clip
            clip.stage = "planning"
            return clip, Task("plan", clip.job)
        near = islice((clip for clip in self._open.values() if _kind_for(clip.job) == worker.kind), FEW)
        clip_to_help = min(near, key=lambda clip: (len(clip.at_work), len(clip.left), clip.number), default=None)
        return self._window(clip_to_help) if clip_to_help else None

    def _window(self, clip: Clip) -> tuple[Clip, Task]:
        index = clip.left.popleft()
        if not clip.left:
            del self._open[clip.number]
        clip.at_work.add(index)
        return clip, Task("paint", clip.job, index)


def _kind_for(job: Job) -> str:
    """The kind of worker that paints the windows of a job."""
    return "gpu" if "gpu" in job.needs else "cpu"
