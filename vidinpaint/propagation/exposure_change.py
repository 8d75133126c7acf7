"""How the exposure changed between two frames: gain and offset of each channel, from what both show.

The frames are compared small, what moved is put on its place by flow, and both are averaged over blocks: grain,
remains of motion, and the blur of moving cameras, which lowers contrast as an exposure would, then weigh little. A
line is laid through the pairs of colours; it takes the ratio of their spreads for its slope, since a plain regression
comes out too flat where the values have noise. Things that changed on their own are outliers (iteratively
reweighted, Geman and McClure's weights).
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.numerics.laplace import push_pull

Motion = Callable[[np.ndarray, np.ndarray], np.ndarray]

SHRINK, LONGEST = 4, 128  # times smaller, and more where a side would be longer than this
KNOWN = 0.75  # share of a small pixel
AVERAGED = 9  # small pixels a side
STRIDE = 3  # every third of them is looked at
BRIGHTEST = 0.98  # above this a pixel may be cut off, and says nothing
FLAT = 2 / 255  # spread of colours below which a gain cannot be told: the change is an offset
FEWEST = 20  # pairs of colours
INLIER, LEAST_INLIERS, LEAST_SEEN = 4 / 255, 0.5, 0.1  # what makes a change believable
SAME, STILL = 1 / 255, 0.9  # share of pairs that no motion explains as well as this: more exact than flow, and quicker
STRONGEST = 4.0  # gain
BLANK, FAINTEST = 2 / 255, 0.2 / 255  # spread of colours of a picture that shows nothing; least that is told from none
BLANK_WEIGHT = 0.03  # any change fits a blank picture
EXACT = 0.3 / 255  # below this a difference is rounding
NARROWEST = 0.5 / 255  # of the noise that pairs of colours are taken to have
ROUNDS = 8


@dataclass(frozen=True)
class Thumbnail:
    """A small frame.

    pixels  float32 (h, w, 3), masks inpainted smoothly
    known   bool (h, w)
    grey    uint8 (h, w), of even contrast
    """

    pixels: np.ndarray
    known: np.ndarray
    grey: np.ndarray

    @classmethod
    def of(cls, pixels: np.ndarray, share: np.ndarray) -> "Thumbnail":
        """From means of what is known float32 (h, w, 3), and the share of each pixel that is, float32 (h, w)."""
        known = share > KNOWN
        if not known.all():
            pixels = push_pull(pixels, known)
        return cls(pixels, known, _even(pixels))

    @property
    def blank(self) -> bool:
        """Whether what is known shows nothing at all, as in the black between two fades."""
        known = self.pixels[self.known]
        return len(known) == 0 or bool(known.std(0).max() < BLANK)


@dataclass(frozen=True)
class Change:
    """From one frame to another: pixel -> gain * pixel + offset.

    mean      of the colours it was measured on; all three (3,)
    weight    0 to 1, how much it counts among others
    evidence  how many times better it explains the second frame than no change does
    """

    gain: np.ndarray
    offset: np.ndarray
    mean: np.ndarray
    weight: float = 1.0
    evidence: float = 1.0

    @classmethod
    def none(cls, weight: float) -> "Change":
        return cls(np.ones(3), np.zeros(3), np.full(3, 0.5), weight)


def thumbnail_size(height: int, width: int) -> tuple[int, int]:
    """Width and height of the thumbnails of such frames."""
    shrink = max(SHRINK, -(-max(height, width) // LONGEST))
    return max(1, width // shrink), max(1, height // shrink)


def change_between(first: Thumbnail, second: Thumbnail, motion: Motion) -> Change | None:
    """The change from `first` to `second`; None where they do not show enough of the same."""
    if first.blank or second.blank:
        return _to_or_from_nothing(first, second)
    still = np.zeros((*first.known.shape, 2), np.float32)
    change, missed = _measured(first, second, still)
    if not (missed < SAME).mean() > STILL:
        change, missed = _measured(first, second, motion(first.grey, second.grey))
    if change is None or (missed < INLIER).mean() < LEAST_INLIERS:
        return None
    return change if change.gain.max() < STRONGEST and change.gain.min() > 1 / STRONGEST else None


def _to_or_from_nothing(first: Thumbnail, second: Thumbnail) -> Change | None:
    """The change that gives a picture the mean and the contrast of another, where one of them shows nothing."""
    if not (first.known.any() and second.known.any()):
        return None
    one, other = (picture.pixels[picture.known].astype(np.float64) for picture in (first, second))
    gain = (other.std(0) + FAINTEST) / (one.std(0) + FAINTEST)
    shift = np.abs(other.mean(0) - one.mean(0)).max()
    return Change(gain, other.mean(0) - gain * one.mean(0), one.mean(0), BLANK_WEIGHT, max(1.0, shift / BLANK))


def _measured(first: Thumbnail, second: Thumbnail, flow: np.ndarray) -> tuple[Change | None, np.ndarray]:
    """The change seen along a flow, and how far each pair of colours (N,) is from it."""
    pairs, seen = _pairs(first, second, flow)
    if len(pairs) < FEWEST or seen < LEAST_SEEN:
        return None, np.ones(1)
    gain, offset, mean, missed = _line(pairs, np.median(pairs[:, 3:] - pairs[:, :3], axis=0))
    unchanged = np.median(np.abs(pairs[:, 3:] - pairs[:, :3]).max(1))
    return Change(gain, offset, mean, 1.0, float(unchanged / max(np.median(missed), EXACT))), missed


def _even(pixels: np.ndarray) -> np.ndarray:
    """Grey without its exposure, so that flow sees what moved, not what became brighter."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    centred = grey - grey.mean()
    spread = max(float(np.abs(centred).mean()), 0.02)
    return np.asarray(np.clip(128 + 40 / spread * centred, 0, 255).astype(np.uint8))


