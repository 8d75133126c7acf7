"""Who does what next, and what happens to the work of workers that die, hang or fail."""

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


def stages(clips: list[JobState]) -> list[str]:
    return [clip.status for clip in clips]


@pytest.mark.parametrize("workers", [1, 3, 50])
def test_every_window_is_given_out_once(workers: int) -> None:
    pool = FakePool(inpainting)
    clips = Scheduler(pool, {"cpu": workers}).run([job("a", 5), job("b", 1), job("c", 0), job("d", 12)])
    assert stages(clips) == ["done"] * 4
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


def test_clips_are_begun_no_faster_than_they_are_done() -> None:
    begun: set[str] = set()
    most = 0

    def work(worker: int, task: Task) -> Answer | str | None:
        nonlocal most
        begun.discard(task.job.work) if task.kind == "finish" else begun.add(task.job.work)
        most = max(most, len(begun))
        return inpainting(worker, task)

    Scheduler(FakePool(work), {"cpu": 3}).run([job(str(number), 4) for number in range(100)])
    assert most <= 7


@pytest.mark.parametrize("kind", ["plan", "inpaint", "finish"])
def test_the_work_of_a_worker_that_dies_is_given_out_again(kind: str) -> None:
    deaths: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.kind == kind and task.window in (-1, 2) and len(deaths) < 2:
            deaths.append(worker)
            return "killed"
        return inpainting(worker, task)

    pool = FakePool(work)
    clips = Scheduler(pool, {"cpu": 2}).run([job("a", 4), job("b", 4)])
    assert stages(clips) == ["done", "done"]
    assert len(set(deaths)) == 2
    assert len(pool.kinds) == 4  # two were hired for the two that died
    assert not [task for worker, task in pool.done if worker in deaths and pool.done.count((worker, task)) > 1]


def test_what_kills_every_worker_is_given_up_and_the_rest_is_done() -> None:
    def work(worker: int, task: Task) -> Answer | str | None:
        return "out of memory" if (task.job.work, task.window) == ("a", 1) else inpainting(worker, task)

    pool = FakePool(work)
    clips = Scheduler(pool, {"cpu": 2}).run([job("a", 4), job("b", 4)])
    assert stages(clips) == ["failed", "done"]
    assert isinstance(clips[0].error, WorkerError)
    for part in ("window 1", "'a.mp4'", "3 attempts", "out of memory"):
        assert part in str(clips[0].error)
    assert inpainted(pool, "a").count(1) == 3


def test_a_silent_worker_is_replaced() -> None:
    silent: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.window == 1 and not silent:
            silent.append(worker)
            return None
        return inpainting(worker, task)

    pool = FakePool(work)
    assert stages(Scheduler(pool, {"cpu": 1}, stall=0.05).run([job("a", 3)])) == ["done"]
    assert pool.killed == silent == [1]


def test_a_users_error_is_not_tried_again() -> None:
    error = ClipError("a whole clip", "half of one", "Copy it again.")

    def work(worker: int, task: Task) -> Answer | str | None:
        return Failed(error, "clip of frames 6 to 12 (window 1)") if task.window == 1 else inpainting(worker, task)

    told: list[tuple[str, dict[str, Any]]] = []
    pool = FakePool(work)
    clips = Scheduler(pool, {"cpu": 1}, lambda event, **facts: told.append((event, facts))).run(
        [job("a", 9), job("b", 1)]
    )
    assert stages(clips) == ["failed", "done"]
    assert (clips[0].error, clips[0].where) == (error, "clip of frames 6 to 12 (window 1)")
    assert inpainted(pool, "a") == [0, 1]
    assert [facts["clip"] for event, facts in told if event == "failed"] == [0]


@pytest.mark.parametrize(("times", "ends"), [(2, "done"), (3, "failed")])
def test_what_may_pass_is_tried_again(times: int, ends: str) -> None:
    error = ClipError("a disk", "none", "Wait.")
    tried: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.window == 0 and len(tried) < times:
            tried.append(worker)
            return Failed(error, retry=True)
        return inpainting(worker, task)

    assert stages(Scheduler(FakePool(work), {"cpu": 1}).run([job("a", 2)])) == [ends]


def test_windows_found_broken_at_the_end_are_inpainted_again() -> None:
    found: list[int] = []

    def work(worker: int, task: Task) -> Answer | str | None:
        if task.kind == "finish" and not found:
            found.append(3)
            return Finished(None, (3,))
        return inpainting(worker, task)

    pool = FakePool(work)
    assert stages(Scheduler(pool, {"cpu": 2}).run([job("a", 5)])) == ["done"]
    assert inpainted(pool, "a") == [0, 1, 2, 3, 3, 4]


def test_what_is_there_already_is_left_alone() -> None:
    def work(worker: int, task: Task) -> Answer | str | None:
        return Planned(4, (), report(task.job)) if task.job.work == "a" else inpainting(worker, task)

    pool = FakePool(work)
    assert stages(Scheduler(pool, {"cpu": 1}).run([job("a", 4), job("b", 1)])) == ["done", "done"]
    assert [(task.kind, task.job.work) for _, task in pool.done] == [("plan", "a"), ("plan", "b"), ("inpaint", "b"), ("finish", "b")]  # fmt: skip # noqa: E501


def test_only_windows_that_need_a_gpu_go_to_its_workers() -> None:
    pool = FakePool(inpainting)
    clips = Scheduler(pool, {"cpu": 2, "gpu": 1}).run([job("plain", 6), job("learned", 6, GPU), job("more", 2, GPU)])
    assert stages(clips) == ["done"] * 3
    for worker, task in pool.done:
        gpu = task.kind == "inpaint" and bool(task.job.needs)
        assert pool.kinds[worker] == ("gpu" if gpu else "cpu")
    assert len(pool.done) == 6 + 14


def test_workers_that_never_start_are_given_up() -> None:
    class NeverStarts(FakePool):
        def events(self, timeout: float) -> list[Any]:
            return [WorkerDied(event.worker, "no module") for event in super().events(timeout)]

    with pytest.raises(WorkerError, match="no module"):
        Scheduler(NeverStarts(inpainting), {"cpu": 2}).run([job("a", 1)])
    pool = FakePool(inpainting)
    pool.start = lambda kind: 1  # type: ignore[method-assign]
    with pytest.raises(WorkerError, match="none for"):
        Scheduler(pool, {"cpu": 1}, stall=0.05).run([job("a", 1)])
