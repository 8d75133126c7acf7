"""Places that a job writes to: whether its output may be written, and where its work folder is."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.core.graph import SEGMENT, Graph
from vidinpaint.core.hidden_names import hidden_name
from vidinpaint.execution.jobs.job import Job, split_mask
from vidinpaint.execution.storage.inputs import local_copy
from vidinpaint.execution.storage.locks import lock_of, locked
from vidinpaint.execution.storage.places import exists, is_url, join, split
from vidinpaint.video.atomic_output import check_output, clear_abandoned_folders
from vidinpaint.video.containers.choice import fitting_output
from vidinpaint.video.containers.kinds import container_kind
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.folders.writer import check_output_folder


def work_folder(output: str) -> str:
    """The hidden folder beside an output, always of the same name, so that the same command finds it again.

    Absolute, because FFmpeg takes the beginning of a relative path with a colon as a protocol.
    """
    parent, name = split(output if is_url(output) else os.path.abspath(output))
    return join(parent, hidden_name(name, ".work"))


def chosen_output(output: str, clip: str, graph: Graph) -> str:
    """`output`, with another suffix if the settings leave the container to the program; a clip by URL is downloaded."""
    encoding = graph.stages.get(SEGMENT)
    if not isinstance(encoding, Encoding) or encoding.container != "auto":
        return output
    return fitting_output(output, local_copy(clip), encoding.codec)


def check_output_place(job: Job) -> None:
    """Raise `OutputError` unless the job's output, if any, may be written; called before any work is done."""
    if job.work:
        container_kind(job.output)
    if job.output and not is_url(job.output):
        check = check_output if job.work else check_output_folder
        check(Path(job.output), "" if is_url(job.clip) else job.clip, job.overwrite)
        check_no_mask(Path(job.output), [mask for mask in job.masks if isinstance(mask, str)])
    elif job.output and exists(job.output) and not job.overwrite:
        raise OutputError("a new output", f"{job.output!r}, which exists", "Add --overwrite to replace it.")


def check_no_mask(output: Path, masks: Sequence[str]) -> None:
    """Raise `OutputError` if an output would replace one of the masks, or a folder with it."""
    replaced = output.resolve()
    for text in masks:
        mask = text if os.path.exists(text) else split_mask(text)[0]
        if os.path.exists(mask) and replaced in (Path(mask).resolve(), Path(mask).resolve().parent):
            raise OutputError("an output that replaces no mask", f"'{output}'", "Give another output name.")


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
