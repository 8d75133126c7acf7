"""Overhead of scheduling: Ray compared with threads, two workers with one, the driver's rate and memory.

python benchmarks/ray_overhead.py [--windows 100000]      writes benchmarks/results/ray_overhead.json
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from apart import run_apart

SETTINGS = {"plan": {"length": 12, "context": 6}}
SPINNER = "benchmarks.ray_overhead:make_spinner"
WORKER = "vidinpaint.execution.jobs.worker:Worker"
RESULT = Path(__file__).parent / "results" / "ray_overhead.json"


def spin(seconds: float) -> None:
    """Use this much processor time, however busy the machine is."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(2000))


def make_spinner() -> Callable[[Any], Any]:
    """A worker whose windows are a fixed time of work."""
    from vidinpaint.execution.jobs.worker import Inpainted, Planned

    def work(task: Any) -> Any:
        if task.kind == "plan":
            return Planned(task.job.settings["windows"], tuple(range(task.job.settings["windows"])))
        if task.kind == "finish":
            return finished(task.job)
        begin = time.perf_counter()
        spin(task.job.settings["seconds"])
        return Inpainted(1, str(time.perf_counter() - begin))

    return work


def finished(job: Any) -> Any:
    from vidinpaint.core.report import Report
    from vidinpaint.execution.jobs.worker import Finished

    return Finished(Report(job.clip, job.output, "", "", "", "", 1, 1, 1, 1, 1, 0, {}, {}, 0.0))


def inpainting_times(jobs: list[Any], workers: int, factory: str) -> tuple[list[float], list[dict[str, Any]]]:
    """Times at which windows were inpainted by workers of a separate Ray, and the facts of these events."""
    from vidinpaint.execution.jobs.scheduler import Scheduler
    from vidinpaint.execution.jobs.worker_options import WorkerOptions, open_pool

    times: list[float] = []
    reported: list[dict[str, Any]] = []

    def on_event(event: str, **facts: Any) -> None:
        if event == "inpainted":
            times.append(time.perf_counter())
            reported.append(facts)

    with open_pool(WorkerOptions("ray", workers, "local"), jobs, factory) as (pool, workers_by_kind):
        clips = Scheduler(pool, workers_by_kind, on_event).run(jobs)
    assert all(clip.status == "done" for clip in clips), [clip.error for clip in clips]
    return times, reported


def seconds_each(times: list[float], skip: int) -> float:
    """Seconds per window after the first `skip` windows, without starting and compiling."""
    return (times[-1] - times[skip - 1]) / (len(times) - skip)


def spinning(count: int) -> list[Any]:
    from vidinpaint.execution.jobs.job import Job

    return [Job("spin", (), "spin.out", "spin", settings={"windows": count, "seconds": 1.0})]


def threads_against_ray(count: int) -> dict[str, float]:
    """Seconds per window of one second of work, in a thread of this process and on one worker of Ray."""
    with ThreadPoolExecutor(1) as pool:
        times = [pool.submit(spin_and_time, 1.0).result() for _ in range(count)]
    threads = seconds_each(times, 2)
    times, reported = inpainting_times(spinning(count), 1, SPINNER)
    inside = statistics.mean(float(one["by"]) for one in reported[2:])
    each = seconds_each(times, 2)
    return {"threads": threads, "ray": each, "ray_inside": inside, "overhead": each / inside - 1}


def spin_and_time(seconds: float) -> float:
    spin(seconds)
    return time.perf_counter()


def two_spinners(count: int) -> float:
    """How many times faster two workers are than one, on windows of one second of work."""
    one, two = (inpainting_times(spinning(count), workers, SPINNER)[0] for workers in (1, 2))
    return seconds_each(one, 4) / seconds_each(two, 4)


def real_windows(folder: Path, copies: int) -> dict[str, Any]:
    """Real windows with planning, storing and muxing: in this process, with one worker and with two."""
    from vidinpaint.execution.runners.thread_counts import set_thread_counts

    set_thread_counts(1)  # before any other import
    from vidinpaint.execution.jobs.job import Job
    from vidinpaint.execution.jobs.worker import Task, Worker

    root = Path(__file__).parent.parent / "sample_videos"

    def jobs(name: str) -> list[Any]:
        return [Job(str(root / "garden.mp4"), (str(root / "garden_mask"),), str(folder / f"{name}{copy}.mp4"),
                    str(folder / f"{name}{copy}.work"), settings=SETTINGS) for copy in range(copies)]  # fmt: skip

    worker, times = Worker(), []
    for job in jobs("serial"):
        for index in worker(Task("plan", job)).missing:  # type: ignore[union-attr]
            worker(Task("inpaint", job, index))
            times.append(time.perf_counter())
        worker(Task("finish", job))
    first = len(times) // copies
    each = {"serial": seconds_each(times, first)}
    for workers in (1, 2):
        times, _ = inpainting_times(jobs(f"ray{workers}-"), workers, WORKER)
        each[f"ray {workers}"] = seconds_each(times, first)
    return {
        "windows": len(times), "seconds_each": each,
        "overhead": each["ray 1"] / each["serial"] - 1, "two_over_one": each["ray 1"] / each["ray 2"],
    }  # fmt: skip


