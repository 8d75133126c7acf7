"""`Report`: what was done to a clip, for people and for programs."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidinpaint.core.canvas import Source
from vidinpaint.core.errors import OutputError

SOURCE_WORDS = {
    Source.PROPAGATED: "propagated from other frames",
    Source.UNBLENDED: "un-blended",
    Source.SYNTHESISED: "synthesised",
    Source.UNFILLED: "left unfilled",
}


@dataclass(frozen=True)
class Report:
    """The result of one run. report.json has the same fields.

    clip, output       paths; empty for arrays
    version            of vidinpaint
    pipeline, config, runner   their names
    frames             in the output; width and height in pixels
    shots, windows     their number
    inpainted_pixels   number of inpainted pixels over all frames
    share              part of the inpainted pixels from each source, 0..1 (keys: names of `Source` in lower case)
    seconds            time per stage, summed over windows; stages overlap, so the sum may exceed total_seconds
    total_seconds      time of the run that completed the output
    notes              what was lost, converted or replaced by a fallback, one line each
    settings           resolved settings by stage
    checks             measurements of every inpainted window: the fields of `vidinpaint.checking.record.WindowCheck`;
                       windows_good, windows_suspect and windows_bad count the verdicts
    started            date and time in UTC
    command            the command line that started the program
    versions           of vidinpaint, Python and the libraries, by name
    source_sha256, output_sha256   of the files; empty for folders and arrays
    """

    clip: str
    output: str
    version: str
    pipeline: str
    config: str
    runner: str
    frames: int
    width: int
    height: int
    shots: int
    windows: int
    inpainted_pixels: int
    share: dict[str, float]
    seconds: dict[str, float]
    total_seconds: float
    notes: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    source_sha256: str = ""
    output_sha256: str = ""
    checks: tuple[dict[str, Any], ...] = ()
    windows_good: int = 0
    windows_suspect: int = 0
    windows_bad: int = 0
    started: str = ""
    command: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Fields by name, as in report.json."""
        return dataclasses.asdict(self)

    def summary(self) -> str:
        """A few lines of plain text: size and time, sources of the pixels, check, notes, output."""
        rate = self.frames / self.total_seconds if self.total_seconds else 0.0
        duration = f"{self.total_seconds:.1f} s ({rate:.1f} frames per second)"
        lines = [f"{self.frames} frames of {self.width} x {self.height} in {duration}"]
        if self.inpainted_pixels:
            shares = [
                f"{share:.0%} {words}"
                for source, words in SOURCE_WORDS.items()
                if (share := self.share.get(source.name.lower(), 0.0))
                or source in (Source.PROPAGATED, Source.SYNTHESISED)
            ]
            lines.append(f"inpaint: {', '.join(shares)} (of the pixels under the mask)")
        if self.checks:
            lines += [f"check: {self.verdicts()}", *self.findings("bad")]
        lines += [f"note: {note}" for note in self.notes]
        lines.append(f"result: {self.output}")
        return "\n".join(lines)

    def verdicts(self) -> str:
        """Numbers of windows by verdict, such as "12 windows checked, 11 good, 1 to look at"."""
        checked = len(self.checks)
        counts = (
            (self.windows_good, "good"),
            (self.windows_suspect, "slightly suspect"),
            (self.windows_bad, "to look at"),
        )
        verdicts = [f"{count} {verdict}" for count, verdict in counts if count]
        return ", ".join([f"{checked} {'window' if checked == 1 else 'windows'} checked", *verdicts])

    def findings(self, verdict: str) -> list[str]:
        """One line for each window with a verdict ("suspect", "bad"): its first and last frame, and the reasons."""
        return [
            f"frames {check['start']} to {check['stop'] - 1}: {'; '.join(check['reasons'])}"
            for check in self.checks
            if check["verdict"] == verdict
        ]


def shares(counts: dict[int, int]) -> dict[str, float]:
    """Counts of pixels by source, as parts of all inpainted pixels, 0..1."""
    inpainted = {source: counts.get(source, 0) for source in Source if source != Source.ORIGINAL}
    total = sum(inpainted.values())
    return {source.name.lower(): count / total if total else 0.0 for source, count in inpainted.items()}


def write_text(path: Path, text: str) -> None:
    """Write a small file in UTF-8; raises `OutputError` if that fails."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        actual = f"{error.strerror} at {str(path)!r}"
        raise OutputError("to write a file", actual, "Check the path, its permissions and the free space.") from error
