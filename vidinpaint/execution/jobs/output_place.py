"""Places that a job writes to: whether its output may be written, and where its work folder is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.core.hidden_names import hidden_name
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.storage.locks import lock_of, locked
from vidinpaint.execution.storage.places import exists, is_url, join, split
from vidinpaint.video.atomic_output import check_output, clear_abandoned_folders
from vidinpaint.video.containers import container_kind
from vidinpaint.video.folder_writer import check_output_folder


def work_folder(output: str) -> str:
    """The hidden folder beside an output, always of the same name, so that the same command finds it again.

    Absolute, because FFmpeg takes the beginning of a relative path with a colon as a protocol.
    """
    parent, name = split(output if is_url(output) else os.path.abspath(output))
    return join(parent, hidden_name(name, ".work"))


def check_output_place(job: Job) -> None:
    """Raise `OutputError` unless the job's output, if any, may be written; called before any work is done."""
    if job.work:
        container_kind(job.output)
    if job.output and not is_url(job.output):
        check = check_output if job.work else check_output_folder
        check(Path(job.output), "" if is_url(job.clip) else job.clip, job.overwrite)
    elif job.output and exists(job.output) and not job.overwrite:
        raise OutputError("a new output", f"{job.output!r}, which exists", "Add --overwrite to replace it.")


@contextmanager
def output_lock(output: str) -> Iterator[None]:
    """Let no other run write an output of this machine; raises `OutputError` if one does. Nothing for URLs and ""."""
    if not output or is_url(output):
        yield
        return
    path = Path(output)
    with locked(lock_of(path), output):
        clear_abandoned_folders(path)
        yield
