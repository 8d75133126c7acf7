"""Windows of motion with masks: what the flow completion network learns from.

The motion is that of synthetic scenes (`motion.py`) on a coarse grid, blurred and disturbed as estimated flow is, with
the camera's taken out just as it is when a clip is inpainted (`flow/estimate.py`).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.flow.planar import fit_planar, planar_fields
from vidinpaint.flow.trajectory_completion import GRID
from vidinpaint.flow.unreliable_flow import NEAR
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.training.data.masks import any_mask
from vidinpaint.training.data.motion import random_scene
from vidinpaint.training.data.moving_masks import moving, still

KINDS = ("irregular", "free_form", "box", "box")
UNRELIABLE = round(NEAR / GRID)  # grid points around a mask where estimated flow is doubted


@dataclass(frozen=True)
class Velocities:
    """A window on the grid, relative to the camera's motion, float32 (T, H, W, 2) in pixels a frame.

    leaving   to the next frame, smoothly inpainted where unknown
    coming    from the frame before, likewise
    unknown   bool (T, H, W): to be completed
    mask      bool (T, H, W)
    truth     what `leaving` ought to be
    """

    leaving: np.ndarray
    coming: np.ndarray
    unknown: np.ndarray
    mask: np.ndarray
    truth: np.ndarray


def random_window(random: np.random.Generator, frames: int, height: int, width: int) -> Velocities:
    """height and width in grid points."""
    scene = random_scene(random, frames, height * GRID, width * GRID, GRID, most_layers=5)
    owners = [scene.owner(t) for t in range(frames)]
    ahead = np.stack([scene.flow(t, t + 1, owners[t]) for t in range(frames - 1)])
    behind = np.stack([scene.flow(t, t - 1, owners[t]) for t in range(1, frames)])
    mask = any_mask(random, height, width, KINDS)
    masks = still(mask, frames) if random.random() < 0.5 else moving(random, mask, frames)
    return with_masks(ahead, behind, _estimated(ahead, random), _estimated(behind, random), masks)


def with_masks(
    ahead: np.ndarray, behind: np.ndarray, seen_ahead: np.ndarray, seen_behind: np.ndarray, masks: np.ndarray
) -> Velocities:
    """The window of true flow float32 (T - 1, H, W, 2), on the grid, with what is seen of it outside of masks."""
    unknown = dilate(masks, UNRELIABLE)
    full = unknown.all((1, 2))
    unknown[full] = masks[full]
    planes_ahead, planes_behind = fit_planar(seen_ahead, ~unknown[:-1]), fit_planar(seen_behind, ~unknown[1:])
    size = masks.shape[1:]
    camera_ahead, camera_behind = planar_fields(planes_ahead, *size), planar_fields(planes_behind, *size)
    leaving, coming = _per_frame(seen_ahead - camera_ahead, camera_behind - seen_behind)
    truth, _ = _per_frame(ahead - camera_ahead, camera_behind - behind)
    return Velocities(
        smooth_interpolation(leaving, unknown), smooth_interpolation(coming, unknown), unknown, masks, truth
    )


def _per_frame(ahead: np.ndarray, behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Velocities (T, H, W, 2) leaving and coming; at the ends of time one stands for the other."""
    return np.concatenate([ahead, behind[-1:]]), np.concatenate([ahead[:1], behind])


def _estimated(flow: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Flow as an estimate has it: its borders blurred, a little wrong in patches."""
    sigma = random.uniform(0.3, 1.5)
    blurred = [cv2.GaussianBlur(field, (0, 0), sigma) for field in flow]
    noise = random.normal(0, random.uniform(0, 0.05), (len(flow), *(side // 4 + 1 for side in flow.shape[1:3]), 2))
    size = flow.shape[2], flow.shape[1]
    return np.stack([field + cv2.resize(n.astype(np.float32), size) for field, n in zip(blurred, noise)])
