"""The `Report` about a clip, put together from what is known of its windows, whoever painted them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from vidinpaint.checking.record import VERDICTS
from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.runners.window_run import Run
from vidinpaint.report import Report, shares


@dataclass(frozen=True)
class Outcome:
    """What all windows of a clip add up to: seconds by stage, painted pixels by source, checks in order."""

    seconds: Mapping[str, float]
    counts: Mapping[int, int]
    checks: Sequence[Mapping[str, Any]]

    @classmethod
    def of_run(cls, run: Run) -> "Outcome":
        """Of a run that kept the facts of its windows."""
        facts = [run.facts[index] for index in sorted(run.facts)]
        seconds: Counter[str] = Counter(run.seconds)
        counts: Counter[int] = Counter()
        for one in facts:
            seconds.update(one.seconds)
            counts.update(one.counts)
        return cls(seconds, counts, [asdict(one.check) for one in facts if one.check])

    @classmethod
    def of_records(cls, records: Sequence[WindowRecord], seconds: Mapping[str, float]) -> "Outcome":
        """Of committed windows, in order, and the seconds of what runs once a clip."""
        total: Counter[str] = Counter(dict(seconds))
        counts: Counter[int] = Counter()
        for record in records:
            total.update(record.seconds)
            counts.update({int(source): count for source, count in record.counts.items()})
        return cls(total, counts, [record.check for record in records if record.check])

    def report(self, **facts: Any) -> Report:
        """The report, with the other facts of the run."""
        verdicts = {f"windows_{verdict}": sum(one["verdict"] == verdict for one in self.checks) for verdict in VERDICTS}
        return Report(
            painted=sum(count for source, count in self.counts.items() if source),
            share=shares(dict(self.counts)),
            seconds={name: round(seconds, 3) for name, seconds in self.seconds.items()},
            checks=tuple(dict(check) for check in self.checks),
            **verdicts,
            **facts,
        )
