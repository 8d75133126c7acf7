"""`estimate_mark`: the mark in a rough box of a clip, from a few of its frames, and its opacity in all of them."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.marks.estimation import Estimate, estimate
from vidinpaint.marks.opacity_over_time import Read, follow_opacity, opacity_factors, settled, steadied, told_by
from vidinpaint.marks.template import Template
from vidinpaint.numerics.morphology import bounding_box

MARGIN = 24
"""Pixels of background around the mask that help: at twice the distance its texture says little about the mark's."""
FRAMES = 64
"""Frames that are looked at, at most; more gain less than .2 dB."""
_VALUES = 2**24  # of all frames that are looked at: bounds the memory, at about eight times 64 MiB
_MIN_FRAMES = 8
_FADED = 0.7  # of the usual opacity: such frames are left out


@dataclass(frozen=True, eq=False)
class EstimatedMark:
    """A mark of a clip.

    estimate  template, support and confidence, of the size of what is read
    opacity   float32 (frames of the clip,): factor of the template's alpha, 0 where the mark is not there
    """

    estimate: Estimate
    opacity: np.ndarray

    @property
    def template(self) -> Template:
        return self.estimate.template

    @property
    def support(self) -> np.ndarray:
        return self.estimate.support

    @property
    def confidence(self) -> float:
        return self.estimate.confidence

    @property
    def box(self) -> Box | None:
        """The smallest box around the support, in pixels of what is read; None if no mark was found."""
        return bounding_box(self.support)


def estimate_mark(read: Read, mask: np.ndarray, shots: tuple[tuple[int, int], ...], length: int) -> EstimatedMark:
    """Estimate the mark in a rough box.

    read    read(frame numbers, increasing): float32 (n, h, w, 3), RGB in [0, 1], of the box with about `MARGIN` pixels
            of background around it
    mask    bool (h, w), True = may be changed by the mark
    shots   frame ranges without a cut, in order and without gaps
    length  frames of the clip

    At most `FRAMES` frames are read for the estimate, fewer of a large box, evenly from all shots. Frames in which the
    mark is faded or absent are left out of it.
    """
    count = int(np.clip(_VALUES // (3 * mask.size), _MIN_FRAMES, FRAMES))
    chosen = choose_frames(shots, length, count)
    shot_of = np.searchsorted([stop for _, stop in shots], chosen, side="right")
    frames = read(chosen)
    found = estimate(frames, mask, shot_of)
    if not found.layers:
        return EstimatedMark(found, np.zeros(length, np.float32))
    factors = settled(*steadied(np.array(chosen), *opacity_factors(frames, found.template, found.support)))
    full = factors > _FADED * float(np.median(factors[factors > np.median(factors) / 2]))
    if not full.all() and np.count_nonzero(full) >= min(_MIN_FRAMES, len(full)):
        found = estimate(frames[full], mask, shot_of[full])
        if not found.layers:
            return EstimatedMark(found, np.zeros(length, np.float32))
    known = told_by(chosen, frames, found.template, found.support)
    return EstimatedMark(found, follow_opacity(read, known, length, found.template, found.support))


def choose_frames(shots: tuple[tuple[int, int], ...], length: int, count: int) -> list[int]:
    """At most `count` frames, in order: one of each shot at least while that is possible, more of long shots."""
    if length <= count:
        return list(range(length))
    if len(shots) > count:  # every nth shot
        shots = tuple(shots[k] for k in np.linspace(0, len(shots) - 1, count).round().astype(int))
    left = count - len(shots)
    lengths = np.array([stop - start for start, stop in shots])
    numbers = np.minimum(1 + (left * lengths / lengths.sum()).astype(int), lengths)
    chosen: list[int] = []
    for (start, stop), number in zip(shots, numbers):
        ends = (start, stop - 1) if number > 1 else ((start + stop - 1) // 2,) * 2
        chosen += [int(frame) for frame in np.unique(np.linspace(*ends, number).round())]
    return chosen
