"""`assemble_report`: makes the `Report` about a clip from the records of its windows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from vidinpaint.checking.record import VERDICTS
from vidinpaint.core.presets import version
from vidinpaint.core.report import Report, shares
from vidinpaint.core.window import Plan
from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.jobs.job import Job
from vidinpaint.reporting.versions import command, versions


def assemble_report(
    job: Job, plan: Plan, records: Sequence[WindowRecord], seconds: Mapping[str, float], **facts: Any
) -> Report:
    """The report.

    records   records of all windows, in order; empty if the source was copied
    seconds   computing time of the stages that run once per clip
    facts     the other fields of the report
    """
    total: Counter[str] = Counter(dict(seconds))
    counts: Counter[int] = Counter()
    for record in records:
        total.update(record.seconds)
        counts.update({int(source): count for source, count in record.counts.items()})
    checks = tuple(dict(record.check) for record in records if record.check)
    return Report(
        clip=job.clip,
        output=job.output,
        version=version(),
        pipeline=job.pipeline,
        config=job.config,
        runner=job.runner,
        frames=len(plan),
        shots=len(plan.shots),
        windows=len(plan.windows),
        inpainted_pixels=sum(count for source, count in counts.items() if source),
        share=shares(dict(counts)),
        seconds={name: round(time, 3) for name, time in total.items()},
        checks=checks,
        command=command(),
        versions=versions(),
        **{f"windows_{verdict}": sum(check["verdict"] == verdict for check in checks) for verdict in VERDICTS},
        **facts,
    )
