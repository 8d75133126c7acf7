"""The order of tasks, and what happens to tasks of workers that die, stop answering or fail."""

from typing import Any

import pytest

from tests.execution.jobs.fake_pool import FakePool, inpainting, job, report
from vidinpaint.core.errors import ClipError, WorkerError
from vidinpaint.execution.jobs.job_state import JobState
from vidinpaint.execution.jobs.scheduler import Scheduler
from vidinpaint.execution.jobs.worker import Answer, Failed, Finished, Planned, Task
from vidinpaint.execution.runners.worker_pool import WorkerDied

GPU = frozenset({"gpu"})


def inpainted(pool: FakePool, name: str) -> list[int]:
    return sorted(task.window for _, task in pool.done if task.kind == "inpaint" and task.job.work == name)


def statuses(states: list[JobState]) -> list[str]:
    return [state.status for state in states]


@pytest.mark.parametrize("workers", [1, 3, 50])
def test_every_window_is_submitted_once(workers: int) -> None:
    pool = FakePool(inpainting)
    states = Scheduler(pool, {"cpu": workers}).run([job("a", 5), job("b", 1), job("c", 0), job("d", 12)])
    assert statuses(states) == ["done"] * 4
    assert [inpainted(pool, name) for name in "abcd"] == [list(range(5)), [0], [], list(range(12))]
    assert len(pool.done) == 8 + 18


def test_nothing_to_do() -> None:
    pool = FakePool(inpainting)
    assert Scheduler(pool, {"cpu": 3}).run([]) == []
    assert pool.kinds == {}


def test_a_worker_stays_with_its_clip_and_all_share_the_last_one() -> None:
    pool = FakePool(inpainting)
    Scheduler(pool, {"cpu": 2}).run([job("a", 3), job("b", 3), job("long", 40)])
    workers = {name: {worker for worker, task in pool.done if task.job.work == name and task.kind == "inpaint"}
               for name in ("a", "b", "long")}  # fmt: skip
    assert len(workers["a"]) == len(workers["b"]) == 1
    assert workers["a"] != workers["b"]
    assert workers["long"] == {1, 2}


def test_the_number_of_active_clips_is_limited() -> None:
    active: set[str] = set()
    max_active = 0

    def work(worker: int, task: Task) -> Answer | str | None:
        nonlocal max_active
        active.discard(task.job.work) if task.kind == "finish" else active.add(task.job.work)
        max_active = max(max_active, len(active))
        return inpainting(worker, task)

    Scheduler(FakePool(work), {"cpu": 3}).run([job(str(number), 4) for number in range(100)])
    assert max_active <= 7


@pytest.mark.parametrize("kind", ["plan", "inpaint", "finish"])
def test_the_task_of_a_worker_that_dies_is_submitted_again(kind: str) -> None:
    deaths: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.kind == kind and task.window in (-1, 2) and len(deaths) < 2:
            deaths.append(worker)
            return "killed"
        return inpainting(worker, task)

    pool = FakePool(work)
    states = Scheduler(pool, {"cpu": 2}).run([job("a", 4), job("b", 4)])
    assert statuses(states) == ["done", "done"]
    assert len(set(deaths)) == 2
    assert len(pool.kinds) == 4  # two were started for the two that died
    assert not [task for worker, task in pool.done if worker in deaths and pool.done.count((worker, task)) > 1]


def test_a_window_that_kills_every_worker_fails_its_job_only() -> None:
    def work(worker: int, task: Task) -> Answer | str | None:
        return "out of memory" if (task.job.work, task.window) == ("a", 1) else inpainting(worker, task)

    pool = FakePool(work)
    states = Scheduler(pool, {"cpu": 2}).run([job("a", 4), job("b", 4)])
    assert statuses(states) == ["failed", "done"]
    assert isinstance(states[0].error, WorkerError)
    for part in ("window 1", "'a.mp4'", "3 failed attempts", "out of memory"):
        assert part in str(states[0].error)
    assert inpainted(pool, "a").count(1) == 3


