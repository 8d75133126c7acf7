"""`find_known`: a mark whose template is known, found in every shot of a clip."""

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection
from vidinpaint.detection.footage import Footage
from vidinpaint.marks.matching import MIN_SCORE, Match, mean_gradients, placed, search
from vidinpaint.marks.template import VISIBLE, Template
from vidinpaint.marks.template_file import TemplateFile
from vidinpaint.numerics.morphology import dilate

FRAMES = 8  # of each shot, over which gradients are averaged
AROUND = 16  # pixels around the place in the shot before, where the mark is looked for first
HALO = 2  # pixels around a mark over which scaling and compression spread it


def find_known(footage: Footage, file: TemplateFile) -> list[Detection]:
    """The mark of a template in each shot that shows it; an empty list if none does."""
    template, box = file.template.trimmed()
    expected = _expected(file, footage, box)
    found = []
    for start, stop in footage.shots:
        frames = np.unique(np.linspace(start, stop - 1, FRAMES).round().astype(int)).tolist()
        pictures = np.stack([footage.rgb(frame, frame + 1)[0] for frame in frames]).astype(np.float32) / 255
        footage.progress(stop - start)
        gradients = mean_gradients(pictures)
        match = (_near(template, gradients, expected) if expected else None) or search(template, gradients)
        if match is None or match.score < MIN_SCORE:
            continue
        expected = match
        found.append(_detection(template, match, (start, stop), footage))
    return found


def _expected(file: TemplateFile, footage: Footage, box: Box) -> Match | None:
    """Where the file itself says that the mark is; None if it does not say it, or for frames of another size."""
    size, place = (footage.width, footage.height), file.place
    if place and (place.width, place.height) == size:
        return Match(place.x + box.x, place.y + box.y, 1.0, 0.0)
    if file.template.alpha.shape[::-1] == size:
        return Match(box.x, box.y, 1.0, 0.0)
    return None


def _near(template: Template, gradients: np.ndarray, expected: Match) -> Match | None:
    """The mark about where it is expected, and as large; None if it is not there."""
    rows, columns = template.alpha.shape
    box = Box(int(expected.x), int(expected.y), int(columns * expected.scale) + 1, int(rows * expected.scale) + 1)
    box = box.expanded(AROUND, AROUND, gradients.shape[1], gradients.shape[0])
    match = search(template, gradients[box.slices], (expected.scale,))
    if match is None or match.score < MIN_SCORE:
        return None
    return Match(match.x + box.x, match.y + box.y, match.scale, match.score)


def _detection(template: Template, match: Match, shot: tuple[int, int], footage: Footage) -> Detection:
    rows, columns = template.alpha.shape
    box = Box(max(0, int(match.x)), max(0, int(match.y)), int(columns * match.scale) + 2, int(rows * match.scale) + 2)
    box = box.expanded(HALO, HALO, footage.width, footage.height)
    mask = dilate(placed(template, match, box).alpha > VISIBLE, HALO, "disc")
    return Detection("mark", *shot, box, mask, min(1.0, match.score))
