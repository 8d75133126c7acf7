"""One picture of a shot drawn onto part of another: by the homography, then by the flow that is left.

A homography holds for a plane; what stands before or behind it is off by some pixels. That rest is estimated as flow
where both are known and continued smoothly under the mask. Larger rests are things that move on their own.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.dis import Dis, one_opencv_thread
from vidinpaint.numerics.laplace import ROUGH, push_pull, smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.reference_frames.alignment import IDENTITY, Picture

UNRELIABLE = 8  # pixels around unknown ones where estimated flow is not to be trusted
LARGEST = 6.0  # pixels of flow that the plane may leave; more is another motion


@dataclass(frozen=True)
class WarpedSource:
    """A source as the target would show it: pixels float32 (h, w, 3), valid bool (h, w), label uint8 (h, w), Source."""

    pixels: np.ndarray
    valid: np.ndarray
    label: np.ndarray


def draw(
    target: np.ndarray, unknown: np.ndarray, box: Box, source: Picture, label: np.ndarray, matrix: np.ndarray
) -> WarpedSource:
    """Draw `source` onto the crop `box` of a target.

    target   float32 (h, w, 3), unknown bool (h, w): the crop and what is not known of it
    label    uint8 (H, W): where each pixel of the source came from
    matrix   from pixels of the whole target to those of the source
    """
    if matrix is IDENTITY:
        here = box.slices
        return WarpedSource(source.pixels[here].astype(np.float32), ~source.mask[here], label[here])
    x, y = _positions(matrix, box, np.zeros((box.height, box.width, 2), np.float32))
    first = _sampled(source, label, x, y)
    rest = _rest(target, unknown, first)
    return _sampled(source, label, *_positions(matrix, box, rest))


def _positions(matrix: np.ndarray, box: Box, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 (h, w) twice: where every pixel of the crop, shifted, lies in the source."""
    x = np.arange(box.x, box.x + box.width) + shift[..., 0]
    y = np.arange(box.y, box.y + box.height)[:, None] + shift[..., 1]
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in matrix)
    return (u / w).astype(np.float32), (v / w).astype(np.float32)


def _sampled(source: Picture, label: np.ndarray, x: np.ndarray, y: np.ndarray) -> WarpedSource:
    pixels = cv2.remap(source.pixels.astype(np.float32), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    hidden = cv2.remap(
        source.mask.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=1
    )
    from_ = cv2.remap(label, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return WarpedSource(np.clip(pixels, 0, 1), hidden < 0.01, from_)


def _rest(target: np.ndarray, unknown: np.ndarray, drawn: WarpedSource) -> np.ndarray:
    """float32 (h, w, 2): the flow from the target to the drawn source, smooth where either is unknown."""
    both = ~unknown & drawn.valid
    if not both.any():
        return np.zeros((*unknown.shape, 2), np.float32)
    # both are covered alike, so that the cover itself moves nowhere
    greys = [_grey(push_pull(picture, both)) for picture in (target, drawn.pixels)]
    with one_opencv_thread():
        search = Dis("fast")
        there, back = search.between(*greys), search.between(greys[1], greys[0])
    wrong = forward_backward_error(there[None], back[None])[0] > 1
    wrong |= np.hypot(there[..., 0], there[..., 1]) > LARGEST
    wrong |= dilate(~both, UNRELIABLE)
    return np.asarray(smooth_interpolation(there[None], wrong[None], ROUGH)[0])


def _grey(picture: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) * np.float32(255)
    return np.asarray(np.clip(grey + 0.5, 0, 255).astype(np.uint8))
