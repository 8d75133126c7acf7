"""How opaque a known mark is in each frame: fades, blinking, and whether it is there at all."""

from collections.abc import Callable, Sequence

import numpy as np

from vidinpaint.marks.prediction import predict
from vidinpaint.marks.template import Template
from vidinpaint.marks.unblending import NOISE

Read = Callable[[Sequence[int]], np.ndarray]
"""read(frame numbers, increasing): float32 (n, h, w, 3), RGB in [0, 1]"""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_EDGE = 0.02  # gradient of the mark's effect, of [0, 1], from which on a pixel belongs to its edges
_ROUNDS = 4  # of reweighting
_TUNING = 1.345  # Huber's constant, standard deviations: 95 % as efficient as least squares on Gaussian noise
_MAD = 1.4826  # standard deviation of Gaussian noise over its median absolute value
_MOST = 1.5  # factor: a mark in a clip is not much more opaque than in most of its frames
_FULL = 0.12  # factors this near to 1 are 1: texture makes such errors
_SURE = 3.0  # standard deviations from 1 that a factor is believed from
_ALIKE = 16.0  # gradients of texture that go together: a patch of 4 x 4
_ABSENT = 0.15  # smaller factors are 0
_CHANGE = 0.2  # of the factor between two frames that are looked at: the frames between are looked at, too
_FADE = 0.05  # of the factor, in a frame: a mark fades within about 20 frames
_NEAR = 6  # frames: those farther away tell nothing more
_BATCH = 2**23  # values of frames that are held at once, 32 MiB


def opacity_factors(frames: np.ndarray, template: Template, support: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The factor of the template's alpha in each frame, 0 (not there) to 1.5, and its deviation: float32 (T,) each.

    frames   float32 (T, h, w, 3): RGB in [0, 1], of the size of the template
    support  bool (h, w): the pixels that the mark may change; background is known around them

    Robust least squares on the gradients along the mark's edges: those of J - B = factor a (C - B), where B is
    interpolated smoothly. Gradients of the background are as often with the mark's as against them.
    """
    pairs = np.array([_factor(frame, template, support) for frame in frames], np.float32)
    return pairs[:, 0], pairs[:, 1]


def told_by(
    numbers: Sequence[int], frames: np.ndarray, template: Template, support: np.ndarray
) -> dict[int, tuple[float, float]]:
    """What `opacity_factors` tells of some frames: factor and deviation, by the numbers of the frames."""
    factors, deviations = opacity_factors(frames, template, support)
    return dict(zip(numbers, zip(factors.tolist(), deviations.tolist())))


def _factor(frame: np.ndarray, template: Template, support: np.ndarray) -> tuple[float, float]:
    expected = predict(frame[None], support)[0]
    effect = (template.alpha[..., None] * (template.colour - expected)) @ _LUMA
    found = (frame - expected) @ _LUMA
    slopes, observed = (np.concatenate([part.ravel() for part in np.gradient(field)]) for field in (effect, found))
    edges = np.abs(slopes) > _EDGE
    if not edges.any():
        return 1.0, float(_MOST)
    slopes, observed = slopes[edges], observed[edges]
    weights = np.ones_like(slopes)
    factor = 1.0
    for _ in range(_ROUNDS):
        factor = float(np.sum(weights * slopes * observed) / np.sum(weights * slopes**2))
        errors = np.abs(observed - factor * slopes)
        scale = _TUNING * _MAD * float(np.median(errors)) + 1e-6
        weights = np.minimum(1, scale / np.maximum(errors, 1e-6))
    sampling = np.mean(weights * errors**2) * _ALIKE / np.sum(weights * slopes**2)
    systematic = NOISE**2 / np.mean(effect[support] ** 2)
    deviation = np.sqrt(sampling + systematic)
    return float(np.clip(factor, 0, _MOST)), float(deviation)


def settled(factors: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """The factors with those that may well be 1 set to 1, and those near 0 set to 0."""
    clean = np.where(np.abs(factors - 1) < np.maximum(_FULL, _SURE * deviations), 1, factors)
    return np.where(clean < _ABSENT, 0, clean).astype(np.float32)


def steadied(frames: np.ndarray, factors: np.ndarray, deviations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The factors of some frames, given by their numbers, and their deviations, helped by those of frames nearby.

    The mean weighted by inverse variances, to which fades add with the time between: a frame that tells little, as one
    with a white mark over white, takes over what its neighbours tell.
    """
    apart = np.abs(frames[:, None] - frames[None])
    weights = 1 / (deviations[None] ** 2 + (_FADE * apart) ** 2)
    weights[apart > _NEAR] = 0
    total = weights.sum(axis=1)
    return (weights @ factors) / total, np.sqrt(1 / total)


def follow_opacity(
    read: Read, known: dict[int, tuple[float, float]], length: int, template: Template, support: np.ndarray
) -> np.ndarray:
    """float32 (length,): the factor in every frame, from a few frames and, where they differ, those between.

    read    reads frames
    known   the factors of some frames and their deviations, at least one
    length  frames of the clip

    Between frames that are looked at factors are interpolated; before the first and after the last one they stay.
    """
    known = dict(known)
    batch = max(1, _BATCH // template.colour.size)
    while True:
        at = np.array(sorted(known))
        factors, deviations = np.array([known[frame] for frame in at.tolist()]).T
        factors = settled(*steadied(at, factors, deviations))
        changes = (np.diff(at) > 1) & (np.abs(np.diff(factors)) > _CHANGE)
        between = ((at[1:] + at[:-1]) // 2)[changes].tolist()
        if not between:
            break
        for start in range(0, len(between), batch):
            part = between[start : start + batch]
            known.update(told_by(part, read(part), template, support))
    opacity: np.ndarray = np.interp(np.arange(length), at, factors).astype(np.float32)
    return opacity
