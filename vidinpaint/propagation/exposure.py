"""Exposure: frames of one window brought to one brightness and tint, and inpainted pixels back to their frame's own.

Automatic exposure, flickering lamps, flashes and fades change all pixels of a frame alike, channel by channel, by
a gain and an offset. Pixels propagated between such frames would show, and their flow would be wrong. So the change is
estimated between neighbouring frames and frames a few apart, the frames are levelled before anything is estimated on
them, and inpainted pixels are restored to the exposure of their frame.

Changes of light in only a part of the picture are left to `seams.py`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np

from vidinpaint.propagation.exposure_change import Change, Motion, Thumbnail, change_between

DISTANCES = (1, 3)
"""Frames between which changes are measured: neighbours, and far enough to see past a flash of two frames."""
MIN_EVIDENCE = 2.0
"""Evidence that at least one change needs. With changed exposure some pair had 7 or more; unchanged clips had at most
1.6, and levelling their drifts (vignettes, sunlight) lost 0.1 dB."""
STEADY, STEADY_OVER_ALL = 1.5 / 255, 6 / 255
"""Changes of the mean and the spread, in a frame and in all, below which no change of exposure is estimated."""
DEADBAND = 1.5 / 255  # a frame that differs less, in dark and in bright parts, is left exactly as it is
UNKNOWN_WEIGHT = 1e-3  # weight of "no change" where nothing can be measured
DISAGREEMENT = 0.01  # residual of a measured change at which its weight is a half
ROUNDS = 5  # of reweighting


@dataclass(frozen=True)
class Levels:
    """The gain and offset that bring every frame to a common exposure: levelled = gain * pixel + offset.

    gain, offset  float32 (T, 3), per channel; exactly 1 and 0 for frames that already have that exposure
    """

    gain: np.ndarray
    offset: np.ndarray

    def __post_init__(self) -> None:
        if self.gain.shape != self.offset.shape or self.gain.shape[1:] != (3,):
            raise ValueError(f"expected gain and offset (T, 3), found {self.gain.shape} and {self.offset.shape}")

    @classmethod
    def none(cls, T: int) -> "Levels":
        """The levels of T frames that all have the common exposure."""
        return cls(np.ones((T, 3), np.float32), np.zeros((T, 3), np.float32))

    def cut(self, frames: slice) -> "Levels":
        """The levels of these frames only."""
        return Levels(self.gain[frames], self.offset[frames])

    @property
    def changed(self) -> np.ndarray:
        """int64 (n,): indices of the frames that are changed."""
        return np.flatnonzero((self.gain != 1).any(1) | (self.offset != 0).any(1))

    def level(self, frames: np.ndarray) -> np.ndarray:
        """Frames float32 (T, H, W, 3) in the common exposure; the same array if no frame changes."""
        if not len(self.changed):
            return frames
        levelled = frames.copy()
        for t in self.changed:
            levelled[t] = frames[t] * self.gain[t] + self.offset[t]
        return levelled

    def restore(self, pixels: np.ndarray, inpainted: np.ndarray, frames: np.ndarray) -> np.ndarray:
        """Each frame in its own exposure: inpainted pixels (bool (T, H, W)) changed back, all others from frames."""
        if not len(self.changed):
            return pixels
        restored = pixels.copy()
        for t in self.changed:
            region = inpainted[t]
            restored[t] = frames[t]
            restored[t][region] = np.clip((pixels[t][region] - self.offset[t]) / self.gain[t], 0, 1)
        return restored


def match_exposure(small: Sequence[Thumbnail], motion: Motion) -> Levels:
    """Estimate the exposure of every frame from its known pixels; T thumbnails of consecutive frames.

    motion(first, second) gives flow float32 (h, w, 2) between two small grey pictures uint8 (h, w). The common exposure
    is that of a frame in the middle of all.
    """
    T = len(small)
    if _is_steady(small):
        return Levels.none(T)
    tones = _tones(small)
    changes: dict[tuple[int, int], Change | None] = {}
    levels = Levels.none(T)
    for distance in DISTANCES:
        pairs = [(first, first + distance) for first in range(T - distance)]
        with ThreadPoolExecutor(numba.get_num_threads()) as pool:
            found = pool.map(lambda pair: change_between(small[pair[0]], small[pair[1]], motion), pairs)
            changes.update(zip(pairs, found))
        levels = _to_reference(*_solve(T, changes), tones)
        if not len(levels.changed) and None not in changes.values():
            break  # neighbours do not differ: larger distances are not needed
    certain = any(change is not None and change.evidence >= MIN_EVIDENCE for change in changes.values())
    return levels if certain else Levels.none(T)


def _is_steady(small: Sequence[Thumbnail]) -> bool:
    """Whether mean and spread of the known pixels hardly change, from frame to frame and over all frames."""
    known = [thumbnail.pixels[thumbnail.known] for thumbnail in small]
    if min(map(len, known)) == 0:
        return False
    measured = np.array([(*pixels.mean(0), *pixels.std(0)) for pixels in known])
    steps = np.abs(np.diff(measured, axis=0))
    return bool(steps.max(initial=0) < STEADY and np.ptp(measured, axis=0).max() < STEADY_OVER_ALL)


def _to_reference(gain: np.ndarray, offset: np.ndarray, tones: np.ndarray) -> Levels:
    """Levels relative to the frame of median exposure; exactly 1 and 0 for frames that hardly differ from it."""
    dark, middle, bright = tones
    reference = np.argsort((gain * middle + offset).mean(1), kind="stable")[len(gain) // 2]
    gain, offset = gain / gain[reference], (offset - offset[reference]) / gain[reference]
    shift = np.maximum(*(np.abs(gain * tone + offset - tone).max(1) for tone in (dark, bright)))
    same = shift < DEADBAND
    gain[same], offset[same] = 1, 0
    return Levels(gain.astype(np.float32), offset.astype(np.float32))


def _tones(small: Sequence[Thumbnail]) -> np.ndarray:
    """float64 (3, 3): dark, middle and bright colours of all known pixels; grey if there are none."""
    known = np.concatenate([thumbnail.pixels[thumbnail.known] for thumbnail in small])
    return np.quantile(known, (0.1, 0.5, 0.9), axis=0) if len(known) else np.full((3, 3), 0.5)


def _solve(T: int, changes: dict[tuple[int, int], Change | None]) -> tuple[np.ndarray, np.ndarray]:
    """Gain and offset float64 (T, 3) that fit all measured changes best.

    With b = g a + o measured between frames s and t, gain_s a + offset_s = gain_t b + offset_t for all colours a:
    log gain_t - log gain_s = -log g; and offset_t - offset_s follows at the mean colour.
    """
    measured = [(s, t, change or Change.none(UNKNOWN_WEIGHT)) for (s, t), change in changes.items()]
    if not measured:
        return np.ones((T, 3)), np.zeros((T, 3))
    first, second = (np.array([entry[side] for entry in measured]) for side in (0, 1))
    g, o, mean, weight = (
        np.array([getattr(entry[2], name) for entry in measured]) for name in ("gain", "offset", "mean", "weight")
    )
    gain = np.exp(_potential(T, first, second, -np.log(g), weight))
    offset = _potential(T, first, second, gain[first] * mean - gain[second] * (g * mean + o), weight)
    return gain, offset


def _potential(T: int, first: np.ndarray, second: np.ndarray, step: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """float64 (T, 3): values whose differences second - first are the steps (N, 3), by reweighted least squares."""
    values = np.zeros((T, 3))
    for channel in range(3):
        weights = weight.copy()
        for _ in range(ROUNDS):
            normal, right_side = np.full((T, T), 1e-9), np.zeros(T)  # not 0: the mean is undetermined, and held at zero
            for frame, other, sign in ((first, second, -1), (second, first, 1)):
                np.add.at(normal, (frame, frame), weights)
                np.add.at(normal, (frame, other), -weights)
                np.add.at(right_side, frame, sign * weights * step[:, channel])
            values[:, channel] = np.linalg.solve(normal, right_side)
            residual = np.abs(values[second, channel] - values[first, channel] - step[:, channel])
            weights = weight / (1 + residual / DISAGREEMENT)
    return values