def _pairs(first: Thumbnail, second: Thumbnail, flow: np.ndarray) -> tuple[np.ndarray, float]:
    """Colours of both float64 (N, 6), averaged over blocks, and the share of what is known that they stand for.

    Both are sampled half way along the flow: sampling takes contrast, and has to take the same from both.
    """
    here, here_known = _sampled(first, flow * np.float32(-0.5))
    there, there_known = _sampled(second, flow * np.float32(0.5))
    usable = here_known & there_known & (here.max(2) < BRIGHTEST) & (there.max(2) < BRIGHTEST)
    weight = usable.astype(np.float32)
    share = _averaged(weight)
    colours = np.dstack([_averaged(picture * weight[..., None]) for picture in (here, there)])
    enough = share > 0.5
    pairs = (colours[enough] / share[enough][:, None]).astype(np.float64)
    return pairs, float(usable.sum() / max(1, first.known.sum()))


def _sampled(thumbnail: Thumbnail, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Its pixels at the ends of the flow, and whether they are known."""
    if not flow.any():
        return thumbnail.pixels, thumbnail.known
    height, width = thumbnail.known.shape
    x = np.arange(width, dtype=np.float32) + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    pixels = cv2.remap(thumbnail.pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    known = cv2.remap(thumbnail.known.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return pixels, known > 0.99


def _averaged(values: np.ndarray) -> np.ndarray:
    """Means over AVERAGED x AVERAGED, zero outside, at every STRIDE-th pixel."""
    return cv2.blur(values, (AVERAGED, AVERAGED), borderType=cv2.BORDER_CONSTANT)[::STRIDE, ::STRIDE]


def _line(pairs: np.ndarray, offset: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gain, offset, mean (3,) of b = gain a + offset over pairs (N, 6), and how far each (N,) is from it."""
    first, second = pairs[:, :3], pairs[:, 3:]
    gain, mean = np.ones(3), np.zeros(3)
    offset = offset.copy()
    for _ in range(ROUNDS):
        missed = second - gain * first - offset
        noise = np.maximum(1.4826 * np.median(np.abs(missed), axis=0), NARROWEST) ** 2
        weight = np.minimum(1 / (1 + missed**2 / (4 * noise)) ** 2, 1).min(1)
        share = (weight / _sum(0, weight))[:, None]
        mean, other = _sum(0, share * first), _sum(0, share * second)
        spread = _sum(FLAT * FLAT, share * (first - mean) ** 2), _sum(FLAT * FLAT, share * (second - other) ** 2)
        gain = np.sqrt(spread[1] / spread[0])
        offset = other - gain * mean
    return gain, offset, mean, np.abs(second - gain * first - offset).max(1)


def _sum(start: float, values: np.ndarray) -> np.ndarray:
    """Over the first axis, one after the other: the same sum on every machine."""
    first = np.full((1, *values.shape[1:]), start, values.dtype)
    return np.asarray(np.cumsum(np.concatenate([first, values]), axis=0)[-1])
