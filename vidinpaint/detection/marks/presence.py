"""When a mark is there: how much of its gradient each frame holds, and the frames from which to which it is seen."""

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.marks.sampling import Samples, reduced
from vidinpaint.detection.marks.statistics import Gradients, gradient

PRESENT = 0.5  # share of the mark's gradient
GONE = 0.25  # share of the mark's gradient
FADING = 0.12  # share of the mark's gradient; a fade is followed down to this, if the noise allows
GAP = 3  # samples; a shorter absence is noise
MIN_SAMPLES = 5  # of a range that shows the mark
COMPRESSION = 4.0  # squared grey levels per pixel: error of a gradient where nothing moves
STEADY = 4.0  # grey levels of standard deviation over time, of the inside of an opaque mark
ALIKE = 8.0  # grey levels by which an opaque mark differs from itself at most
MIN_ALIKE = 0.85  # share of the steady pixels


class Pattern:
    """The mean gradient of a mark, in a box in pixels of the samples.

    edges  bool (box.height, box.width): where its gradient is looked for
    """

    def __init__(self, box: Box, gradients: Gradients, edges: np.ndarray) -> None:
        self.box = box
        mean = gradients.mean[:, *box.slices]
        rest = np.maximum(gradients.energy[box.slices] - np.square(mean).sum(0), 0)  # of the picture below
        self._weighted = mean * (edges / (rest + COMPRESSION))
        self._norm = float((self._weighted * mean).sum())

    def share(self, grey: np.ndarray) -> float:
        """How much of the mark a frame of the size of the samples holds: about 1 if it is there, about 0 if not."""
        height, width = grey.shape
        wide = self.box.expanded(1, 1, width, height)  # so that the gradient at the border of the box is exact
        inner = gradient(grey[wide.slices])[:, self.box.y - wide.y :, self.box.x - wide.x :]
        return float((self._weighted * inner[:, : self.box.height, : self.box.width]).sum()) / self._norm


def shares_of(samples: Samples, pattern: Pattern, edges: np.ndarray) -> np.ndarray:
    """float (N,): how much of a mark each sample holds.

    An opaque mark whose colour is that of the picture below it loses its gradient without being gone: its own pixels
    still tell, which keep their value in all frames that show it.
    """
    shares = np.array([pattern.share(grey) for grey in samples.grey])
    pixels = samples.grey[:, *pattern.box.slices][:, edges].astype(np.float32)
    shown = pixels[shares > PRESENT]
    if len(shown) < MIN_SAMPLES:
        return shares
    steady = shown.std(0) < STEADY
    if steady.mean() > 0.1:
        alike = (np.abs(pixels[:, steady] - shown[:, steady].mean(0)) < ALIKE).mean(1) > MIN_ALIKE
        shares[alike] = np.maximum(shares[alike], 1)
    return shares


def present_samples(shares: np.ndarray) -> list[tuple[int, int]]:
    """Ranges start:stop of samples that show the mark, without gaps and moments that are too short to be real."""
    smooth = _median(shares)
    joined: list[tuple[int, int]] = []
    for start, stop in _runs(smooth > PRESENT):
        if joined and (start - joined[-1][1] <= GAP or np.median(smooth[joined[-1][1] : start]) > GONE):
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return [(start, stop) for start, stop in joined if stop - start >= MIN_SAMPLES]


def exact_frames(
    footage: Footage, samples: Samples, pattern: Pattern, shares: np.ndarray, found: tuple[int, int]
) -> tuple[int, int]:
    """The frames start:stop between which a mark is seen that the samples found[0]:found[1] show."""
    outside = np.ones(len(shares), bool)
    outside[max(0, found[0] - GAP) : found[1] + GAP] = False
    away = shares[outside & (np.abs(shares) < PRESENT)]
    noise = float(np.std(away)) if away.size > MIN_SAMPLES else FADING
    level = min(PRESENT, max(FADING, 3 * noise))
    start = _last_frame(footage, samples, pattern, shares, found[0], -1, level)
    stop = _last_frame(footage, samples, pattern, shares, found[1] - 1, 1, level)
    return start, stop + 1


def _last_frame(
    footage: Footage, samples: Samples, pattern: Pattern, shares: np.ndarray, index: int, step: int, level: float
) -> int:
    """The last frame that shows the mark, from the sample `index` in the direction of `step`."""
    while 0 <= index + step < len(shares) and shares[index + step] > level:
        index += step
    frame = int(samples.frames[index])
    if not 0 <= index + step < len(shares):
        return frame  # the first and the last frame are samples
    for other in range(frame + step, int(samples.frames[index + step]), step):
        if pattern.share(reduced(footage.grey(other, other + 1)[0], samples.factor)) <= level:
            break
        frame = other
    return frame


def _median(values: np.ndarray) -> np.ndarray:
    """The median of each value and its two neighbours."""
    padded = np.pad(values, 1, "edge")
    return np.asarray(np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0))


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2])]
