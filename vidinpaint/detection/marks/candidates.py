"""Places where edges stand still although the picture around them moves."""

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.marks.border import Border, touches_edge
from vidinpaint.detection.marks.statistics import Gradients

SIGNIFICANCE = 7.0  # standard errors; on seven clips with a moving camera fewer than 1 pixel in 10,000 reaches it
POSSIBLE = 4.5  # standard errors, of edges that lie next to certain ones
STRENGTH = 2.0  # grey levels per pixel; block edges of coarse compression, which also stand still, stay below
MIN_EDGES = 24  # pixels of the samples: the outline of a mark of 8 x 8
GAP = 90  # the long side of the frame over the distance of letters that belong together
MIN_ISOTROPY = 0.12  # ratio of gradient energies across and along; lines that a pan moves along themselves stay below
MIN_ISOTROPY_AT_EDGE = 0.4  # the same at the edge of the frame, where a helmet or a bonnet moves with the camera
RING = 24  # pixels around a mark in which the picture must move
MAX_STILL_AROUND = 0.14  # share of pixels around that hold constant edges too
MAX_STILL_SCENE = 0.5  # share of the energy of the gradients around that is constant
TEXTURE = 4.0  # grey levels per pixel; gradients that tell by their change that the picture moves
MIN_TEXTURE = 0.04  # share of the surroundings with texture, below which the whole frame tells
MAX_STILL_FRAME = 0.25  # share of the textured pixels of the frame that stand still, if the camera moves
ALIKE = 0.6  # of the certainty of a mark, for edges that stand as still as it does
MAX_ALIKE = 0.003  # share of such edges in the rest of the frame; under 0.0012 in moving clips, over 0.01 in still ones
MAX_NEAR_BORDER = 0.4  # share of the edges of a mark that lie near the border of the frame
MAX_AREA = 0.5  # of the frame


@dataclass(frozen=True, eq=False)
class Candidate:
    """A group of constant edges.

    box         around them, in pixels of the samples
    edges       bool (box.height, box.width)
    certainty   median significance of the edges, standard errors
    """

    box: Box
    edges: np.ndarray
    certainty: float


def find_candidates(gradients: Gradients, border: Border, least: float = SIGNIFICANCE) -> list[Candidate]:
    """Groups of edges that stand still while what is around them moves, in no particular order.

    border  of the clip, see `frame_border`
    least   significance of the edges that a group needs, standard errors
    """
    strength, significance = gradients.strength, gradients.significance
    certain = (significance > least) & (strength > STRENGTH) & ~border.pixels
    possible = (significance > POSSIBLE) & (strength > STRENGTH / 2) & ~border.pixels
    radius = max(4, max(certain.shape) // GAP)
    groups = _grown(_closed(certain, radius), _closed(possible, 2))
    groups = _closed(groups, radius)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(groups.view(np.uint8))
    found = []
    for index in range(1, count):
        x, y, width, height, _ = (int(n) for n in boxes[index])
        box = Box(x, y, width, height)
        group = labels[box.slices] == index
        own = certain[box.slices] & group
        if own.sum() < MIN_EDGES or box.area > MAX_AREA * certain.size:
            continue
        if border.near[box.slices][own].mean() > MAX_NEAR_BORDER:
            continue
        directions = MIN_ISOTROPY_AT_EDGE if touches_edge(box, *certain.shape) else MIN_ISOTROPY
        if _isotropy(gradients.mean[:, *box.slices][:, own]) > directions and _moves_around(gradients, group, box):
            found.append(Candidate(box, possible[box.slices] & group, float(np.median(significance[box.slices][own]))))
    return _joined(_outstanding(found, np.where(certain & ~border.near, significance, 0)))


def _outstanding(found: list[Candidate], significance: np.ndarray) -> list[Candidate]:
    """Those that stand so still as hardly anything else in the frame does, which a still camera would show."""
    kept = []
    rest = significance.copy()
    for one in sorted(found, key=lambda one: -one.certainty):
        around = rest.copy()
        around[one.box.slices] = 0
        if (around > ALIKE * one.certainty).mean() < MAX_ALIKE:
            kept.append(one)
            rest = around
    return kept


def _joined(found: list[Candidate]) -> list[Candidate]:
    """Parts of one mark, as letters of a line, made one."""
    waiting, joined = list(found), []
    while waiting:
        one = waiting.pop()
        reach = max(4, min(one.box.width, one.box.height) // 2)
        near = [other for other in waiting if _apart(one.box, other.box) <= reach]
        if not near:
            joined.append(one)
            continue
        waiting = [other for other in waiting if other not in near]
        waiting.append(reduce(_union, near, one))
    return joined


def _apart(one: Box, other: Box) -> int:
    """Pixels between two boxes, by the larger of dx and dy; 0 or less if they overlap."""
    dx = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    dy = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(dx, dy)


def _union(one: Candidate, other: Candidate) -> Candidate:
    box = one.box.union(other.box)
    edges = np.zeros((box.height, box.width), bool)
    for part in (one, other):
        edges[part.box.y - box.y :, part.box.x - box.x :][: part.box.height, : part.box.width] |= part.edges
    return Candidate(box, edges, max(one.certainty, other.certainty))


def _closed(mask: np.ndarray, radius: int) -> np.ndarray:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), radius, radius, radius, radius, cv2.BORDER_CONSTANT)
    return np.ascontiguousarray(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)[radius:-radius, radius:-radius]) > 0


def _grown(seeds: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The seeds and the connected parts of the mask that touch them."""
    count, labels = cv2.connectedComponents((mask | seeds).astype(np.uint8))
    kept = np.zeros(count, bool)
    kept[labels[seeds]] = True
    return kept[labels]


def _isotropy(vectors: np.ndarray) -> float:
    """Ratio of the eigenvalues of the structure tensor of gradients (2, n); 1 if all directions are alike."""
    low, high = np.linalg.eigvalsh(vectors @ vectors.T)
    return float(low / max(high, 1e-6))


def _still_share(gradients: Gradients, box: Box) -> float:
    """Share of the textured pixels outside a box whose gradient is mostly constant."""
    textured = gradients.energy > TEXTURE**2
    textured[box.slices] = False
    still = gradients.strength[textured] ** 2 > 0.5 * gradients.energy[textured]
    return float(still.mean()) if still.size else 1.0


def _moves_around(gradients: Gradients, group: np.ndarray, box: Box) -> bool:
    """Whether the picture around a group of edges moves, or else that of the whole frame."""
    if _still_share(gradients, box) > MAX_STILL_FRAME:
        return False
    height, width = gradients.energy.shape
    wide = box.expanded(RING, RING, width, height)
    inside = np.zeros((wide.height, wide.width), np.uint8)
    inside[box.y - wide.y :, box.x - wide.x :][: box.height, : box.width] = group
    ring = cv2.dilate(inside, np.ones((2 * RING + 1, 2 * RING + 1), np.uint8)) > 0
    ring &= cv2.dilate(inside, np.ones((9, 9), np.uint8)) == 0
    strength, energy = gradients.strength[wide.slices], gradients.energy[wide.slices]
    still = (gradients.significance[wide.slices] > SIGNIFICANCE / 2) & (strength > STRENGTH / 2)
    if not ring.any() or still[ring].mean() > MAX_STILL_AROUND:
        return False
    textured = ring & (energy > TEXTURE**2)
    if textured.sum() < MIN_TEXTURE * ring.sum():
        return True
    constant = np.maximum(strength**2 - gradients.error[wide.slices] ** 2, 0)
    return bool(constant[textured].sum() < MAX_STILL_SCENE * energy[textured].sum())
