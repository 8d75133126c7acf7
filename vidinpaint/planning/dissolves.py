"""Finds dissolves: one scene changes gradually into another over 8 to 40 frames. Their middle separates two shots.

During a dissolve, each frame is a mixture of a frame before and a frame after it, whose share rises from 0 to 1, and
these two show different scenes. Frames of a moving camera are not such mixtures; without motion, both ends are alike.
On five real clips (1029 frames), mixtures explain at most 59 % of any range whose ends differ by 0.55 or more. Of 180
dissolves that were made from these clips, with content in motion, three quarters are found, nearly all within a quarter
of their length of the true middle; long dissolves with much motion are missed most often.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from vidinpaint.planning.difference import picture_difference, scaled_difference

SPANS = (10, 16, 26, 42)  # frames between the two ends that are compared
INTERVAL = 2  # frames between two ends that are tried
MIDDLE = 0.5
POSITIONS = (MIDDLE, 0.25, 0.75)  # in a span, where mixtures are tested
MIN_DIFFERENCE = 0.6  # picture difference of the two ends
MIN_HALF_DIFFERENCE = 0.4  # of the middle and one end; less is a camera that pans over something soft
MAX_UNEXPLAINED = 0.3  # share of a frame's contrast that the mixture does not explain
MIN_WEIGHT = 0.15  # of each end in the middle
MAX_SUM_ERROR = 0.3  # distance of the sum of both weights from 1; in a fade through black the sum is small
MAX_CORRELATION = 0.75  # of the two ends; above, they show the same
MIN_CONTRAST = 6.0  # grey levels of the ends; below, they do not determine a mixture
NOISE = 4.0  # grey levels squared that any frame has


@dataclass(frozen=True, order=True)
class Dissolve:
    """Between the frames start and stop, which are no mixtures; `middle` is the first with more of the second scene."""

    unexplained: float
    start: int
    stop: int
    middle: int


@dataclass(frozen=True)
class _CentredFrame:
    """grey float32 (h, w); `centred`: without its mean, flattened, float64; `power`: the mean square of that."""

    grey: np.ndarray
    centred: np.ndarray
    power: float

    @classmethod
    def of(cls, grey: np.ndarray) -> "_CentredFrame":
        centred = (grey - grey.mean()).ravel().astype(np.float64)
        return cls(grey, centred, float(np.mean(centred * centred)))

    def covariance(self, other: "_CentredFrame") -> float:
        return float(np.mean(self.centred * other.centred))


class DissolveDetector:
    """Takes small grey frames in order, float32 (h, w), and holds those of the longest span."""

    def __init__(self) -> None:
        self._recent: deque[_CentredFrame] = deque(maxlen=SPANS[-1] + 1)
        self._count = 0
        self._found: list[Dissolve] = []

    def feed(self, picture: np.ndarray) -> None:
        self._recent.append(_CentredFrame.of(picture))
        self._count += 1
        if self._count % INTERVAL:
            return
        for span in SPANS:
            if len(self._recent) > span:
                self._test_span(span)

    def dissolves(self) -> list[Dissolve]:
        """The dissolves so far, without overlap, the best explained first."""
        best: list[Dissolve] = []
        for dissolve in sorted(self._found):
            if all(dissolve.stop <= other.start or dissolve.start >= other.stop for other in best):
                best.append(dissolve)
        return best

    def _test_span(self, span: int) -> None:
        """Add a dissolve if the last `span` frames are one, from the first to the last of them."""
        offset = len(self._recent) - 1 - span
        first, last = self._recent[offset], self._recent[-1]
        power = (first.power * last.power) ** 0.5
        if min(first.power, last.power) < MIN_CONTRAST**2 or first.covariance(last) > MAX_CORRELATION * power:
            return
        worst = 0.0
        for position in POSITIONS:
            one, other, unexplained = _mixture(self._recent[offset + round(position * span)], first, last)
            worst = max(worst, unexplained)
            smallest = MIN_WEIGHT if position == MIDDLE else -MIN_WEIGHT
            if worst > MAX_UNEXPLAINED or min(one, other) < smallest or abs(one + other - 1) > MAX_SUM_ERROR:
                return
        if _difference(first, last) < MIN_DIFFERENCE:
            return
        half = self._recent[offset + span // 2]
        if max(_difference(first, half), _difference(half, last)) < MIN_HALF_DIFFERENCE:
            return
        start = self._count - 1 - span
        for middle in range(1, span):
            one, other, _ = _mixture(self._recent[offset + middle], first, last)
            if other > one:
                self._found.append(Dissolve(worst, start, start + span, start + middle))
                return


def _difference(one: _CentredFrame, other: _CentredFrame) -> float:
    """How much of one frame does not occur in the other, allowing for motion and another exposure."""
    return min(measure(one.grey, other.grey) for measure in (picture_difference, scaled_difference))


def _mixture(picture: _CentredFrame, first: _CentredFrame, last: _CentredFrame) -> tuple[float, float, float]:
    """The weights of two frames that explain a third best, and the share of its contrast that remains unexplained."""
    aa, bb, cc = first.power, last.power, picture.power
    ab, ac, bc = first.covariance(last), first.covariance(picture), last.covariance(picture)
    determinant = max(aa * bb - ab * ab, 1e-6)
    one, other = (ac * bb - bc * ab) / determinant, (bc * aa - ac * ab) / determinant
    return one, other, (cc - one * ac - other * bc) / (cc + NOISE)
