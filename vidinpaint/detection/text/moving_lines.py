"""`moving_lines`: the detections of lines that move, with the place of the mask in each frame."""

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection, trimmed
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.text.glyphs import glyphs_of
from vidinpaint.detection.text.looks import CHUNK, INSIDE, SURROUNDINGS, Look
from vidinpaint.detection.text.moving import Chain
from vidinpaint.detection.text.samples import Track
from vidinpaint.detection.text.timing import visible

SHOWN = 0.4  # visibility from which a line that is inside the frame is shown
WHOLE = 0.95  # part of a line inside the frame, from which its visibility says whether it is shown


def moving_lines(footage: Footage, chains: list[Chain]) -> list[Detection]:
    """One detection for each line that is shown; the clip is read once, in order."""
    looks = _look_along(footage, chains) if chains else []
    found = []
    for chain, look in zip(chains, looks):
        visibility = visible(look)
        start, stop = _shown(chain, look, visibility, footage)
        glyphs = glyphs_of(look, visibility, start, stop, [])
        if glyphs is None:
            continue
        box, mask = trimmed(look.box, glyphs.mask)
        left, top = box.x - chain.places[0][1].x, box.y - chain.places[0][1].y
        path = tuple((x + left, y + top) for x, y in map(chain.box_at, range(start, stop)))
        box = Box(*path[0], box.width, box.height)
        found.append(Detection("text", start, stop, box, mask, chain.confidence, path=path))
    return found


def _look_along(footage: Footage, chains: list[Chain]) -> list[Look]:
    """Looks that move with the lines; where they leave the frame, its edge is repeated."""
    wanted = [_wanted(chain, footage) for chain in chains]
    kept: list[list[np.ndarray]] = [[] for _ in chains]
    for start in range(0, len(footage), CHUNK):
        stop = min(start + CHUNK, len(footage))
        if any(start <= frame < stop for frames in wanted for frame in frames):
            grey = footage.grey(start, stop)
            for own, chain, frames in zip(kept, chains, wanted):
                own += [_seen(grey[frame - start], chain, frame) for frame in frames if start <= frame < stop]
    return [_look(chain, frames, own) for chain, frames, own in zip(chains, wanted, kept)]


def _wanted(chain: Chain, footage: Footage) -> list[int]:
    """Every frame in which the line would be inside the frame at least partly, thinned where it was seen."""
    first, last = chain.places[0][0], chain.places[-1][0]
    start, stop = first, last
    while start > 0 and _inside(chain, start - 1, footage) > 0:
        start -= 1
    while stop + 1 < len(footage) and _inside(chain, stop + 1, footage) > 0:
        stop += 1
    inside = np.linspace(first, last, min(INSIDE, last - first + 1)).round().astype(int)
    return sorted({*range(start, first), *map(int, inside), *range(last + 1, stop + 1)})


def _inside(chain: Chain, frame: int, footage: Footage) -> float:
    """The part of the line that is inside the frame, 0 to 1."""
    (x, y), box = chain.box_at(frame), chain.places[0][1]
    width = min(x + box.width, footage.width) - max(x, 0)
    height = min(y + box.height, footage.height) - max(y, 0)
    return max(0, width) * max(0, height) / box.area


def _seen(grey: np.ndarray, chain: Chain, frame: int) -> np.ndarray:
    box, (x, y) = chain.places[0][1], chain.box_at(frame)
    margin = round(SURROUNDINGS * box.height)
    rows = np.clip(np.arange(y - margin, y + box.height + margin), 0, grey.shape[0] - 1)
    columns = np.clip(np.arange(x - margin, x + box.width + margin), 0, grey.shape[1] - 1)
    return grey[np.ix_(rows, columns)]


def _look(chain: Chain, frames: list[int], grey: list[np.ndarray]) -> Look:
    """A look whose boxes are those of the first place; they may lie outside the frame."""
    (first, box), (last, _) = chain.places[0], chain.places[-1]
    margin = round(SURROUNDINGS * box.height)
    seen = Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
    none = np.empty((0, 0), np.float32)
    track = Track(box, first, last, chain.confidence, -1, -1, none)
    return Look(track, seen, np.array(frames), np.stack(grey))


def _shown(chain: Chain, look: Look, visibility: np.ndarray, footage: Footage) -> tuple[int, int]:
    """start, stop: from where it is seen outwards, until it is not visible although it is inside the frame."""
    first, last = chain.places[0][0], chain.places[-1][0]
    seen = dict(zip(map(int, look.frames), map(float, visibility)))

    def there(frame: int) -> bool:
        return frame in seen and (seen[frame] > SHOWN or _inside(chain, frame, footage) < WHOLE)

    while there(first - 1):
        first -= 1
    while there(last + 1):
        last += 1
    return first, last + 1
