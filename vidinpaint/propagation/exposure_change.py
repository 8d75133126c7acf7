"""How the exposure changed between two frames: gain and offset of each channel, from what both show.

The frames are downscaled, aligned by flow and averaged over blocks, which reduces grain, remaining motion, and the blur
of moving cameras (which lowers contrast as an exposure would). A line is fitted to the pairs of colours; its slope is
the ratio of their spreads, since a plain regression is too flat where both values have noise. Things that changed on
their own are outliers (iteratively reweighted, Geman and McClure's weights).
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.numerics.laplace import push_pull

Motion = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Flow float32 (h, w, 2) from one grey picture uint8 (h, w) to another."""

SHRINK, MAX_SIDE = 4, 128  # downscaling factor at least, and longest side in pixels
KNOWN = 0.75  # known share of a small pixel above which it is known
BLOCK = 9  # small pixels per side of a block
STRIDE = 3  # small pixels between blocks
MAX_LEVEL = 0.98  # brighter pixels may be clipped and are left out
FLAT = 2 / 255  # spread of colours below which a gain cannot be measured: the change is an offset
MIN_PAIRS = 20  # pairs of colours that a measurement needs
MIN_SEEN = 0.1  # share of the known pixels that the pairs must cover
INLIER, MIN_INLIERS = 4 / 255, 0.5  # residual of an inlier, and share of the pairs that must be inliers
SAME, STILL = 1 / 255, 0.9  # no flow is estimated if, without it, more than this share has a residual below SAME
MAX_GAIN = 4.0  # a change with a gain above it, or below its inverse, is not valid
BLANK = 2 / 255  # spread of colours below which a picture is blank
MIN_SPREAD = 0.2 / 255  # added to both spreads in a ratio
BLANK_WEIGHT = 0.03  # any change fits a blank picture
EXACT = 0.3 / 255  # below this a difference is rounding
MIN_NOISE = 0.5 / 255  # least noise that pairs of colours are assumed to have
ROUNDS = 8  # of reweighting


@dataclass(frozen=True)
class Thumbnail:
    """A small frame.

    pixels  float32 (h, w, 3), interpolated smoothly under the masks
    known   bool (h, w)
    grey    uint8 (h, w), of even contrast
    """

    pixels: np.ndarray
    known: np.ndarray
    grey: np.ndarray

    @classmethod
    def of(cls, pixels: np.ndarray, share: np.ndarray) -> "Thumbnail":
        """From means over known pixels float32 (h, w, 3), and the known share of each small pixel, float32 (h, w)."""
        known = share > KNOWN
        if not known.all():
            pixels = push_pull(pixels, known)
        return cls(pixels, known, _even(pixels))

    @property
    def blank(self) -> bool:
        """Whether the known pixels show nothing, as in the black between two fades."""
        known = self.pixels[self.known]
        return len(known) == 0 or bool(known.std(0).max() < BLANK)


@dataclass(frozen=True)
class Change:
    """A change from one frame to another: pixel -> gain * pixel + offset.

    gain, offset  float64 (3,), per channel, for colours in [0, 1]
    mean          float64 (3,): mean of the colours that it was measured on
    weight        0 to 1, how much it counts among other changes
    evidence      how many times better it explains the second frame than no change does
    """

    gain: np.ndarray
    offset: np.ndarray
    mean: np.ndarray
    weight: float = 1.0
    evidence: float = 1.0

    @classmethod
    def none(cls, weight: float) -> "Change":
        """No change, with this weight."""
        return cls(np.ones(3), np.zeros(3), np.full(3, 0.5), weight)


