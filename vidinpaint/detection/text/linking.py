"""`Linker`: follows lines of text from one sampled frame to the next."""

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.text.probability_map import Found
from vidinpaint.detection.text.samples import Track

ALIKE = 0.45
"""Correlation of high frequencies from which two looks at the same place are the same text. Measured on imposed
subtitles: the same line over another background has 0.48 and more (outlined 0.85), another line there at most 0.16."""
SHARED = 0.4  # of the smaller box, from which two boxes are of the same line
TALLER = 1.4  # times the height of a line, from which a box is of more than this line
GAP = 1.5  # heights of a line, up to which two boxes beside one another are of the same line


def high_frequencies(grey: np.ndarray, height: float) -> np.ndarray:
    """float32: luma without what is coarser than the strokes of text whose lines are `height` pixels high."""
    image = grey.astype(np.float32)
    return image - cv2.GaussianBlur(image, (0, 0), max(1.0, height / 6))


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Normalised correlation of two arrays without mean, -1 to 1; 0 where one of them is flat."""
    energy = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / energy if energy > 1e-6 else 0.0


class Linker:
    """Takes the lines that were found in sampled frames, in order, and joins them to tracks."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self._active: list[Track] = []
        self._previous = -1

    def add(self, frame: int, grey: np.ndarray, found: list[Found]) -> None:
        """grey: luma uint8 (H, W) of the frame."""
        active, taken = [], []
        found = rows(found)
        for track in self._active:
            box, look = track.box, high_frequencies(grey[track.box.slices], track.box.height)
            if correlation(look, track.look) >= ALIKE:
                matching = [line for line in found if share(line.box, box) >= SHARED]
                track.last, track.look = frame, look
                for line in matching:
                    if line.box.height < TALLER * box.height:
                        track.box = track.box.union(line.box)
                if track.box != box:
                    track.look = high_frequencies(grey[track.box.slices], track.box.height)
                track.hits += bool(matching)
                track.confidence = max([track.confidence, *(line.score for line in matching)])
                active.append(track)
                taken += [id(line) for line in matching]
            else:
                track.before = frame
        for line in found:
            if id(line) not in taken:
                look = high_frequencies(grey[line.box.slices], line.box.height)
                track = Track(line.box, frame, frame, line.score, self._previous, -1, look)
                self.tracks.append(track)
                active.append(track)
        self._active, self._previous = active, frame

    def finish(self, frames: int) -> list[Track]:
        """All tracks, in the order in which they appear; frames: how many the clip has."""
        for track in self._active:
            track.before = frames
        kept: list[Track] = []
        for track in self.tracks:
            same = next((other for other in kept if _same(other, track)), None)
            if same is None:
                kept.append(track)
            else:
                same.box = same.box.union(track.box)
                same.hits += track.hits
        return kept


def _same(first: Track, second: Track) -> bool:
    """Whether two tracks are of one line, whose parts were found separately in some frames."""
    together = min(first.last, second.last) - max(first.first, second.first) + 1
    longer = max(first.last - first.first, second.last - second.first) + 1
    lower, taller = sorted((first.box.height, second.box.height))
    return share(first.box, second.box) >= SHARED and together >= 0.7 * longer and taller < TALLER * lower


def rows(found: list[Found]) -> list[Found]:
    """The lines, with the parts of a line that were found one beside the other joined."""
    joined: list[Found] = []
    for line in sorted(found, key=lambda line: line.box.x):
        for index, left in enumerate(joined):
            if _continues(left.box, line.box):
                joined[index] = Found(left.box.union(line.box), max(left.score, line.score))
                break
        else:
            joined.append(line)
    return joined


def _continues(left: Box, right: Box) -> bool:
    """Whether a box continues the line of another one that begins further left."""
    height, taller = sorted((left.height, right.height))
    level = abs(left.y + left.height / 2 - right.y - right.height / 2) < 0.3 * height
    return level and taller < TALLER * height and right.x - left.x - left.width < GAP * height


def share(first: Box, second: Box) -> float:
    """The part of the smaller of two boxes that the other one covers, 0 to 1."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return max(0, width) * max(0, height) / min(first.area, second.area)
