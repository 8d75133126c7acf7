"""Marks on a scene that stands still, shown by what passes behind them.

Where somebody walks in front of the scene its edges are hidden. Those of a half-transparent mark stay, and what passes
is seen through it, weaker than around it. Both together tell a mark from a thing in front, which hides what passes, and
from a shadow, which weakens nothing and is weakened by nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import trimmed
from vidinpaint.detection.marks.border import Border
from vidinpaint.detection.marks.candidates import Candidate, closed, reach_of
from vidinpaint.detection.marks.statistics import compressed, gradient

MIN_SAMPLES = 24  # of a shot, in which something can come and go
OF_SCENE = 25  # samples of which the median is the scene
CHANGE = 12.0  # grey levels by which a pixel changes where something passes
BETWEEN = 3  # pixels; half the width of strokes that what passes is seen on both sides of
INSIDE = 2  # pixels from the outline of what passes, which is no evidence
STEP = 3  # samples that are one observation, since neighbouring ones show the same
PATCH = 5  # pixels, over which edges are taken together
STRENGTH = 2.0  # grey levels per pixel
OBSERVATIONS = 3  # in which something passes
SPREAD = 0.05  # variance of a share of an edge, at least
STAYS = 0.6  # share of an edge that is left while something passes
MIN_EDGES = 150  # pixels of the samples, more than for other marks: some edges of scenes seem to stay by chance
MAX_STAYS = 0.3  # share of these edges in the whole frame; in still clips under 0.15 without a mark
MOSTLY = 0.85  # share of the edges of a mark that stay, of those behind which something passes
SIGNIFICANCE = 6.5  # standard errors of the share; without a mark, groups that all the rest holds for reach 5.7
SEEN_THROUGH = (0.12, 0.8)  # share of the change around a mark that is seen through it
MAX_CORRELATION = -0.3  # of the strength of strokes with the change
ALIKE = 0.5  # of the strength of the edges of a mark, for those beside it


@dataclass(frozen=True, eq=False)
class Passing:
    """What is left of the edges of the scene while something passes, (h, w) each.

    scene   float32: grey levels
    edges   bool: where the scene has edges
    told    bool: edges behind which something passed often enough
    share   float32: of an edge that is left: 1 for a mark, about 0 for the scene
    error   float32: its standard error
    change  float32: mean difference of what passes from the scene, grey levels; 0 where nothing passes
    """

    scene: np.ndarray
    edges: np.ndarray
    told: np.ndarray
    share: np.ndarray
    error: np.ndarray
    change: np.ndarray


def passing_candidates(grey: np.ndarray, border: Border) -> Iterator[Candidate]:
    """Groups of edges that stay while something passes behind them, of the samples uint8 (N, h, w) of one shot."""
    if len(grey) < MIN_SAMPLES:
        return
    passing = what_passes(grey, border)
    stays = passing.told & (passing.share > STAYS) & (passing.share - passing.error > 0.75 * STAYS)
    if stays.sum() > MAX_STAYS * passing.told.sum():
        return
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(closed(stays, reach_of(stays.shape)).view(np.uint8))
    for index in range(1, count):
        x, y, width, height, _ = (int(n) for n in boxes[index])
        box = Box(x, y, width, height)
        group = labels[box.slices] == index
        own = stays[box.slices] & group
        if own.sum() < MIN_EDGES or own.sum() < MOSTLY * (passing.told[box.slices] & group).sum():
            continue
        certainty = float(np.median((passing.share / passing.error)[box.slices][own]))
        if certainty > SIGNIFICANCE and is_seen_through(passing, box, group):
            yield _completed(passing, box, passing.edges[box.slices] & group, certainty)


def what_passes(grey: np.ndarray, border: Border) -> Passing:
    """What the samples of one shot tell, uint8 (N, h, w)."""
    some = np.unique(np.linspace(0, len(grey) - 1, min(len(grey), OF_SCENE)).round().astype(int))
    scene = np.median(grey[some], axis=0).astype(np.float32)
    vectors = compressed(gradient(scene))
    square = np.square(vectors).sum(0)
    kept, squares, observed, total, times = np.zeros((5, *scene.shape), np.float32)
    for start in range(0, len(grey), STEP):
        share, shown = np.zeros((2, *scene.shape), np.float32)
        for frame in grey[start : start + STEP]:
            change = np.abs(frame - scene)
            covered = _covered(change > CHANGE)
            share += covered * (compressed(gradient(frame)) * vectors).sum(0)
            shown += covered
            total += covered * change
        share /= np.maximum(shown, 1) * np.maximum(square, 0.5)
        kept += share
        squares += share**2
        observed += shown > 0
        times += shown
    edges = (square > STRENGTH**2) & ~border.near
    weight = edges.astype(np.float32)
    number = np.maximum(_smooth(weight * observed), 1e-6)
    share = _smooth(weight * kept) / number
    variance = np.maximum(_smooth(weight * squares) / number - share**2, 0) + SPREAD
    number /= np.maximum(_smooth(weight), 1 / PATCH**2)
    told = edges & (number >= OBSERVATIONS)
    return Passing(scene, edges, told, share, np.sqrt(variance / np.maximum(number, 1)), total / np.maximum(times, 1))


def is_seen_through(passing: Passing, box: Box, group: np.ndarray) -> bool:
    """Whether what passes is weaker in the strokes of a group bool (box.height, box.width), and is seen there."""
    share, correlation = seen_through(passing, box, group)
    return SEEN_THROUGH[0] < share < SEEN_THROUGH[1] and correlation < MAX_CORRELATION


def seen_through(passing: Passing, box: Box, group: np.ndarray) -> tuple[float, float]:
    """How what passes is seen through a bright group; 1 and 0 for a dark one, which a shadow would weaken too.

    Returns the share of the change beside the strokes that is seen through them, and the correlation of the strength
    of the strokes with the change, which is negative for a mark.
    """
    around = passing.scene[box.slices][~group]
    ground = float(np.median(around)) if around.size else 0.0
    inner = group & (passing.change[box.slices] > 0) & (passing.scene[box.slices] > ground - STRENGTH)
    stroke, change = passing.scene[box.slices][inner] - ground, passing.change[box.slices][inner]
    if stroke.size < MIN_EDGES or np.percentile(stroke, 95) < CHANGE:
        return 1.0, 0.0
    stroke = np.minimum(stroke / float(np.percentile(stroke, 95)), 1)
    beside, level = float(change.mean()), float(stroke.mean())
    change, stroke = change - beside, stroke - level
    product, square = float(stroke @ change), float(stroke @ stroke) + 1e-6
    slope, correlation = product / square, product / (float(np.sqrt(square * (change @ change))) + 1e-6)
    return (beside + slope * (1 - level)) / max(beside - slope * level, 1e-6), correlation


def _completed(passing: Passing, box: Box, edges: np.ndarray, certainty: float) -> Candidate:
    """A candidate with what lies on one line with it, apart from everything else, and nothing passes behind."""
    height, width = passing.scene.shape
    wide = box.expanded(max(3 * box.width // 4, box.height), box.height, width, height)
    own = np.zeros((wide.height, wide.width), bool)
    own[box.y - wide.y :, box.x - wide.x :][: box.height, : box.width] = edges
    strength = np.hypot(*gradient(passing.scene[wide.slices]))
    alike = strength > ALIKE * float(np.median(strength[own]))
    unknown = passing.edges[wide.slices] & ~passing.told[wide.slices] & alike
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(unknown.view(np.uint8))
    for index in range(1, count):
        x, y, w, h, _ = (int(n) for n in boxes[index])
        on_line = abs(2 * (wide.y + y) + h - 2 * box.y - box.height) < box.height / 2
        if on_line and x > 0 and y > 0 and x + w < wide.width and y + h < wide.height:
            own |= labels == index
    return Candidate(*trimmed(wide, own), certainty, still=True, passed=True)


def _covered(changed: np.ndarray) -> np.ndarray:
    """bool (h, w): pixels well inside what changed; strokes that it surrounds belong to it."""
    mask = cv2.morphologyEx(changed.view(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(BETWEEN))
    return cv2.erode(mask, _disc(INSIDE)) > 0


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _smooth(picture: np.ndarray) -> np.ndarray:
    smooth: np.ndarray = cv2.blur(picture, (PATCH, PATCH))
    return smooth
