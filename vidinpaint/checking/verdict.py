"""The verdict on what was inpainted: which of its measures a viewer would notice, and how badly.

Every measure is a ratio of the inpainted area to the ring around it, and is judged by its natural logarithm, so that
twice and half weigh the same. The limits come from benchmarks/check_thresholds.py: masks were imposed on real clips and
inpainted with the truth, which nobody can notice; hardly any of these crops exceeds a limit (docs/checking.md).
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log

from vidinpaint.checking.measures import CHANGE_FLOOR
from vidinpaint.checking.record import VERDICTS, FrameCheck, Measures, Verdict, WindowCheck
from vidinpaint.core.window import Window

STRETCH_FRAMES = 10  # the worst stretch of so many frames decides, because a fault of a few frames is noticed as well
MAX_EXCUSED_SCORE = 0.99  # highest score of an excused fault; 1 is bad
MOSTLY = 0.5  # fraction of synthesised pixels above which a window counts as mostly synthesised
MEASURE_NAMES = tuple(field.name for field in dataclasses.fields(Measures))


@dataclass(frozen=True)
class Fault:
    """One way in which inpainting is noticed.

    log_ratio  from the measures to the logarithm of how far off they are; 0 or less is no fault
    suspect    ratio from which a crop is suspect; all faults together find 9 of 100 crops suspect that hold the truth
    bad        ratio from which a crop is bad; all faults together find 1 of 100 crops bad that hold the truth
    sentence   describes the fault, with the ratio as {}
    excused    whether soft synthesis of what no frame shows causes it on purpose: then a crop that is mostly
               synthesised is suspect at most
    """

    log_ratio: Callable[[Measures], float | None]
    suspect: float
    bad: float
    sentence: str
    excused: bool = False


def _inside_to_ring(measure: str, sign: int) -> Callable[[Measures], float | None]:
    def log_ratio(measures: Measures) -> float | None:
        inside, ring = getattr(measures, f"{measure}_inside"), getattr(measures, f"{measure}_ring")
        return None if inside is None or ring is None else sign * log((inside + CHANGE_FLOOR) / (ring + CHANGE_FLOOR))

    return log_ratio


def _of(measure: str, sign: int) -> Callable[[Measures], float | None]:
    def log_ratio(measures: Measures) -> float | None:
        ratio = getattr(measures, measure)
        return None if ratio is None else sign * log(ratio)

    return log_ratio


FAULTS: Mapping[str, Fault] = {
    "seam": Fault(
        _of("seam", 1), 1.1, 1.2,
        "a seam is visible: brightness steps across the mask's border are {:.2f} times as large as those next to it",
    ),
    "unsteady": Fault(
        _inside_to_ring("warp_error", 1), 1.6, 2,
        "the result flickers: it changes {:.1f} times as much from frame to frame as its surroundings",
    ),
    "frozen": Fault(
        _inside_to_ring("flicker", -1), 2.5, 3.5,
        "the result is frozen: its surroundings change {:.1f} times as much from frame to frame", excused=True,
    ),
    "soft": Fault(
        _of("sharpness", -1), 1.8, 3.5,
        "the result is blurred: its surroundings are {:.1f} times as sharp", excused=True,
    ),
    "harsh": Fault(
        _of("sharpness", 1), 1.8, 3.5, "the result is too sharp: it is {:.1f} times as sharp as its surroundings"
    ),
}  # fmt: skip
"""Every fault by its name, in the order of the reasons given."""


@dataclass(frozen=True)
class CropCheck:
    """One crop of a window: its frames with something inpainted, its verdict, its score and the reasons in words."""

    frames: tuple[FrameCheck, ...]
    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


def judge(frames: tuple[FrameCheck, ...], tolerance: float) -> CropCheck:
    """The verdict on one crop; `tolerance` multiplies the logarithms of the limits, 1 leaves them as they are."""
    shares = average_shares(frames)
    score, reasons = 0.0, list[str]()
    for name, log_ratio in log_ratios(frames).items():
        fault = FAULTS[name]
        max_score = MAX_EXCUSED_SCORE if fault.excused and _mostly_synthesised(shares) else inf
        score = max(score, min(log_ratio / (log(fault.bad) * tolerance), max_score))
        if log_ratio >= log(fault.suspect) * tolerance:
            reasons.append(fault.sentence.format(exp(log_ratio)))
    if shares.get("unfilled"):
        score = max(score, 1.0) + shares["unfilled"]
        reasons.append(f"{shares['unfilled']:.0%} of the masked pixels were not inpainted")
    verdict: Verdict = "bad" if score >= 1 else "suspect" if reasons else "good"
    return CropCheck(frames, verdict, score, tuple(reasons))


def log_ratios(frames: Sequence[FrameCheck]) -> dict[str, float]:
    """The log ratio of each fault, by name, in its worst stretch of frames; without faults that were not measured."""
    starts = range(0, len(frames), STRETCH_FRAMES)
    stretches = [average(frames[start : start + STRETCH_FRAMES]) for start in starts]
    found = {name: [fault.log_ratio(measures) for measures in stretches] for name, fault in FAULTS.items()}
    measured = {name: [value for value in values if value is not None] for name, values in found.items()}
    return {name: max(values) for name, values in measured.items() if values}


def join_crops(window: Window, crops: Sequence[CropCheck]) -> WindowCheck:
    """The check of a window from those of its crops; its verdict and score are those of the worst crop."""
    frames = tuple(_join_frame(group) for group in _by_index(crops))
    shares = average_shares(frames)
    return WindowCheck(
        window=window.index,
        start=window.start,
        stop=window.stop,
        inpainted=sum(frame.inpainted for frame in frames),
        verdict=max((crop.verdict for crop in crops), key=VERDICTS.index, default="good"),
        reasons=tuple(dict.fromkeys(reason for crop in crops for reason in crop.reasons)),
        mostly_synthesised=_mostly_synthesised(shares),
        score=max((crop.score for crop in crops), default=0.0),
        **dataclasses.asdict(average(frames)),
        shares=shares,
        frames=frames,
    )


def average(frames: Sequence[FrameCheck]) -> Measures:
    """Means of the measures, weighted by the number of inpainted pixels; None where no frame has one."""

    def mean(name: str) -> float | None:
        values = [(getattr(frame, name), frame.inpainted) for frame in frames if getattr(frame, name) is not None]
        weight = sum(inpainted for _, inpainted in values)
        return sum(value * inpainted for value, inpainted in values) / weight if weight else None

    return Measures(**{name: mean(name) for name in MEASURE_NAMES})


def average_shares(frames: Sequence[FrameCheck]) -> dict[str, float]:
    """Fraction of the inpainted pixels of all frames from each source, 0..1, by name."""
    total = sum(frame.inpainted for frame in frames)
    names = sorted({name for frame in frames for name in frame.shares})
    return {name: sum(frame.shares.get(name, 0.0) * frame.inpainted for frame in frames) / total for name in names}


def _mostly_synthesised(shares: Mapping[str, float]) -> bool:
    return shares.get("synthesised", 0.0) > MOSTLY


def _by_index(crops: Sequence[CropCheck]) -> list[list[FrameCheck]]:
    groups: dict[int, list[FrameCheck]] = {}
    for crop in crops:
        for frame in crop.frames:
            groups.setdefault(frame.index, []).append(frame)
    return [groups[index] for index in sorted(groups)]


def _join_frame(group: list[FrameCheck]) -> FrameCheck:
    """The checks of one frame in several crops as one."""
    if len(group) == 1:
        return group[0]
    inpainted = sum(frame.inpainted for frame in group)
    measures = dataclasses.asdict(average(group))
    return dataclasses.replace(group[0], inpainted=inpainted, shares=average_shares(group), **measures)
