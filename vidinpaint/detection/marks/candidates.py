"""Places where edges stand still although the picture around them moves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.marks.border import Border, touches_edge
from vidinpaint.detection.marks.statistics import Gradients
from vidinpaint.detection.marks.tremor import Tremor

SIGNIFICANCE = 7.0  # standard errors; on seven clips with a moving camera fewer than 1 pixel in 10,000 reaches it
POSSIBLE = 4.5  # standard errors, of edges that lie next to certain ones
STRENGTH = 2.0  # grey levels per pixel; block edges of coarse compression, which also stand still, stay below
MIN_EDGES = 24  # pixels of the samples: the outline of a mark of 8 x 8
MANY_EDGES = 120  # pixels of the samples, which are as sure as `MIN_EDGES` where each is less significant
MANY = 0.72  # of the significance that few edges need
GAP = 90  # the long side of the frame over the distance of letters that belong together
MIN_ISOTROPY = 0.12  # ratio of gradient energies across and along; lines that a pan moves along themselves stay below
MIN_ISOTROPY_AT_EDGE = 0.4  # the same at the edge of the frame, where a helmet or a bonnet moves with the camera
RING = 24  # pixels around a mark in which the picture must move
BLUR = 4  # pixels around a mark that its own edges reach
MAX_STILL_AROUND = 0.14  # share of pixels around that hold constant edges too
MAX_STILL_SCENE = 0.5  # share of the energy of the gradients around that is constant
TEXTURE = 4.0  # grey levels per pixel; gradients that tell by their change that the picture moves
MIN_TEXTURE = 0.04  # share of the surroundings with texture, below which the whole frame tells
MAX_STILL_FRAME = 0.25  # share of the textured pixels of the frame that stand still, if the camera moves
MAX_STILL_MOVING = 0.03  # the same, if nothing but the mark stands still
SMALL = 0.1  # of the frame; what is larger may be the part of the frame that stands still
ALIKE = 0.6  # of the certainty of a mark, for edges that stand as still as it does
MAX_ALIKE = 0.003  # share of such edges in the rest of the frame; under 0.0012 in moving clips, over 0.01 in still ones
MAX_NEAR_BORDER = 0.4  # share of the edges of a mark that lie near the border of the frame
MIN_EVIDENCE = 4.0  # standard errors of the share of the tremor that an edge follows
STAYS = 0.35  # share of the tremor, of a mark at most
FOLLOWS = 0.5  # share of the tremor, of the scene at least
MAX_STAYS_AROUND = 0.3  # share of the edges around a mark that stay too
MAX_STAYS = 0.12  # share of the edges of the scene that stay, as those of moving objects do
MAX_STAYS_SHORTLY = 0.04  # the same in a part of the clip
MIN_FOLLOWS = 0.7  # share of the edges of the scene that follow; tripods, where there is no tremor, reach 0.6
NEAR = 3  # pixels around the edges of a mark on a scene that stands still; other edges are those of the scene
MIN_TELLING = 500  # edges that tell whether there is tremor
MAX_AREA = 0.5  # of the frame


@dataclass(frozen=True, eq=False)
class Candidate:
    """A group of constant edges.

    box         around them, in pixels of the samples
    edges       bool (box.height, box.width)
    certainty   median significance of the edges, standard errors
    still       whether the picture around it stands still, apart from tremor. Default: False
    passed      whether it is known by what passes behind it. Default: False
    """

    box: Box
    edges: np.ndarray
    certainty: float
    still: bool = False
    passed: bool = False


def moving_candidates(gradients: Gradients, border: Border, least: float = SIGNIFICANCE) -> list[Candidate]:
    """Groups of edges that stand still while what is around them moves, in no particular order.

    border  of the clip, see `frame_border`
    least   significance of the edges that a group needs, standard errors
    """
    certain = (gradients.significance > MANY * least) & (gradients.strength > STRENGTH) & ~border.pixels
    found = [
        candidate
        for candidate in grouped(gradients, certain, ~border.pixels)
        if _sure(gradients, candidate, least)
        and border.near[candidate.box.slices][candidate.edges].mean() < MAX_NEAR_BORDER
        and _moves_around(gradients, candidate.box)
    ]
    return joined(
        _outstanding(found, np.where(certain & ~border.near, gradients.significance, 0)), MAX_AREA * certain.size
    )


def still_candidates(
    gradients: Gradients, tremor: Tremor, border: Border, least: float = SIGNIFICANCE, most: float = MAX_STAYS
) -> list[Candidate]:
    """Groups of edges that do not follow the tremor of the camera, which those around them do.

    least  significance of the edges that a group needs, standard errors
    most   share of the edges of the rest of the frame that do not follow it either
    """
    still = (gradients.significance > least) & (gradients.strength > STRENGTH) & ~border.near
    telling = still & (tremor.evidence > MIN_EVIDENCE)
    stays = telling & (tremor.share < STAYS)
    found = []
    for candidate in grouped(gradients, stays, ~border.pixels & (tremor.share < FOLLOWS)):
        ring = _ring(candidate.box, stays.shape)
        if telling[ring].sum() < MIN_EDGES or stays[ring].sum() < MAX_STAYS_AROUND * telling[ring].sum():
            found.append(replace(candidate, still=True))
    for candidate in found:
        telling[candidate.box.slices] = False
    rest = tremor.share[telling]
    sure = rest.size > MIN_TELLING and (rest < STAYS).mean() < most and (rest > FOLLOWS).mean() > MIN_FOLLOWS
    return joined(found, MAX_AREA * stays.size) if sure else []


def follows(tremor: Tremor, candidate: Candidate) -> bool:
    """Whether the edges of a candidate tremble with the scene."""
    telling = candidate.edges & (tremor.evidence[candidate.box.slices] > MIN_EVIDENCE)
    return bool(telling.any() and np.median(tremor.share[candidate.box.slices][telling]) > STAYS)


def of_scene(tremor: Tremor) -> np.ndarray:
    """bool (h, w): edges that tremble with the scene."""
    return np.asarray((tremor.evidence > MIN_EVIDENCE) & (tremor.share > FOLLOWS))


def around(candidate: Candidate, shape: tuple[int, ...]) -> np.ndarray:
    """bool (h, w): the frame without the edges of a candidate and what is next to them."""
    edges = np.zeros(shape, np.uint8)
    edges[candidate.box.slices] = candidate.edges
    return np.asarray(cv2.dilate(edges, np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)) == 0)


def grouped(gradients: Gradients, certain: np.ndarray, allowed: np.ndarray) -> Iterator[Candidate]:
    """Edges near each other that may be a mark by their number, size and directions.

    certain  bool (h, w): the edges; fainter ones that touch them are added
    allowed  bool (h, w): where these may lie
    """
    significance = gradients.significance
    possible = (significance > POSSIBLE) & (gradients.strength > STRENGTH / 2) & allowed
    radius = reach_of(certain.shape)
    groups = closed(_grown(closed(certain, radius), closed(possible, 2)), radius)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(groups.view(np.uint8))
    for index in range(1, count):
        x, y, width, height, _ = (int(n) for n in boxes[index])
        box = Box(x, y, width, height)
        group = labels[box.slices] == index
        own = certain[box.slices] & group
        if own.sum() < MIN_EDGES or box.area > MAX_AREA * certain.size:
            continue
        directions = MIN_ISOTROPY_AT_EDGE if touches_edge(box, *certain.shape) else MIN_ISOTROPY
        if _isotropy(gradients.mean[:, *box.slices][:, own]) > directions:
            certainty = float(np.median(significance[box.slices][own]))
            yield Candidate(box, possible[box.slices] & group, certainty)


def _outstanding(found: list[Candidate], significance: np.ndarray) -> list[Candidate]:
    """Those that stand so still as hardly anything else in the frame does, which a still camera would show."""
    small = [one for one in found if one.box.area < SMALL * significance.size]
    kept = []
    for one in found:
        rest = significance.copy()
        for other in (one, *small):
            rest[other.box.slices] = 0
        if (rest > ALIKE * one.certainty).mean() < MAX_ALIKE:
            kept.append(one)
    return kept


def joined(found: list[Candidate], limit: float) -> list[Candidate]:
    """Parts of one mark, as letters of a line, made one, unless its box has `limit` pixels or more."""
    waiting, whole = list(found), []
    while waiting:
        one = waiting.pop()
        reach = max(4, min(one.box.width, one.box.height) // 2)
        near = [other for other in waiting if _apart(one.box, other.box) <= reach]
        if not near:
            whole.append(one)
            continue
        waiting = [other for other in waiting if other not in near]
        waiting.append(reduce(_union, near, one))
    return [one for one in whole if one.box.area < limit]


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
    return replace(one, box=box, edges=edges, certainty=max(one.certainty, other.certainty))


def _sure(gradients: Gradients, candidate: Candidate, least: float) -> bool:
    """Whether some edges of a candidate are certain or, where everything else moves, many nearly so."""
    significance = gradients.significance[candidate.box.slices][candidate.edges]
    if (significance > least).sum() >= MIN_EDGES:
        return True
    many = bool((significance > MANY * least).sum() >= MANY_EDGES)
    return many and not stands_still(gradients, candidate.box, MAX_STILL_MOVING)


def reach_of(shape: tuple[int, ...]) -> int:
    """Half the distance of letters that belong together, pixels, in a frame of a shape (h, w)."""
    return max(4, max(shape) // GAP)


def closed(mask: np.ndarray, radius: int) -> np.ndarray:
    """The mask bool (h, w) with the gaps that a disc of a radius does not fit into."""
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


def stands_still(gradients: Gradients, without: Box | None = None, limit: float = MAX_STILL_FRAME) -> bool:
    """Whether more than the share `limit` of the textured frame stands still, apart from a box."""
    textured = gradients.energy > TEXTURE**2
    if without is not None:
        textured[without.slices] = False
    still = gradients.strength[textured] ** 2 > 0.5 * gradients.energy[textured]
    return not still.size or bool(still.mean() > limit)


def _moves_around(gradients: Gradients, box: Box) -> bool:
    """Whether the picture around a box moves, or else that of the whole frame."""
    if stands_still(gradients, box if box.area < SMALL * gradients.energy.size else None):
        return False
    ring = _ring(box, gradients.energy.shape)
    strength, energy, error = gradients.strength[ring], gradients.energy[ring], gradients.error[ring]
    still = (strength > SIGNIFICANCE / 2 * error) & (strength > STRENGTH / 2)
    if not still.size or still.mean() > MAX_STILL_AROUND:
        return False
    textured = energy > TEXTURE**2
    if textured.mean() < MIN_TEXTURE:
        return True
    constant = np.maximum(strength**2 - error**2, 0)
    return bool(constant[textured].sum() < MAX_STILL_SCENE * energy[textured].sum())


def _ring(box: Box, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the pixels around a box in a frame of a shape (h, w)."""
    wide, near = box.expanded(RING, RING, shape[1], shape[0]), box.expanded(BLUR, BLUR, shape[1], shape[0])
    ring = np.ones((wide.height, wide.width), bool)
    ring[near.y - wide.y :, near.x - wide.x :][: near.height, : near.width] = False
    rows, columns = np.nonzero(ring)
    return rows + wide.y, columns + wide.x
