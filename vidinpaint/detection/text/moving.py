"""`MovingLinker`: follows lines of text that move evenly over the footage, such as credits and tickers."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.text.linking import TALLER, correlation, high_frequencies, rows, share
from vidinpaint.detection.text.probability_map import Found
from vidinpaint.detection.text.samples import Track

ALIKE = (
    0.6  # correlation from which a line is found again at another place: higher than at the same one, as many are tried
)
REACH = 4.0  # how far a moving line is looked for, in heights of the line; faster text cannot be read
SIDEWAYS = 2  # pixels beside the axis of the motion: sampling
LEAST = 3  # pixels between two sampled frames that are motion
PLACES = 3  # sampled frames that show a line moving, at least
EVEN = 2.0  # pixels by which a place may differ from even motion
COVERED = 0.9  # of a box: a line of which more is followed already is not a new one
SAME = 0.5  # of the smaller box, from which two boxes are of the same line
FLAT = 2.0  # grey levels; background with a smaller deviation does not tell how it moves
ALONG = 0.3  # correlation from which the background moves as the line does, which belongs to the scene then


@dataclass(eq=False)
class Chain:
    """A line that moves.

    places      (frame, box) in the sampled frames that show it
    confidence  of the detector
    look        float32: high frequencies of the line when it was last seen
    along       how well the background follows the motion, a correlation for each step that tells
    shared      velocity of a line beside it that was seen longer. Default: None, it has been seen long enough itself
    """

    places: list[tuple[int, Box]]
    confidence: float
    look: np.ndarray
    along: list[float] = field(default_factory=list)
    shared: tuple[float, float] | None = None

    @property
    def velocity(self) -> tuple[float, float]:
        """Pixels per frame, to the right and downwards; even motion fitted to all places."""
        if self.shared is not None:
            return self.shared
        frames = np.array([frame for frame, _ in self.places], float)
        corners = np.array([(box.x, box.y) for _, box in self.places], float)
        time = frames - frames.mean()
        x, y = time @ (corners - corners.mean(0)) / max(float(time @ time), 1e-6)
        return float(x), float(y)

    def box_at(self, frame: int) -> tuple[int, int]:
        """Upper left corner (x, y) in any frame, by even motion."""
        frames, corners = zip(*((at, (box.x, box.y)) for at, box in self.places))
        middle, mean = np.mean(frames), np.mean(corners, axis=0)
        x, y = mean + np.array(self.velocity) * (frame - middle)
        return round(float(x)), round(float(y))

    def widen(self, found: list[Box]) -> None:
        """Let all places include boxes that were found at the last one: parts of the line may be missed at first."""
        box = self.places[-1][1]
        for other in found:
            box = box.union(other)
        by_x, by_y = box.x - self.places[-1][1].x, box.y - self.places[-1][1].y
        self.places = [(at, Box(old.x + by_x, old.y + by_y, box.width, box.height)) for at, old in self.places]

    @property
    def is_overlay(self) -> bool:
        """Whether it moves evenly along one axis, and not with the scene."""
        if len(self.places) < PLACES:
            return False
        x, y = self.velocity
        even = all(
            max(abs(self.box_at(at)[0] - box.x), abs(self.box_at(at)[1] - box.y)) <= EVEN for at, box in self.places
        )
        straight = min(abs(x), abs(y)) * (self.places[-1][0] - self.places[0][0]) <= EVEN
        return even and straight and not (self.along and float(np.median(self.along)) > ALONG)


class MovingLinker:
    """Takes the lines that were found in sampled frames, in order, and follows those that move."""

    def __init__(self) -> None:
        self.chains: list[Chain] = []
        self._active: list[Chain] = []
        self._grey = np.empty((0, 0), np.uint8)
        self._boxes: list[Box] = []

    def add(self, frame: int, grey: np.ndarray, found: list[Found]) -> None:
        """grey: luma uint8 (H, W) of the frame."""
        found = rows(found)
        boxes = [line.box for line in found]
        self._active = [chain for chain in self._active if self._follow(chain, frame, grey, boxes)]
        for line in found:
            if all(_covered(line.box, chain.places[-1][1]) < COVERED for chain in self._active):
                chain = Chain([(frame, line.box)], line.score, high_frequencies(grey[line.box.slices], line.box.height))
                self._active.append(chain)
                self.chains.append(chain)
        self._grey, self._boxes = grey, boxes

    def _follow(self, chain: Chain, frame: int, grey: np.ndarray, boxes: list[Box]) -> bool:
        """Whether the line is found again, elsewhere; it is then added to the chain."""
        before, box = chain.places[-1]
        moved = _displacement(chain.look, box, grey)
        if moved is None:
            return False
        if max(map(abs, moved)) < LEAST and frame - before > 1:
            return False
        x, y = box.x + moved[0], box.y + moved[1]
        if x < 0 or y < 0 or x + box.width > grey.shape[1] or y + box.height > grey.shape[0]:
            return False
        chain.places.append((frame, Box(x, y, box.width, box.height)))
        chain.widen([other for other in boxes if _same_line(other, chain.places[-1][1])])
        chain.look = high_frequencies(grey[chain.places[-1][1].slices], box.height)
        chain.along += _along(self._grey, grey, moved, box, [*self._boxes, *boxes])
        return True


def overlays(chains: list[Chain], still: list[Track]) -> list[Chain]:
    """The chains that are laid over the footage, with those that were seen too briefly to tell but move with them.

    still  the lines that stay at their place
    """
    sure = [chain for chain in chains if chain.is_overlay]
    for chain in chains:
        brief = len(chain.places) < PLACES and not any(
            passes(chain, track) for track in still if track.last > track.first
        )
        beside = next((other for other in sure if brief and _beside(chain, other)), None)
        if beside is not None:
            chain.shared = beside.velocity
            sure.append(chain)
    return sure


def passes(chain: Chain, track: Track) -> bool:
    """Whether a line that stays and one that moves are at the same place at the same time."""
    return any(track.first <= frame <= track.last and share(box, track.box) >= SAME for frame, box in chain.places)


def _beside(chain: Chain, other: Chain) -> bool:
    """Whether a line is in the row of one that moves along it, at a time at which that is shown."""
    frame, box = chain.places[0]
    _, row = other.places[0]
    level = abs(box.y + box.height / 2 - row.y - row.height / 2) < 0.3 * row.height
    together = other.places[0][0] <= frame <= other.places[-1][0]
    return level and together and abs(other.velocity[0]) > abs(other.velocity[1])


def _displacement(look: np.ndarray, box: Box, grey: np.ndarray) -> tuple[int, int] | None:
    """Where a line has moved to, in pixels to the right and downwards; None if it is not found."""
    height, width = grey.shape
    reach = round(REACH * box.height)
    best: tuple[float, int, int] | None = None
    for by_x, by_y in ((SIDEWAYS, reach), (reach, SIDEWAYS)):
        strip = box.expanded(by_x, by_y, width, height)
        scores = cv2.matchTemplate(high_frequencies(grey[strip.slices], box.height), look, cv2.TM_CCORR_NORMED)
        _, score, _, (x, y) = cv2.minMaxLoc(scores)
        if score >= ALIKE and (best is None or score > best[0]):
            best = score, strip.x + x - box.x, strip.y + y - box.y
    return best[1:] if best else None


def _along(before: np.ndarray, after: np.ndarray, moved: tuple[int, int], box: Box, boxes: list[Box]) -> list[float]:
    """How well the background follows a motion: next to the line, and in the whole frame; [] where it is flat."""
    height, width = before.shape
    dx, dy = moved
    own = Box(max(0, -dx), max(0, -dy), max(1, width - abs(dx)), max(1, height - abs(dy)))
    there = Box(own.x + dx, own.y + dy, own.width, own.height)
    plain = np.ones((height, width), bool)
    for other in boxes:
        plain[other.expanded(4, 4, width, height).slices] = False
    both = plain[own.slices] & plain[there.slices]
    first, second = (high_frequencies(image[part.slices], 24) for image, part in ((before, own), (after, there)))
    near = np.zeros_like(both)
    around = box.expanded(2 * box.height, 2 * box.height, width, height)
    near[
        max(0, around.y - own.y) : max(0, around.y + around.height - own.y),
        max(0, around.x - own.x) : max(0, around.x + around.width - own.x),
    ] = True
    values = [
        correlation(first[part], second[part])
        for part in (both & near, both)
        if part.any() and first[part].std() > FLAT
    ]
    return [max(values)] if values else []


def _same_line(found: Box, place: Box) -> bool:
    lower, taller = sorted((found.height, place.height))
    return share(found, place) >= SAME and taller < TALLER * lower


def _covered(box: Box, by: Box) -> float:
    width = min(box.x + box.width, by.x + by.width) - max(box.x, by.x)
    height = min(box.y + box.height, by.y + by.height) - max(box.y, by.y)
    return max(0, width) * max(0, height) / box.area