def dispatch(windows: int, workers: int) -> dict[str, Any]:
    """The driver's rate and memory with windows that contain no work."""
    from vidinpaint.execution.jobs.job import Job
    from vidinpaint.execution.jobs.scheduler import Scheduler
    from vidinpaint.execution.jobs.worker_options import WorkerOptions, open_pool

    sizes: dict[int, float] = {}
    job = Job("spin", (), "spin.out", "spin", settings={"windows": windows, "seconds": 0.0})
    times: list[float] = []
    done = 0

    def on_event(event: str, **facts: Any) -> None:
        nonlocal done
        if event == "inpainted":
            done += 1
            if done % max(1, windows // 20) == 0:
                times.append(time.perf_counter())
                sizes[done] = memory()

    with open_pool(WorkerOptions("ray", workers, "local"), [job], SPINNER) as (pool, workers_by_kind):
        Scheduler(pool, workers_by_kind, on_event).run([job])
    step = windows // 20
    rate = (len(times) - 1) * step / (times[-1] - times[0])
    return {"workers": workers, "windows": windows, "windows_per_second": rate, "driver_megabytes": sizes}


class _Sleeper:
    """Runs in an actor; answers at once or not at all."""

    def sleep(self) -> None:
        time.sleep(1000)

    def answer(self) -> None: ...


def waits(rounds: int = 100) -> dict[int, float]:
    """Milliseconds from assigning an empty window to its answer, by the number of other pending answers."""
    import ray

    ray.init(address="local", num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False)
    busy, quick = (ray.remote(num_cpus=0.1)(_Sleeper).remote() for _ in range(2))
    ray.get(quick.answer.remote())
    found = {}
    for workers in (1, 100, 1000, 5000):
        others = [busy.sleep.remote() for _ in range(workers)]
        begin = time.perf_counter()
        for _ in range(rounds):
            ready, _ = ray.wait([*others, quick.answer.remote()], num_returns=1)
            ray.wait(others, num_returns=len(others), timeout=0)
            ray.get(ready)
        found[workers] = round(1000 * (time.perf_counter() - begin) / rounds, 2)
    ray.shutdown()
    return found


def alone(windows: int, workers: int) -> dict[str, float]:
    """The driver without Ray: its rate if answers cost nothing."""
    from tests.execution.jobs.fake_pool import FakePool, inpainting, job
    from vidinpaint.execution.jobs.scheduler import Scheduler

    pool = FakePool(inpainting)
    pool.done = _DiscardingList()  # type: ignore[assignment]
    begin = time.perf_counter()
    Scheduler(pool, {"cpu": workers}).run([job(str(number), 100) for number in range(windows // 100)])
    return {"workers": workers, "windows_per_second": windows / (time.perf_counter() - begin)}


class _DiscardingList(list[Any]):
    def append(self, value: Any) -> None: ...


def memory() -> float:
    """Resident memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1e6, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=100_000)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--only", default="", help="names of the parts to run, separated by commas (default: all)")
    options = parser.parse_args()
    found = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    parts: dict[str, Callable[[Path], Any]] = {
        "threads": lambda _: threads_against_ray(20),
        "two": lambda _: two_spinners(20),
        "real": lambda folder: real_windows(folder, options.copies),
        "dispatch": lambda _: (
            [dispatch(options.windows // 20, workers) for workers in (2, 8)] + [dispatch(options.windows, 4)]
        ),
        "waits_ms": lambda _: waits(),
        "alone": lambda _: [alone(20_000, workers) for workers in (1, 100, 1000, 10_000)],
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in parts.items():
            if not options.only or name in options.only.split(","):
                found.setdefault("loads", {})[name] = os.getloadavg()[0]  # load of other processes before the start
                found[name] = measure(Path(folder))
                print(name, json.dumps(found[name]), flush=True)
                RESULT.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    run_apart()
    main()
