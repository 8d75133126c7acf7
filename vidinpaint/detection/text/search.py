"""`find_text`: the lines of burnt-in text of a clip."""

from collections.abc import Callable

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.area import Area
from vidinpaint.detection.detection import Detection, trimmed
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.text.glyphs import glyphs_of
from vidinpaint.detection.text.linking import Linker, share
from vidinpaint.detection.text.looks import look_at
from vidinpaint.detection.text.moving import MovingLinker, overlays, passes
from vidinpaint.detection.text.moving_lines import moving_lines
from vidinpaint.detection.text.overlay import is_overlay
from vidinpaint.detection.text.probability_map import Found
from vidinpaint.detection.text.samples import sampled
from vidinpaint.detection.text.timing import timed

SAME = 0.5  # of the smaller box, from which two boxes are of the same line, found twice
TALLEST = 0.2  # of the frame's height; what is higher is no line of subtitles

FindLines = Callable[[np.ndarray], list[Found]]
"""find(picture): the lines of text in a picture uint8 (H, W, 3) RGB."""


def find_text(footage: Footage, find: FindLines, only: Area, without: Area, scene: bool) -> list[Detection]:
    """Lines of burnt-in text, in the order in which they appear.

    only     the area in which lines count; without a part: everywhere
    without  the area in which they do not
    scene    whether text of the scene counts as well
    """
    linker, moving = Linker(), MovingLinker()
    for frame in sampled(footage):
        picture = footage.rgb(frame, frame + 1)[0]
        lines = [line for line in find(picture) if _counts(line.box, footage, only, without)]
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        linker.add(frame, grey, lines)
        moving.add(frame, grey, lines)
    still = linker.finish(len(footage))
    chains = overlays(moving.chains, still)
    still = [track for track in still if not any(passes(chain, track) for chain in chains)]
    looks, activity = look_at(footage, still)
    times = [timed(look, footage.shots) for look in looks]
    found = []
    for look, (start, stop, visibility) in zip(looks, times):
        others = [
            other.track.box
            for other, (first, last, _) in zip(looks, times)
            if first < stop and start < last and share(other.track.box, look.track.box) < SAME
        ]
        glyphs = glyphs_of(look, visibility, start, stop, others)
        if glyphs and (
            scene
            or is_overlay(
                look, glyphs.statistics, glyphs.strokes, glyphs.background, (start, stop), visibility, activity, footage
            )
        ):
            found.append(Detection("text", start, stop, *trimmed(look.box, glyphs.mask), look.track.confidence))
    return sorted([*found, *moving_lines(footage, chains)], key=lambda line: line.start)


def _counts(box: Box, footage: Footage, only: Area, without: Area) -> bool:
    size = footage.width, footage.height
    inside = not only.parts or only.holds(box, *size)
    return inside and not without.holds(box, *size) and box.height <= TALLEST * footage.height
