"""`ClipIdentity`: fingerprints of everything that the plan and the result of one clip are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vidinpaint.core.graph import PHASES, Graph
from vidinpaint.core.window import Box
from vidinpaint.execution.checkpoints.fingerprint import array_content, content_of, fingerprint, program, stages_of
from vidinpaint.execution.jobs.completion_record import CompletionRecord
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.storage.places import stamp
from vidinpaint.masks.sources.interface import MaskSource
from vidinpaint.masks.specs import MaskSpec

_PLAN_VERSION = 1


@dataclass(frozen=True)
class ClipIdentity:
    """source: stamp and sha256 of the clip's file; plan, result: fingerprints. All are empty if nothing is kept."""

    source: dict[str, str]
    plan: str = ""
    result: str = ""


NOT_KEPT = ClipIdentity({"stamp": "", "sha256": ""})


def identify(job: Job, graph: Graph, specs: Sequence[MaskSpec], clip: Path, written: dict[str, Any]) -> ClipIdentity:
    """The identity of a job; the content of the clip is read only if its stamp differs from the stored ones.

    written   what the segment store holds about the clip
    """
    record = CompletionRecord.read(job.record) if job.record else None
    now = stamp(job.clip)[1]
    before = [source for source in (written.get("source"), record and record.source) if source]
    known = [source["sha256"] for source in before if source.get("stamp") == now]
    source = {"stamp": now, "sha256": known[0] if known else content_of(clip)}
    masks = [_mask_content(spec) for spec in specs]
    made_from = [source["sha256"], masks, str(job.start), str(job.end), str(job.rate), program()]
    own_file = Path(job.pipeline_file)
    return ClipIdentity(
        source,
        plan=fingerprint(_PLAN_VERSION, made_from, job.strict, stages_of(graph, ["plan"])),
        result=fingerprint(
            made_from,
            stages_of(graph, PHASES),
            [content_of(own_file)] if own_file.suffix == ".py" else [],
            Path(job.output).suffix.lower(),
        ),
    )


def _mask_content(spec: MaskSpec) -> str:
    """Hash of what a mask marks, and of its time range."""
    source = spec.source
    if isinstance(source, Box):
        content = fingerprint(source.x, source.y, source.width, source.height)
    elif isinstance(source, MaskSource):
        content = fingerprint(f"{type(source).__module__}.{type(source).__qualname__}", vars(source))
    elif isinstance(source, Path):
        try:
            content = content_of(source)
        except OSError:
            content = ""  # opening the mask raises an error that names the problem
    else:
        content = array_content(source)
    return fingerprint(content, spec.start, spec.stop)
