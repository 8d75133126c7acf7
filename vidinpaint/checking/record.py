"""`WindowCheck` and `FrameCheck`: what was measured in an inpainted window, and the verdict on it.

All are plain values, so that `dataclasses.asdict` gives what report.json holds.
"""

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["good", "suspect", "bad"]
VERDICTS: tuple[Verdict, ...] = ("good", "suspect", "bad")
"""From best to worst."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The measures of one frame, or their means over several; None where there was nothing to measure.

    There is nothing to measure without a mask, without a next frame or without known pixels around the mask.

    warp_error_inside   mean absolute difference, in grey levels 0..255, between a frame and the next one along the
    warp_error_ring     motion; under the mask (inside), and on the known pixels around it (ring)
    flicker_inside      the same difference between pixels at the same position, without motion
    flicker_ring
    seam                brightness step across the mask's border divided by the steps next to it; 1 is no seam
    sharpness           fine detail inside divided by that of the ring; below 1 is softer, above 1 is harsher
    """

    warp_error_inside: float | None = None
    warp_error_ring: float | None = None
    flicker_inside: float | None = None
    flicker_ring: float | None = None
    seam: float | None = None
    sharpness: float | None = None


@dataclass(frozen=True)
class FrameCheck(Measures):
    """One frame; temporal measures compare it with the next one.

    index      counts from the clip's first frame
    inpainted  number of inpainted pixels
    shares     fraction of the inpainted pixels from each source, 0..1, by the name of the `Source` in lower case
    """

    index: int
    inpainted: int
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class WindowCheck(Measures):
    """One window, frames start:stop; measures are means over its frames, weighted by their inpainted pixels.

    inpainted           number of inpainted pixels
    reasons             short sentences; empty for a good window
    mostly_synthesised  whether no frame shows most of what was inpainted, so that it had to be synthesised
    score               0 or more, lower is better: decides between attempts; 1 or more is bad
    shares              as in `FrameCheck`
    attempt             name of the attempt whose result was taken; "requested" has the settings of the user
    attempts            names of all attempts, in order
    """

    window: int
    start: int
    stop: int
    inpainted: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    mostly_synthesised: bool = False
    score: float = 0.0
    shares: dict[str, float] = field(default_factory=dict)
    attempt: str = "requested"
    attempts: tuple[str, ...] = ("requested",)
    frames: tuple[FrameCheck, ...] = ()
