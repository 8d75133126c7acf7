"""`Report`: what was done to a clip, for people and for programs."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidinpaint.core.canvas import Source
from vidinpaint.core.errors import OutputError


@dataclass(frozen=True)
class Report:
    """One run.

    frames    in the output; width and height in pixels
    share     part of the inpainted pixels from each source, 0..1 (keys: names of `Source` in lower case)
    inpainted_pixels   number of inpainted pixels over all frames
    seconds   time of every stage, summed over windows (stages overlap, so they may sum to more than total_seconds)
    notes     what was dropped, converted or fell back, a line each
    settings  resolved, by stage
    checks    what was measured in every inpainted window: the fields of `vidinpaint.checking.record.WindowCheck`;
              windows_good, windows_suspect and windows_bad count the verdicts
    started   date and time, UTC; command: how the program was started; versions: of the program and its libraries
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
        return dataclasses.asdict(self)

    def summary(self) -> str:
        """A few lines of plain text for the end of a run."""
        rate = self.frames / self.total_seconds if self.total_seconds else 0.0
        took = f"{self.total_seconds:.1f} s ({rate:.1f} frames per second)"
        lines = [f"{self.frames} frames of {self.width} x {self.height} in {took}"]
        if self.inpainted_pixels:
            propagated = self.share.get("propagated", 0.0)
            synthesised = self.share.get("synthesised", 0.0)
            lines.append(
                f"under the mask: {propagated:.0%} propagated from other frames, {synthesised:.0%} synthesised"
            )
        if self.checks:
            lines.append(f"automatic check: {self.verdicts()}")
            lines += [f"  look at {line}" for line in self.findings("bad")]
        lines += [f"note: {note}" for note in self.notes]
        lines.append(f"result: {self.output}")
        return "\n".join(lines)

    def verdicts(self) -> str:
        """How many windows were checked and what became of them; verdicts that no window has are left out."""
        checked = len(self.checks)
        counts = (
            (self.windows_good, "good"),
            (self.windows_suspect, "slightly suspect"),
            (self.windows_bad, "to look at"),
        )
        found = ", ".join(f"{count} {verdict}" for count, verdict in counts if count)
        return f"{checked} {'window' if checked == 1 else 'windows'} checked: {found}"

    def findings(self, verdict: str) -> list[str]:
        """A line for every window of a verdict ("suspect", "bad"): its first and last frame, and the reasons."""
        return [
            f"frames {check['start']} to {check['stop'] - 1}: {'; '.join(check['reasons'])}"
            for check in self.checks
            if check["verdict"] == verdict
        ]


def shares(counts: dict[int, int]) -> dict[str, float]:
    """Pixel counts by source as parts of what was inpainted."""
    inpainted = {source: counts.get(source, 0) for source in Source if source != Source.ORIGINAL}
    total = sum(inpainted.values())
    return {source.name.lower(): count / total if total else 0.0 for source, count in inpainted.items()}


def write_text(path: Path, text: str) -> None:
    """Write a small file; what goes wrong is an `OutputError`."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        actual = f"{error.strerror} at {str(path)!r}"
        raise OutputError("to write a file", actual, "Check the path, its rights and the free space.") from error
