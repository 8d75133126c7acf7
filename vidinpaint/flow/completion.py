"""Motion under the masks: hypotheses about it, and the choice between them by what the pictures around show.

Flow under a mask cannot be estimated, and near one it is wrong. Both are thrown away, and replaced by either a
harmonic fill (Laplace's equation on the flow) or the motion of one plane (`planar.py`), whichever explains the known
pixels around each connected mask better. Propagating only one of the two costs 1.4 and 0.4 dB.
"""

import cv2
import numpy as np

from vidinpaint.flow.planar import fit_planar, planar_fields, planar_motion
from vidinpaint.flow.unreliable_flow import NEAR
from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.laplace import ROUGH, smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.numerics.warping import bilinear

RING = 8  # pixels around a mask on which the hypotheses are compared
WORST = 25.0  # grey levels beyond which one pixel's error does not count further
RESTING = 0.05  # pixels a frame below which a plane does not move
FEWEST = 30  # ring pixels below which nothing can be compared: then the plane


def complete(
    flow: np.ndarray,
    unreliable: np.ndarray,
    masks: np.ndarray,
    masks_there: np.ndarray,
    grey: np.ndarray,
    grey_there: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Flow with what is unreliable inpainted in, a new array; and the planes' parameters, float64 (P, 8).

    flow          float32 (P, H, W, 2), from each picture to its partner
    unreliable        bool (P, H, W): where it is not to be trusted, the masks at least (`unreliable.py`)
    masks         bool (P, H, W) of the pictures, `masks_there` of the partners
    grey          float32 (P, H, W) grey levels 0..255 of the pictures, `grey_there` of the partners
    """
    smooth = smooth_interpolation(flow, unreliable, ROUGH)
    near = dilate(masks, NEAR)
    planes = fit_planar(flow, ~near)
    _rest(planes, near)
    planar = _choose(smooth, planes, unreliable, masks, masks_there, grey, grey_there)
    run_in_ranges(_apply, len(planar), smooth, planes, planar)
    return smooth, planes


def _rest(planes: np.ndarray, near: np.ndarray) -> None:
    """Planes that hardly move around the masks stand still: exactly zero neither blurs nor drifts; in place."""
    length = np.linalg.norm(planar_fields(planes, *near.shape[1:]), axis=-1)
    mean = (length * near).sum((1, 2)) / np.maximum(near.sum((1, 2)), 1)
    planes[mean < RESTING] = 0


def _choose(
    smooth: np.ndarray,
    planes: np.ndarray,
    unreliable: np.ndarray,
    masks: np.ndarray,
    masks_there: np.ndarray,
    grey: np.ndarray,
    grey_there: np.ndarray,
) -> np.ndarray:
    """bool (P, H, W): where the plane is to be used; one answer for each connected part of `unreliable`."""
    planar = np.zeros(unreliable.shape, bool)
    clean_there = ~dilate(masks_there, 1, "square")
    ring = dilate(masks, RING, "square") & ~dilate(masks, 1, "square")
    errors = np.full((*ring.shape, 2), -1, np.float32)
    run_in_ranges(_measure_ring, len(ring), smooth, planes, ring, clean_there, grey, grey_there, errors)
    for pair in range(len(unreliable)):
        count, label = cv2.connectedComponents(unreliable[pair].astype(np.uint8))
        both = errors[pair, ..., 0] >= 0
        parts = label[both]
        total = np.bincount(parts, minlength=count)
        smooth_error, plane_error = (
            np.bincount(parts, errors[pair, ..., which][both], count) / np.maximum(total, 1) for which in (0, 1)
        )
        use_plane = (plane_error <= 0.9 * smooth_error + 0.3) | (total <= FEWEST)
        use_plane[0] = False
        planar[pair] = use_plane[label]
    return planar


@kernel
def _measure_ring(  # type: ignore[no-untyped-def]
    start, stop, smooth, planes, ring, clean_there, grey, grey_there, errors
):  # fmt: skip
    """errors (P, H, W, 2): grey difference by the smooth fill and by the plane; unchanged where either is unseen."""
    _, H, W = ring.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                if not ring[pair, y, x]:
                    continue
                smooth_error, plane_error = np.float32(-1), np.float32(-1)
                for which in range(2):
                    if which == 0:
                        dx, dy = smooth[pair, y, x, 0], smooth[pair, y, x, 1]
                    else:
                        dx, dy = planar_motion(planes, pair, np.float64(x), np.float64(y), H, W)
                    at_x, at_y = np.float32(x) + dx, np.float32(y) + dy
                    if at_x < 0 or at_y < 0 or at_x > W - 1 or at_y > H - 1:
                        break
                    if not clean_there[pair, int(at_y + 0.5), int(at_x + 0.5)]:
                        break
                    difference = abs(bilinear(grey_there[pair], at_x, at_y) - grey[pair, y, x])
                    smooth_error, plane_error = plane_error, min(difference, np.float32(WORST))
                else:
                    errors[pair, y, x, 0], errors[pair, y, x, 1] = smooth_error, plane_error


@kernel
def _apply(start, stop, smooth, planes, planar):  # type: ignore[no-untyped-def]
    """Put the plane's motion into the smooth fill where it was chosen, in place."""
    _, H, W = planar.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                if planar[pair, y, x]:
                    dx, dy = planar_motion(planes, pair, np.float64(x), np.float64(y), H, W)
                    smooth[pair, y, x, 0], smooth[pair, y, x, 1] = dx, dy
