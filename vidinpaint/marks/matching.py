"""`match`: where in a clip a known mark is, and at which scale; `placed`: the template there.

The mean gradient over the frames of a shot shows the edges of what stays at its place. It is compared with the gradient
of the template over a grey background, at all positions and several scales, by normalised cross-correlation.
"""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.window import Box
from vidinpaint.marks.template import Template

SCALES = tuple(1.06**k for k in range(-12, 13))
"""Scales that are tried, one half to twice: a mark of 150 pixels shifts by 4 between two of them, half a stroke."""
MIN_SCORE = 0.41
"""Correlation from which on a mark is found: it was .47 to .93 with marks of alpha .3 and .5 on ten clips, and at most
.35 on the same clips without."""
_GREY = 0.45  # what lies under the mark, in the mean
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_COARSE = 160  # pixels: larger templates are halved for the search over all positions
_CANDIDATES = 3  # scales that are refined
_STEPS = ((1.0, 0.02), (0.5, 0.01), (0.25, 0.005), (0.12, 0.002))  # pixels, scale: of the refinement
_AS_GOOD = 0.02  # difference of scores at which the scale 1 and whole pixels are taken: they are most frequent
_MIN_SIDE = 6  # pixels of a template that can be recognised
_STRONG = 0.06  # gradients of the mean frame are cut here: one strong edge of the background must not decide


@dataclass(frozen=True)
class Match:
    """A template's place: its upper left corner at (x, y), which need not be whole pixels, `scale` times as large.

    score  correlation of gradients, up to 1
    """

    x: float
    y: float
    scale: float
    score: float


def mean_gradients(frames: np.ndarray) -> np.ndarray:
    """float32 (H, W, 2): horizontal and vertical gradient of the mean luma, the strongest ones limited.

    frames  float32 (T, H, W, 3), RGB in [0, 1], of one shot
    """
    gradients: np.ndarray = np.clip(_gradients(frames.mean(axis=0) @ _LUMA), -_STRONG, _STRONG)
    return gradients


def match(template: Template, frames: np.ndarray, scales: tuple[float, ...] = SCALES) -> Match:
    """Find a mark in the frames of a shot.

    template  of the mark alone, without much transparency around it
    frames    float32 (T, H, W, 3), RGB in [0, 1]; about eight, as different as the shot has them
    scales    of the clip's mark against the template. Default: `SCALES`

    Raises `MaskError` if it is not there.
    """
    found = search(template, mean_gradients(frames), scales)
    if found is None or found.score < MIN_SCORE:
        score = 0 if found is None else found.score
        raise MaskError(
            "the mark of the template in the clip",
            f"nothing that looks like it (the best place has a likeness of {score:.2f} of 1, {MIN_SCORE} is needed)",
            "Give the template of this clip's mark, or make one with `vidinpaint mark estimate`.",
        )
    return found


