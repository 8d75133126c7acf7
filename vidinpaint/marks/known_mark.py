"""`place_mark`: a mark whose template is known, at its place in a part of a clip, and its opacity in all frames."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.marks.estimated_mark import choose_frames
from vidinpaint.marks.matching import MIN_SCORE, mean_gradients, placed, search
from vidinpaint.marks.opacity_over_time import Read, follow_opacity, told_by
from vidinpaint.marks.template import VISIBLE, Template
from vidinpaint.numerics.morphology import dilate

FRAMES = 16  # that are looked at first
_MARGIN = 1  # pixels around a mark whose chroma it shares


@dataclass(frozen=True, eq=False)
class KnownMark:
    """A known mark of a clip.

    template  at its place, of the size of what is read
    support   bool (h, w): the pixels that it changes
    opacity   float32 (frames of the clip,): factor of the template's alpha, 0 where the mark is not there
    """

    template: Template
    support: np.ndarray
    opacity: np.ndarray


def place_mark(read: Read, template: Template, shots: tuple[tuple[int, int], ...], length: int) -> KnownMark | None:
    """Find a mark in what is read, and follow its opacity; None if it is not there. See `estimate_mark`."""
    chosen = choose_frames(shots, length, FRAMES)
    frames = read(chosen)
    trimmed, _ = template.trimmed()
    match = search(trimmed, mean_gradients(frames))
    if match is None or match.score < MIN_SCORE:
        return None
    found = placed(trimmed, match, Box(0, 0, frames.shape[2], frames.shape[1]))
    support = dilate(found.alpha > VISIBLE, _MARGIN)
    known = told_by(chosen, frames, found, support)
    return KnownMark(found, support, follow_opacity(read, known, length, found, support))