def test_a_worker_that_does_not_answer_is_replaced() -> None:
    silent: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.window == 1 and not silent:
            silent.append(worker)
            return None
        return inpainting(worker, task)

    pool = FakePool(work)
    assert statuses(Scheduler(pool, {"cpu": 1}, stall=0.05).run([job("a", 3)])) == ["done"]
    assert pool.killed == silent == [1]


def test_an_error_in_a_clip_is_not_retried() -> None:
    error = ClipError("a whole clip", "half of one", "Copy it again.")

    def work(worker: int, task: Task) -> Answer | str | None:
        return Failed(error, "clip of frames 6 to 12 (window 1)") if task.window == 1 else inpainting(worker, task)

    seen: list[tuple[str, dict[str, Any]]] = []
    pool = FakePool(work)
    states = Scheduler(pool, {"cpu": 1}, lambda event, **facts: seen.append((event, facts))).run(
        [job("a", 9), job("b", 1)]
    )
    assert statuses(states) == ["failed", "done"]
    assert (states[0].error, states[0].where) == (error, "clip of frames 6 to 12 (window 1)")
    assert inpainted(pool, "a") == [0, 1]
    assert [facts["clip"] for event, facts in seen if event == "failed"] == [0]


@pytest.mark.parametrize(("times", "ends"), [(2, "done"), (3, "failed")])
def test_a_temporary_error_is_retried(times: int, ends: str) -> None:
    error = ClipError("a disk", "none", "Wait.")
    tried: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.window == 0 and len(tried) < times:
            tried.append(worker)
            return Failed(error, retry=True)
        return inpainting(worker, task)

    assert statuses(Scheduler(FakePool(work), {"cpu": 1}).run([job("a", 2)])) == [ends]


def test_windows_found_damaged_at_the_end_are_inpainted_again() -> None:
    found: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.kind == "finish" and not found:
            found.append(3)
            return Finished(None, (3,))
        return inpainting(worker, task)

    pool = FakePool(work)
    assert statuses(Scheduler(pool, {"cpu": 2}).run([job("a", 5)])) == ["done"]
    assert inpainted(pool, "a") == [0, 1, 2, 3, 3, 4]


def test_an_output_that_exists_is_not_computed_again() -> None:
    def work(worker: int, task: Task) -> Answer | str | None:
        return Planned(4, (), report(task.job)) if task.job.work == "a" else inpainting(worker, task)

    pool = FakePool(work)
    assert statuses(Scheduler(pool, {"cpu": 1}).run([job("a", 4), job("b", 1)])) == ["done", "done"]
    assert [(task.kind, task.job.work) for _, task in pool.done] == [("plan", "a"), ("plan", "b"), ("inpaint", "b"), ("finish", "b")]  # fmt: skip # noqa: E501


def test_only_windows_that_need_a_gpu_go_to_its_workers() -> None:
    pool = FakePool(inpainting)
    states = Scheduler(pool, {"cpu": 2, "gpu": 1}).run([job("plain", 6), job("learned", 6, GPU), job("more", 2, GPU)])
    assert statuses(states) == ["done"] * 3
    for worker, task in pool.done:
        gpu = task.kind == "inpaint" and bool(task.job.needs)
        assert pool.kinds[worker] == ("gpu" if gpu else "cpu")
    assert len(pool.done) == 6 + 14


def test_workers_that_never_start_are_an_error() -> None:
    class NeverStarts(FakePool):
        def events(self, timeout: float) -> list[Any]:
            return [WorkerDied(event.worker, "no module") for event in super().events(timeout)]

    with pytest.raises(WorkerError, match="no module"):
        Scheduler(NeverStarts(inpainting), {"cpu": 2}).run([job("a", 1)])
    pool = FakePool(inpainting)
    pool.start = lambda kind: 1  # type: ignore[method-assign]
    with pytest.raises(WorkerError, match="none for"):
        Scheduler(pool, {"cpu": 1}, stall=0.05).run([job("a", 1)])
