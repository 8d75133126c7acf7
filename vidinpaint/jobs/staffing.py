"""`staff`: a pool of workers for some jobs, and how many of which kind it should have."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from vidinpaint.errors import SettingError
from vidinpaint.jobs.crew import STALL
from vidinpaint.jobs.job import Job
from vidinpaint.runners.on_ray import OnRay
from vidinpaint.runners.pool import Make, Pool
from vidinpaint.runners.processes import Processes
from vidinpaint.settings import choose

POOLS = ("processes", "ray")
KINDS = ("gpu",)
BENCH = "vidinpaint.jobs.bench:make_bench"


@dataclass(frozen=True)
class Staff:
    """Who does the work.

    runner           "processes" (of this machine) or "ray"
    workers          how many; 0: one a core of the machine or the cluster
    address          of Ray, see `vidinpaint.runners.on_ray.OnRay`; empty: RAY_ADDRESS if it is set, else "local"
    gpus_per_worker  of workers for stages that need one; as many are hired as the cluster has GPUs for
    stall            seconds after which a worker that says nothing is replaced
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
            raise SettingError("0 to 100000 workers", str(self.workers), "Leave it out for one a core.")
        if not 0 < self.gpus_per_worker <= 64:
            raise SettingError("above 0 and up to 64 GPUs a worker", str(self.gpus_per_worker), "Try 1, or 0.5.")
        if not self.stall >= 1:
            raise SettingError("at least 1 second", str(self.stall), "Give more than one window takes.")


@contextmanager
def staff(chosen: Staff, jobs: Sequence[Job], make: Make = BENCH) -> Iterator[tuple[Pool, dict[str, int]]]:
    """The pool, and the workers wanted by kind; the pool is closed at the end."""
    needs = {need for job in jobs for need in job.needs}
    for need in sorted(needs.difference(KINDS)):
        raise SettingError(f"stages that need one of: {', '.join(KINDS)}", repr(need), "Mend `needs` of the stage.")
    pool: Processes | OnRay
    if chosen.runner == "ray":
        address = chosen.address or ("auto" if os.environ.get("RAY_ADDRESS") else "local")
        pool = OnRay(make, address, chosen.gpus_per_worker, options=_own_cores(address, chosen.workers))
        has = pool.resources()
    else:
        pool, has = Processes(make), {"CPU": float(os.cpu_count() or 1)}
    try:
        workers = {"cpu": chosen.workers or max(1, int(has.get("CPU", 1)))}
        if "gpu" in needs:
            workers["gpu"] = int(has.get("GPU", 0) / chosen.gpus_per_worker)
            if not workers["gpu"]:
                actual = f"{has.get('GPU', 0):g} GPUs with {chosen.gpus_per_worker:g} a worker"
                raise SettingError("a GPU for stages that need one", actual, "Use --runner ray on a cluster with GPUs.")
        yield pool, workers
    finally:
        pool.close()


def _own_cores(address: str, workers: int) -> dict[str, int]:
    """A Ray of our own takes as many workers as were asked for, also more than there are cores."""
    return {"num_cpus": workers} if address == "local" and workers else {}
