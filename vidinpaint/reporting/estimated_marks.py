"""The half-transparent marks that were un-blended: their colour, their opacity, and how well that is known."""

import numpy as np

from vidinpaint.core.orientation import Turn
from vidinpaint.marks.placed import PlacedMark
from vidinpaint.numerics.morphology import bounding_box
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.images import data_uri, png
from vidinpaint.reporting.markup import Markup, element, section

MAX_MARKS = 6  # that are shown
MAX_DEVIATION = 0.2  # of the opacity: as uncertain, or more, is black
MIN_WIDTH = 240  # pixels of a picture on the page; smaller ones are enlarged
HINT = (
    "Colour over grey, opacity (white is opaque), and how well the opacity is known (white is exactly). Un-blended "
    "pixels are averaged with propagated and synthesised ones: the better a mark is known and the less opaque it is, "
    "the more they count."
)


def estimated_marks(evidence: Evidence) -> Markup:
    """The section with a picture of each mark; nothing where there are none."""
    placed = evidence.marks.placed
    if not placed:
        return Markup()
    figures = [_figure(mark, evidence.info.turn) for mark in placed[:MAX_MARKS]]
    return section("Marks", element("p", HINT, class_="hint"), element("div", *figures, class_="sheet"))


def _figure(mark: PlacedMark, turn: Turn) -> Markup | None:
    template, seen = mark.template, bounding_box(mark.support)
    if seen is None:
        return None
    region = seen.slices
    alpha, known = template.alpha[region], 1 - np.clip(template.deviation[region] / MAX_DEVIATION, 0, 1)
    blended = alpha[..., None] * template.colour[region] + 0.5 * (1 - alpha[..., None])
    pictures = (
        ("Colour", blended),
        ("Opacity", np.repeat(alpha[..., None], 3, -1)),
        ("Certainty", np.repeat(known[..., None], 3, -1)),
    )
    width = max(MIN_WIDTH, turn.size(*alpha.shape[::-1])[0])
    images = [
        element("img", src=data_uri("png", _png(picture, turn)), alt=name, width=width) for name, picture in pictures
    ]
    origin = "from the given template" if mark.known else f"estimated, confidence {mark.confidence:.2f}"
    box = f"{mark.x + seen.x}, {mark.y + seen.y}"
    caption = f"frames {mark.start} to {mark.stop - 1}, at {box}: opacity {float(alpha.max()):.2f}, {origin}"
    return element("figure", *images, element("figcaption", caption), class_="moment")


def _png(picture: np.ndarray, turn: Turn) -> bytes:
    upright = np.ascontiguousarray(turn(np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)))
    return png(np.dstack([upright, np.full(upright.shape[:2], 255, np.uint8)]))
