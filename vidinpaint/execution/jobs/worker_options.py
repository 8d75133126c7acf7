"""`WorkerOptions`: which workers to use, and how many; `open_pool` opens the pool for some jobs."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import choose
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.scheduler import STALL
from vidinpaint.execution.runners.process_pool import ProcessPool
from vidinpaint.execution.runners.ray_pool import RayPool
from vidinpaint.execution.runners.worker_pool import WorkerFactory, WorkerPool

POOLS = ("processes", "ray")
KINDS = ("gpu",)
WORKER = "vidinpaint.execution.jobs.worker:Worker"


@dataclass(frozen=True)
class WorkerOptions:
    """Which workers compute the windows. Raises SettingError.

    runner           "processes" (of this machine) or "ray"
    workers          number of workers, 0 to 100000; 0: one per core of the machine or the cluster
    address          address of Ray, see `vidinpaint.execution.runners.ray_pool.RayPool`; empty: RAY_ADDRESS if set,
                     else "local"
    gpus_per_worker  GPUs per worker for stages that need one, above 0 and at most 64; all GPUs are used
    stall            seconds without an answer after which a worker is replaced, at least 1
    """

    runner: str = "processes"
    workers: int = 0
    address: str = ""
    gpus_per_worker: float = 1.0
    stall: float = STALL

    def __post_init__(self) -> None:
        if self.runner not in POOLS:
            raise SettingError("a runner with workers", repr(self.runner), choose(self.runner, POOLS))
        if not 0 <= self.workers <= 100_000:
            raise SettingError("0 to 100000 workers", str(self.workers), "Leave it out for one per core.")
        if not 0 < self.gpus_per_worker <= 64:
            actual = str(self.gpus_per_worker)
            raise SettingError("more than 0 and at most 64 GPUs per worker", actual, "Try 1, or 0.5.")
        if not self.stall >= 1:
            raise SettingError("a stall time of at least 1 s", f"{self.stall:g}", "Allow more than one window takes.")


@contextmanager
def open_pool(
    options: WorkerOptions, jobs: Sequence[Job], factory: WorkerFactory = WORKER
) -> Iterator[tuple[WorkerPool, dict[str, int]]]:
    """The pool, and the number of workers per kind to start in it; the pool is closed at the end."""
    needs = {need for job in jobs for need in job.needs}
    for need in sorted(needs.difference(KINDS)):
        raise SettingError(f"stages that need one of: {', '.join(KINDS)}", repr(need), "Correct the stage's `needs`.")
    pool: ProcessPool | RayPool
    if options.runner == "ray":
        address = options.address or ("auto" if os.environ.get("RAY_ADDRESS") else "local")
        pool = RayPool(factory, address, options.gpus_per_worker, options=_own_cores(address, options.workers))
        available = pool.resources()
    else:
        pool, available = ProcessPool(factory), {"CPU": float(os.cpu_count() or 1)}
    try:
        workers = {"cpu": options.workers or max(1, int(available.get("CPU", 1)))}
        if "gpu" in needs:
            workers["gpu"] = int(available.get("GPU", 0) / options.gpus_per_worker)
            if not workers["gpu"]:
                actual = f"{available.get('GPU', 0):g} GPUs with {options.gpus_per_worker:g} per worker"
                raise SettingError("a GPU for stages that need one", actual, "Use --runner ray on a cluster with GPUs.")
        yield pool, workers
    finally:
        pool.close()


def _own_cores(address: str, workers: int) -> dict[str, int]:
    """Options of a Ray that we start ourselves: it accepts the requested workers even if there are fewer cores."""
    return {"num_cpus": workers} if address == "local" and workers else {}
