"""`run_job`: runs one job, in this process or by workers."""

from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.core.errors import OutputError, SettingError
from vidinpaint.core.jit_notice import show_compilation
from vidinpaint.core.progress import Progress
from vidinpaint.core.report import Report
from vidinpaint.core.settings import choose
from vidinpaint.core.times import parse_rate
from vidinpaint.execution.checkpoints.segment_store import DiskStore
from vidinpaint.execution.compile_alongside import compile_alongside
from vidinpaint.execution.jobs.clip_session import ClipSession
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.jobs.output_place import check_output_place, output_lock
from vidinpaint.execution.jobs.scheduler import Scheduler
from vidinpaint.execution.jobs.worker_options import POOLS, WorkerOptions, open_pool
from vidinpaint.execution.runners.serial import run_serial
from vidinpaint.execution.runners.threads import run_threads
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.temporary_folder import clear_abandoned
from vidinpaint.masks.specs import MaskSpec, mask_specs
from vidinpaint.reporting.destination import check_destination

RUNNERS = {"serial": run_serial, "threads": run_threads}
"""Runners of this process; `POOLS` names those with workers."""


def check_job(job: Job, debug: str | Path | None) -> None:
    """Raise VidinpaintError, before any work is done, for an unsuitable runner or a place that cannot be written."""
    if job.runner not in (*RUNNERS, *POOLS):
        raise SettingError("a runner", repr(job.runner), choose(job.runner, [*RUNNERS, *POOLS]))
    parse_rate(job.rate)
    mask_specs(list(job.masks))
    if job.report:
        check_destination(Path(job.report))
    try:
        if debug:
            Path(debug).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        actual = f"{str(debug)!r}: {error.strerror or error}"
        raise OutputError("a folder for debug images that can be written", actual, "Choose another folder.") from error
    if job.runner in POOLS:
        _check_for_workers(job, debug)
    check_output_place(job)


def _check_for_workers(job: Job, debug: str | Path | None) -> None:
    if not job.work:
        actual = f"runner {job.runner!r} for an array or a folder"
        raise SettingError("a video file as output of workers", actual, f"Use one of {', '.join(RUNNERS)}.")
    if any(isinstance(mask, MaskSpec) for mask in job.masks):
        raise SettingError("masks for workers as files or boxes", "an array", "Write it to a file, such as a .png.")
    if debug:
        actual = f"runner {job.runner!r}"
        raise SettingError("a runner of this process for debug images", actual, f"Use one of {', '.join(RUNNERS)}.")


def run_job(
    job: Job, frames: np.ndarray | None, workers: WorkerOptions | None, progress: Progress, debug: str | Path | None
) -> Report | np.ndarray:
    """Run a job that `check_job` has accepted; windows that an interrupted run has finished are not computed again.

    frames    uint8 (T, H, W, 3): the clip of a job without a file; the result is then an array like it
    workers   None for the runners of this process
    debug     folder for debug images, or None
    """
    clear_abandoned()
    with (
        output_lock(job.output),
        compile_alongside(job.runner == "threads") as start,
        show_compilation(progress, start),
    ):
        check_output_place(job)  # another run may just have written it
        try:
            if workers:
                return _run_by_workers(job, workers, progress)
            return _run_in_process(job, frames, progress, Path(debug) if debug else None)
        finally:
            progress.end()


def _run_in_process(job: Job, frames: np.ndarray | None, progress: Progress, debug: Path | None) -> Report | np.ndarray:
    with ClipSession(job, frames, progress, debug) as session:
        session.compute_missing(RUNNERS[job.runner])
        report = session.finish()
        if report is None:
            actual = f"missing or changed files in {job.work!r}"
            raise OutputError("finished windows as they were stored", actual, "Run the same command again.")
        return report if job.output else session.frames


def _run_by_workers(job: Job, workers: WorkerOptions, progress: Progress) -> Report:
    def show_progress(event: str, **facts: Any) -> None:
        if event == "planned":
            progress.begin("inpaint", facts["missing"], "window")
        elif event == "inpainted":
            progress.advance(1)

    with open_pool(workers, [job]) as (pool, worker_counts):
        (state,) = Scheduler(pool, worker_counts, show_progress).run([job])
    if state.error:
        store = DiskStore(open_folder(job.work))
        if not store.count():
            store.clear()
        raise state.error
    assert state.report
    return state.report