def search(template: Template, gradients: np.ndarray, scales: tuple[float, ...] = SCALES) -> Match | None:
    """The best place in `mean_gradients`, however bad; None if the template does not fit into the frame."""
    height, width = gradients.shape[:2]
    shrink = 2 if max(template.alpha.shape) > _COARSE else 1
    coarse = gradients if shrink == 1 else cv2.resize(gradients, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = []
    for scale in scales:
        size = np.array(template.alpha.shape) * scale
        if size[0] > height or size[1] > width or size.min() < _MIN_SIDE:
            continue
        pattern = _pattern(template, scale / shrink)
        if min(pattern.shape[:2]) < _MIN_SIDE or np.any(np.array(pattern.shape) > coarse.shape):
            continue
        scores = cv2.matchTemplate(coarse, pattern, cv2.TM_CCORR_NORMED)
        _, score, _, (x, y) = cv2.minMaxLoc(np.nan_to_num(scores, nan=0, posinf=0, neginf=0))
        found.append(Match(float(x * shrink), float(y * shrink), scale, float(score)))
    candidates = sorted(found, key=lambda one: -one.score)[:_CANDIDATES]
    return max((_refined(template, gradients, one) for one in candidates), key=lambda one: one.score, default=None)


def placed(template: Template, where: Match, box: Box) -> Template:
    """The template as it is in the pixels of a box of the frame."""
    scale = where.scale
    shift = np.array([where.x - box.x, where.y - box.y]) + (scale - 1) / 2  # centres of pixels are half a pixel in
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    planes = np.dstack([template.alpha[..., None] * template.colour, template.alpha, template.deviation])
    if scale < 1:  # against aliasing
        planes = cv2.GaussianBlur(
            planes, (0, 0), 0.5 * np.sqrt(1 / scale**2 - 1) + 1e-3, borderType=cv2.BORDER_CONSTANT
        )
    planes = np.stack(
        [
            cv2.warpAffine(
                np.ascontiguousarray(planes[..., k]), matrix, (box.width, box.height), flags=cv2.INTER_LINEAR
            )
            for k in range(planes.shape[-1])
        ],
        axis=-1,
    )
    alpha, deviation = planes[..., 3], planes[..., 4]
    colour = np.clip(planes[..., :3] / np.maximum(alpha, 1e-6)[..., None], 0, 1)
    return Template(np.ascontiguousarray(alpha), colour.astype(np.float32), np.ascontiguousarray(deviation))


def _gradients(luma: np.ndarray) -> np.ndarray:
    rows, columns = np.gradient(luma)
    return np.ascontiguousarray(np.stack([columns, rows], axis=-1), np.float32)


def _effect(template: Template) -> np.ndarray:
    """What the mark adds to the luma of grey, float32 (h, w)."""
    effect: np.ndarray = template.alpha * (template.colour @ _LUMA - np.float32(_GREY))
    return effect


def _pattern(template: Template, scale: float) -> np.ndarray:
    height, width = (max(1, round(side * scale)) for side in template.alpha.shape)
    smaller = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return _gradients(cv2.resize(_effect(template), (width, height), interpolation=smaller))


def _refined(template: Template, gradients: np.ndarray, start: Match) -> Match:
    """The match improved by small steps of position and scale."""
    best = _scored(template, gradients, start)
    for pixels, factor in _STEPS:
        while True:
            around = [
                Match(
                    best.x + dx * pixels - grow / 2, best.y + dy * pixels - grow / 2, best.scale * (1 + ds * factor), 0
                )
                for dx, dy, ds in product((-1, 0, 1), repeat=3)
                for grow in (best.scale * ds * factor * template.alpha.shape[1],)
            ]
            better = max((_scored(template, gradients, one) for one in around), key=lambda one: one.score)
            if better.score <= best.score + 1e-4:
                break
            best = better
    whole = _scored(template, gradients, Match(round(best.x), round(best.y), 1.0, 0))
    return whole if whole.score > best.score - _AS_GOOD else best


def _scored(template: Template, gradients: np.ndarray, where: Match) -> Match:
    height, width = gradients.shape[:2]
    side = [int(np.ceil(length * where.scale)) + 2 for length in template.alpha.shape]
    left, top = int(np.floor(where.x)), int(np.floor(where.y))
    box = Box(left, top, side[1], side[0])
    rows = slice(max(0, top), min(height, top + side[0]))
    columns = slice(max(0, left), min(width, left + side[1]))
    if rows.stop - rows.start < _MIN_SIDE or columns.stop - columns.start < _MIN_SIDE:
        return Match(where.x, where.y, where.scale, 0)
    pattern = _gradients(_effect(placed(template, where, box)))[
        rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
    ]
    seen = gradients[rows, columns]
    norm = np.sqrt(np.sum(pattern**2) * np.sum(seen**2))
    return Match(where.x, where.y, where.scale, float(np.sum(pattern * seen) / norm) if norm > 0 else 0)
