"""One frame of a shot warped onto a crop of another: by the homography, then along the remaining flow.

A homography holds for a plane; what is in front of it or behind it is off by some pixels. This parallax is estimated as
flow where both frames are known, and interpolated smoothly under the mask. Larger flow is of objects that move.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.dis import Dis, grey_levels, one_opencv_thread
from vidinpaint.numerics.laplace import ROUGH, push_pull, smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.reference_frames.alignment import IDENTITY, ShotFrame

UNRELIABLE_RADIUS = 8  # pixels around unknown ones in which estimated flow is unreliable
MAX_PARALLAX = 6.0  # pixels of flow away from the plane; more is another motion


@dataclass(frozen=True)
class WarpedSource:
    """A source as the crop of the target would show it.

    pixels      float32 (h, w, 3) RGB in [0, 1]
    valid       bool (h, w): which of them the source knows
    provenance  uint8 (h, w), `Source`: where the source itself has them from
    """

    pixels: np.ndarray
    valid: np.ndarray
    provenance: np.ndarray


def warp_source(
    target: np.ndarray, unknown: np.ndarray, box: Box, source: ShotFrame, provenance: np.ndarray, homography: np.ndarray
) -> WarpedSource:
    """Warp `source` onto the crop `box` of a target.

    target      float32 (h, w, 3), unknown bool (h, w): the crop of the target, and which of its pixels are unknown
    provenance  uint8 (H, W), `Source`: where each pixel of the source came from
    homography  from pixels of the whole target to those of the source
    """
    if homography is IDENTITY:
        region = box.slices
        return WarpedSource(source.pixels[region].astype(np.float32), ~source.mask[region], provenance[region])
    no_flow = np.zeros((box.height, box.width, 2), np.float32)
    by_plane = _sample(source, provenance, *_positions(homography, box, no_flow))
    parallax = _parallax(target, unknown, by_plane)
    return _sample(source, provenance, *_positions(homography, box, parallax))


def _positions(homography: np.ndarray, box: Box, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 (h, w) twice: x and y in the source of every pixel of the crop, moved by the flow."""
    x = np.arange(box.x, box.x + box.width) + flow[..., 0]
    y = np.arange(box.y, box.y + box.height)[:, None] + flow[..., 1]
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in homography)
    return (u / w).astype(np.float32), (v / w).astype(np.float32)


def _sample(source: ShotFrame, provenance: np.ndarray, x: np.ndarray, y: np.ndarray) -> WarpedSource:
    pixels = cv2.remap(source.pixels.astype(np.float32), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    unknown = cv2.remap(
        source.mask.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=1
    )
    sampled = cv2.remap(provenance, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return WarpedSource(np.clip(pixels, 0, 1), unknown < 0.01, sampled)


def _parallax(target: np.ndarray, unknown: np.ndarray, warped: WarpedSource) -> np.ndarray:
    """Flow float32 (h, w, 2) from the target to the warped source, smooth where either is unknown."""
    known = ~unknown & warped.valid
    if not known.any():
        return np.zeros((*unknown.shape, 2), np.float32)
    # unknown pixels are interpolated alike in both, so that the interpolated areas have no motion of their own
    greys = [grey_levels(push_pull(pixels, known)) for pixels in (target, warped.pixels)]
    with one_opencv_thread():
        dis = Dis("fast")
        forward, backward = dis.between(*greys), dis.between(greys[1], greys[0])
    unreliable = forward_backward_error(forward[None], backward[None])[0] > 1
    unreliable |= np.hypot(forward[..., 0], forward[..., 1]) > MAX_PARALLAX
    unreliable |= dilate(~known, UNRELIABLE_RADIUS)
    return np.asarray(smooth_interpolation(forward[None], unreliable[None], ROUGH)[0])
