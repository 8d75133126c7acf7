"""The verdict on what was inpainted: which of its measures a viewer would notice, and how badly.

Every measure is a ratio of the inpainted area to the ring around it, and is held_out_metrics by its natural logarithm,
so that twice and half weigh the same. The limits come from benchmarks/check_thresholds.py: masks were imposed on real
clips and inpainted with the truth, which nobody can notice; a limit is where hardly any truth lies (docs/checking.md).
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log
from typing import NamedTuple

from vidinpaint.checking.measures import CHANGE_FLOOR
from vidinpaint.checking.record import VERDICTS, FrameCheck, Verdict, WindowCheck
from vidinpaint.core.window import Window

STRETCH = 10  # frames; the worst stretch of a window decides, for a fault of a few frames is noticed as well
EXCUSED = 0.99  # highest score of what was a choice; 1 is bad
NOTHING_SEEN = 0.5  # share synthesised from which a window counts as showing what no frame shows


class Means(NamedTuple):
    """The measures of several frames, see `vidinpaint.checking.record`."""

    warp_inside: float | None
    warp_ring: float | None
    flicker_inside: float | None
    flicker_ring: float | None
    seam: float | None
    sharpness: float | None


@dataclass(frozen=True)
class Fault:
    """One way to be noticed.

    amount    from the means of the measures, the logarithm of how far off they are; up to 0 is not at all
    suspect   ratio from which it is doubtful: 9 in 100 truths are, for any fault
    bad       ratio from which it is noticed: 1 in 100 truths is, for any fault
    sentence  says it, with the ratio as {}
    synthesised  whether inpainting softly where nothing was seen causes it: then it is a choice, and suspect at the
                 most
    """

    amount: Callable[[Means], float | None]
    suspect: float
    bad: float
    sentence: str
    synthesised: bool = False


def _between(one: str, other: str, sign: int) -> Callable[[Means], float | None]:
    def amount(means: Means) -> float | None:
        inside, ring = getattr(means, one), getattr(means, other)
        return None if inside is None or ring is None else sign * log((inside + CHANGE_FLOOR) / (ring + CHANGE_FLOOR))

    return amount


def _of(name: str, sign: int) -> Callable[[Means], float | None]:
    def amount(means: Means) -> float | None:
        ratio = getattr(means, name)
        return None if ratio is None else sign * log(ratio)

    return amount


FAULTS: Mapping[str, Fault] = {
    "seam": Fault(
        _of("seam", 1), 1.1, 1.2, "a seam shows: steps across the border are {:.2f} times those beside it"
    ),
    "unsteady": Fault(
        _between("warp_inside", "warp_ring", 1), 1.6, 2,
        "it boils: it changes {:.1f} times as much as its surroundings",
    ),
    "frozen": Fault(
        _between("flicker_inside", "flicker_ring", -1), 2.5, 3.5,
        "it stands still: its surroundings change {:.1f} times as much", synthesised=True,
    ),
    "soft": Fault(
        _of("sharpness", -1), 1.8, 3.5, "it is blurred: its surroundings are {:.1f} times as sharp", synthesised=True
    ),
    "harsh": Fault(_of("sharpness", 1), 1.8, 3.5, "it is harsh: {:.1f} times as sharp as its surroundings"),
}  # fmt: skip
"""What is looked for, in the order of the reasons given."""


@dataclass(frozen=True)
class CropCheck:
    """One crop of a window: its frames, its verdict, and the faults that led to it, as amount by name."""

    frames: tuple[FrameCheck, ...]
    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


def judge(frames: tuple[FrameCheck, ...], tolerance: float) -> CropCheck:
    """The verdict on one crop; `tolerance` multiplies the limits (their logarithms)."""
    shares = average_shares(frames)
    score, reasons = 0.0, list[str]()
    nothing_seen = shares.get("synthesised", 0.0) > NOTHING_SEEN
    for name, amount in amounts(frames).items():
        fault = FAULTS[name]
        worst = EXCUSED if fault.synthesised and nothing_seen else inf
        score = max(score, min(amount / (log(fault.bad) * tolerance), worst))
        if amount >= log(fault.suspect) * tolerance:
            reasons.append(fault.sentence.format(exp(amount)))
    if shares.get("unfilled"):
        score = max(score, 1.0) + shares["unfilled"]
        reasons.append(f"{shares['unfilled']:.0%} was left unpainted")
    verdict: Verdict = "bad" if score >= 1 else "suspect" if reasons else "good"
    return CropCheck(frames, verdict, score, tuple(reasons))


def amounts(frames: Sequence[FrameCheck]) -> dict[str, float]:
    """How far off each fault is where it is worst; a fault that could not be measured is left out."""
    parts = [average(frames[begin : begin + STRETCH]) for begin in range(0, len(frames), STRETCH)]
    found = {name: [fault.amount(means) for means in parts] for name, fault in FAULTS.items()}
    known = {name: [amount for amount in values if amount is not None] for name, values in found.items()}
    return {name: max(values) for name, values in known.items() if values}


def join(window: Window, crops: Sequence[CropCheck]) -> WindowCheck:
    """One record for a window; its verdict is that of its worst crop."""
    frames = tuple(_together(group) for group in _by_index(crops))
    shares = average_shares(frames)
    return WindowCheck(
        window=window.index,
        start=window.start,
        stop=window.stop,
        inpainted=sum(frame.inpainted for frame in frames),
        verdict=max((crop.verdict for crop in crops), key=VERDICTS.index, default="good"),
        reasons=tuple(dict.fromkeys(reason for crop in crops for reason in crop.reasons)),
        nothing_seen=shares.get("synthesised", 0.0) > NOTHING_SEEN,
        score=max((crop.score for crop in crops), default=0.0),
        **average(frames)._asdict(),
        shares=shares,
        frames=frames,
    )


def average(frames: Sequence[FrameCheck]) -> Means:
    """Means of the measures, weighted by what was inpainted; None where no frame has one."""

    def mean(name: str) -> float | None:
        values = [(getattr(frame, name), frame.inpainted) for frame in frames if getattr(frame, name) is not None]
        weight = sum(inpainted for _, inpainted in values)
        return sum(value * inpainted for value, inpainted in values) / weight if weight else None

    return Means(*map(mean, Means._fields))


def average_shares(frames: Sequence[FrameCheck]) -> dict[str, float]:
    total = sum(frame.inpainted for frame in frames)
    names = sorted({name for frame in frames for name in frame.shares})
    return {name: sum(frame.shares.get(name, 0.0) * frame.inpainted for frame in frames) / total for name in names}


def _by_index(crops: Sequence[CropCheck]) -> list[list[FrameCheck]]:
    groups: dict[int, list[FrameCheck]] = {}
    for crop in crops:
        for frame in crop.frames:
            groups.setdefault(frame.index, []).append(frame)
    return [groups[index] for index in sorted(groups)]


def _together(group: list[FrameCheck]) -> FrameCheck:
    """The same frame of several crops as one."""
    if len(group) == 1:
        return group[0]
    inpainted = sum(frame.inpainted for frame in group)
    return dataclasses.replace(group[0], inpainted=inpainted, **average(group)._asdict(), shares=average_shares(group))
