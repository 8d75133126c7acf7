"""`DistributionEvaluation`: what was measured of a set of results against a set of true images, as text and as JSON."""

import dataclasses
from dataclasses import dataclass

TITLES = {
    "fid_lite0": "FID on EfficientNet-Lite0 features",
    "kid_lite0": "KID on EfficientNet-Lite0 features",
    "fid": "FID",
    "kid": "KID",
    "vfid": "VFID",
}
"""Titles of the figures, by field; the table shows those that were measured."""


@dataclass(frozen=True)
class DistributionEvaluation:
    """Distances between two sets of images or clips; all are better the lower they are. None: not measured.

    images_output  number of images, or of frames of all clips, in the output
    images_truth   the same of the truth
    clips_output   number of clips in the output; 0 for a folder of images
    clips_truth    the same of the truth
    fid_lite0      Frechet distance of EfficientNet-Lite0's features; not comparable with FID of publications
    kid_lite0      kernel distance of the same features; about 0 for sets of one distribution, also below
    fid            Frechet distance of the features of FID's own Inception network, as in publications
    kid            kernel distance of the same features
    vfid           Frechet distance of I3D's features of whole clips
    notes          one line for each figure that could not be measured or is biased, and what to do
    """

    images_output: int
    images_truth: int
    clips_output: int
    clips_truth: int
    fid_lite0: float | None = None
    kid_lite0: float | None = None
    fid: float | None = None
    kid: float | None = None
    vfid: float | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, float | list[str] | None]:
        """Fields by name; what could not be measured is null."""
        return {**dataclasses.asdict(self), "notes": list(self.notes)}

    def table(self) -> str:
        """Aligned lines of plain text, and the notes."""
        rows = [("", "output", "truth"), ("images", str(self.images_output), str(self.images_truth))]
        if self.clips_output or self.clips_truth:
            rows.append(("clips", str(self.clips_output), str(self.clips_truth)))
        for field, title in TITLES.items():
            value = getattr(self, field)
            if value is not None:
                rows.append((title, f"{value:.4f}", ""))
        width = max(len(name) for name, _, _ in rows)
        lines = [f"{name:<{width}}{output:>12}{truth:>10}".rstrip() for name, output, truth in rows]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])
