"""`draw_source` and `tint_source`: where each pixel came from, as colours."""

import numpy as np

from vidinpaint.core.canvas import Source

SOURCE_COLOURS = {  # RGB
    Source.ORIGINAL: (0, 0, 0),
    Source.PROPAGATED: (60, 160, 75),
    Source.UNBLENDED: (70, 120, 200),
    Source.SYNTHESISED: (230, 150, 40),
    Source.UNFILLED: (220, 40, 40),
}
"""Green: propagated from another frame; blue: un-blended; orange: synthesised; red: without a value."""


def tint_source(source: np.ndarray) -> np.ndarray:
    """uint8 (..., 3): the colour of every `Source` value of a map uint8 (...)."""
    tint = np.zeros((*source.shape, 3), np.uint8)
    for kind, colour in SOURCE_COLOURS.items():
        tint[source == kind] = colour
    return tint


def draw_source(source: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 3): the frame in grey, with inpainted pixels tinted by where they came from.

    source  uint8 (H, W), values of `Source`
    pixels  float32 (H, W, 3) RGB in [0, 1]
    """
    grey = np.repeat(pixels.mean(-1, keepdims=True), 3, -1) * 255
    inpainted = (source != Source.ORIGINAL)[..., None]
    return np.clip(np.where(inpainted, 0.4 * grey + 0.6 * tint_source(source), grey), 0, 255).astype(np.uint8)
