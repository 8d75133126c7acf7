"""Places that a job writes to: whether its output may be written, and where its work folder is."""

from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.core.graph import SEGMENT, Graph
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.storage.inputs import local_copy
from vidinpaint.execution.storage.places import exists, is_url, join, split
from vidinpaint.video.atomic_output import check_output
from vidinpaint.video.container_choice import fitting_output
from vidinpaint.video.containers import container_kind
from vidinpaint.video.encoding import Encoding


def work_folder(output: str) -> str:
    """The hidden folder beside an output, always of the same name, so that the same command finds it again."""
    parent, name = split(output)
    return join(parent, f".{name}.work")


def chosen_output(output: str, clip: str, graph: Graph) -> str:
    """`output`, with another suffix if the settings leave the container to the program; a clip by URL is downloaded."""
    encoding = graph.stages.get(SEGMENT)
    if not isinstance(encoding, Encoding) or encoding.container != "auto":
        return output
    return fitting_output(output, local_copy(clip), encoding.codec)


def check_output_file(job: Job) -> None:
    """Raise `OutputError` unless the job's video file may be written; called before any work is done."""
    container_kind(job.output)
    if not is_url(job.output):
        check_output(Path(job.output), "" if is_url(job.clip) else job.clip, job.overwrite)
    elif exists(job.output) and not job.overwrite:
        raise OutputError("a new output", f"{job.output!r}, which exists", "Add --overwrite to replace it.")
