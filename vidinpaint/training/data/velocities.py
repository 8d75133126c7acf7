"""Windows of flow with masks: training examples of the flow completion network.

The motion is that of synthetic scenes (`motion.py`) on a coarse grid, blurred and disturbed like estimated flow. The
motion of the camera is subtracted as it is when a clip is inpainted (`flow/estimate.py`).
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
from vidinpaint.training.data.moving_masks import moving, static

KINDS = ("irregular", "free_form", "box", "box")
UNRELIABLE = round(NEAR / GRID)  # grid points around a mask where estimated flow is unreliable


@dataclass(frozen=True)
class Velocities:
    """A window on the grid, relative to the camera's motion, float32 (T, H, W, 2) in pixels per frame.

    to_next        to the next frame, smoothly interpolated where unknown
    from_previous  from the previous frame, likewise
    unknown        bool (T, H, W), True = to be completed
    mask           bool (T, H, W), True = inpaint
    truth          the true value of `to_next`
    """

    to_next: np.ndarray
    from_previous: np.ndarray
    unknown: np.ndarray
    mask: np.ndarray
    truth: np.ndarray


def random_window(random: np.random.Generator, frames: int, height: int, width: int) -> Velocities:
    """A random window; height and width in grid points."""
    scene = random_scene(random, frames, height * GRID, width * GRID, GRID, max_layers=5)
    owners = [scene.owner(t) for t in range(frames)]
    ahead = np.stack([scene.flow(t, t + 1, owners[t]) for t in range(frames - 1)])
    behind = np.stack([scene.flow(t, t - 1, owners[t]) for t in range(1, frames)])
    mask = any_mask(random, height, width, KINDS)
    masks = static(mask, frames) if random.random() < 0.5 else moving(random, mask, frames)
    return with_masks(ahead, behind, _estimated(ahead, random), _estimated(behind, random), masks)


def with_masks(
    ahead: np.ndarray, behind: np.ndarray, estimated_ahead: np.ndarray, estimated_behind: np.ndarray, masks: np.ndarray
) -> Velocities:
    """The window of true and of estimated flow, float32 (T - 1, H, W, 2) on the grid; masks bool (T, H, W)."""
    unknown = dilate(masks, UNRELIABLE)
    all_unknown = unknown.all((1, 2))
    unknown[all_unknown] = masks[all_unknown]
    planes_ahead, planes_behind = fit_planar(estimated_ahead, ~unknown[:-1]), fit_planar(estimated_behind, ~unknown[1:])
    size = masks.shape[1:]
    camera_ahead, camera_behind = planar_fields(planes_ahead, *size), planar_fields(planes_behind, *size)
    to_next, from_previous = _per_frame(estimated_ahead - camera_ahead, camera_behind - estimated_behind)
    truth, _ = _per_frame(ahead - camera_ahead, camera_behind - behind)
    return Velocities(
        smooth_interpolation(to_next, unknown), smooth_interpolation(from_previous, unknown), unknown, masks, truth
    )


def _per_frame(ahead: np.ndarray, behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Velocities (T, H, W, 2) to the next and from the previous frame; each stands in for the other at an end."""
    return np.concatenate([ahead, behind[-1:]]), np.concatenate([ahead[:1], behind])


def _estimated(flow: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Flow with the errors of an estimate: blurred edges and smooth noise."""
    sigma = random.uniform(0.3, 1.5)
    blurred = [cv2.GaussianBlur(field, (0, 0), sigma) for field in flow]
    noise = random.normal(0, random.uniform(0, 0.05), (len(flow), *(side // 4 + 1 for side in flow.shape[1:3]), 2))
    size = flow.shape[2], flow.shape[1]
    return np.stack([field + cv2.resize(n.astype(np.float32), size) for field, n in zip(blurred, noise)])
