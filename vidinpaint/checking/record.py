"""`WindowCheck` and `FrameCheck`: what was measured in an inpainted window, and the verdict on it.

All are plain values, so that `dataclasses.asdict` gives what report.json holds. A measure is None where there was
nothing to measure it on (no mask, a single frame, no known pixels around).

    warp_error_inside, _ring      mean absolute difference, in grey levels 0..255, between a frame and the next one
                                  along the motion; under the mask, and on known pixels around it
    flicker_inside, flicker_ring  the same difference at the same place, without motion
    seam                          step across the mask's border, as a multiple of the steps beside it; 1 is no seam
    sharpness                     fine detail inside, as a multiple of the ring's; under 1 is softer, over 1 is harsher
    shares                        part of the inpainted pixels from each source, 0..1 (names of `Source` in lower case)
"""

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["good", "suspect", "bad"]
VERDICTS: tuple[Verdict, ...] = ("good", "suspect", "bad")
"""From best to worst."""


@dataclass(frozen=True)
class FrameCheck:
    """One frame; `index` counts from the clip's first, `inpainted` is in pixels. Temporal measures look to the next."""

    index: int
    inpainted: int
    warp_error_inside: float | None = None
    warp_error_ring: float | None = None
    flicker_inside: float | None = None
    flicker_ring: float | None = None
    seam: float | None = None
    sharpness: float | None = None
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class WindowCheck:
    """One window, frames start:stop; the measures are means over its inpainted frames, weighted by what was inpainted.

    reasons       short sentences; none for a good window
    mostly_synthesised  whether most of what was inpainted is shown by no frame, so that it had to be synthesised
    score         how bad, 0 and up; what decides between attempts, 1 and up is bad
    attempt       the configuration that was kept, "requested" being the one that was asked for
    attempts      all that were tried, in order
    """

    window: int
    start: int
    stop: int
    inpainted: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    mostly_synthesised: bool = False
    score: float = 0.0
    warp_error_inside: float | None = None
    warp_error_ring: float | None = None
    flicker_inside: float | None = None
    flicker_ring: float | None = None
    seam: float | None = None
    sharpness: float | None = None
    shares: dict[str, float] = field(default_factory=dict)
    attempt: str = "requested"
    attempts: tuple[str, ...] = ("requested",)
    frames: tuple[FrameCheck, ...] = ()