def thumbnail_size(height: int, width: int) -> tuple[int, int]:
    """Width and height in pixels of the thumbnails of frames of height x width pixels."""
    shrink = max(SHRINK, -(-max(height, width) // MAX_SIDE))
    return max(1, width // shrink), max(1, height // shrink)


def change_between(first: Thumbnail, second: Thumbnail, motion: Motion) -> Change | None:
    """The change from `first` to `second`; None if they do not show enough in common."""
    if first.blank or second.blank:
        return _change_of_blank(first, second)
    still = np.zeros((*first.known.shape, 2), np.float32)
    change, residual = _measured(first, second, still)
    if not (residual < SAME).mean() > STILL:
        change, residual = _measured(first, second, motion(first.grey, second.grey))
    if change is None or (residual < INLIER).mean() < MIN_INLIERS:
        return None
    return change if change.gain.max() < MAX_GAIN and change.gain.min() > 1 / MAX_GAIN else None


def _change_of_blank(first: Thumbnail, second: Thumbnail) -> Change | None:
    """The change that gives a picture the mean and the contrast of another, if one of them is blank."""
    if not (first.known.any() and second.known.any()):
        return None
    one, other = (picture.pixels[picture.known].astype(np.float64) for picture in (first, second))
    gain = (other.std(0) + MIN_SPREAD) / (one.std(0) + MIN_SPREAD)
    shift = np.abs(other.mean(0) - one.mean(0)).max()
    return Change(gain, other.mean(0) - gain * one.mean(0), one.mean(0), BLANK_WEIGHT, max(1.0, shift / BLANK))


def _measured(first: Thumbnail, second: Thumbnail, flow: np.ndarray) -> tuple[Change | None, np.ndarray]:
    """The change measured along a flow, and the residual of each pair of colours (N,)."""
    pairs, covered = _pairs(first, second, flow)
    if len(pairs) < MIN_PAIRS or covered < MIN_SEEN:
        return None, np.ones(1)
    gain, offset, mean, residual = _line(pairs, np.median(pairs[:, 3:] - pairs[:, :3], axis=0))
    unchanged = np.median(np.abs(pairs[:, 3:] - pairs[:, :3]).max(1))
    return Change(gain, offset, mean, 1.0, float(unchanged / max(np.median(residual), EXACT))), residual


def _even(pixels: np.ndarray) -> np.ndarray:
    """Grey without its exposure, so that flow sees what moved, not what became brighter."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    centred = grey - grey.mean()
    spread = max(float(np.abs(centred).mean()), 0.02)
    return np.asarray(np.clip(128 + 40 / spread * centred, 0, 255).astype(np.uint8))


def _pairs(first: Thumbnail, second: Thumbnail, flow: np.ndarray) -> tuple[np.ndarray, float]:
    """Colours of both float64 (N, 6), averaged over blocks, and the share of the known pixels that they cover.

    Both are sampled half way along the flow: sampling lowers contrast, and must lower it equally in both.
    """
    first_pixels, first_known = _sampled(first, flow * np.float32(-0.5))
    second_pixels, second_known = _sampled(second, flow * np.float32(0.5))
    usable = first_known & second_known & (first_pixels.max(2) < MAX_LEVEL) & (second_pixels.max(2) < MAX_LEVEL)
    weight = usable.astype(np.float32)
    share = _averaged(weight)
    colours = np.dstack([_averaged(picture * weight[..., None]) for picture in (first_pixels, second_pixels)])
    enough = share > 0.5
    pairs = (colours[enough] / share[enough][:, None]).astype(np.float64)
    return pairs, float(usable.sum() / max(1, first.known.sum()))


def _sampled(thumbnail: Thumbnail, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The thumbnail's pixels at the ends of the flow, and whether they are known."""
    if not flow.any():
        return thumbnail.pixels, thumbnail.known
    height, width = thumbnail.known.shape
    x = np.arange(width, dtype=np.float32) + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    pixels = cv2.remap(thumbnail.pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    known = cv2.remap(thumbnail.known.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return pixels, known > 0.99


def _averaged(values: np.ndarray) -> np.ndarray:
    """Means over BLOCK x BLOCK, zero outside, at every STRIDE-th pixel."""
    return cv2.blur(values, (BLOCK, BLOCK), borderType=cv2.BORDER_CONSTANT)[::STRIDE, ::STRIDE]


def _line(pairs: np.ndarray, offset: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gain, offset, mean (3,) of b = gain a + offset over pairs (N, 6), and the residuals (N,)."""
    first, second = pairs[:, :3], pairs[:, 3:]
    gain, mean = np.ones(3), np.zeros(3)
    offset = offset.copy()
    for _ in range(ROUNDS):
        residual = second - gain * first - offset
        noise = np.maximum(1.4826 * np.median(np.abs(residual), axis=0), MIN_NOISE) ** 2
        weight = np.minimum(1 / (1 + residual**2 / (4 * noise)) ** 2, 1).min(1)
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
