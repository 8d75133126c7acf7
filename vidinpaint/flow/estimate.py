"""Flow for inpainting, in two passes: with the masks inpainted roughly, and again on a first result."""

from collections.abc import Callable

import cv2
import numpy as np

from vidinpaint.core.flow_pair import CAMERA_RESTS, FlowPair, camera_motion
from vidinpaint.flow.camera_compensation import compensate_camera
from vidinpaint.flow.completion import complete
from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.interface import FlowMethod
from vidinpaint.flow.planar import planar_fields
from vidinpaint.flow.static_pairs import static_pairs
from vidinpaint.flow.trajectory_completion import NO_GUESS, join_sides
from vidinpaint.flow.unreliable_flow import NEAR, unreliable_flow
from vidinpaint.numerics.laplace import push_pull, smooth_interpolation
from vidinpaint.numerics.morphology import dilate

Guess = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # see `LearnedCompletion`
MIN_MOTION = 0.05  # pixels per frame: less counts as no motion while the camera rests
NEAR_MASK = 3  # pixels around a mask where refined flow may be repaired


def first_flow(method: FlowMethod, frames: np.ndarray, masks: np.ndarray, guess: Guess | None = None) -> FlowPair:
    """Flow around the masks by `method`, completed under them.

    frames float32 (T, H, W, 3) in [0, 1], masks bool (T, H, W). Pixels under the masks are never read.
    guess  gives a further hypothesis of the motion under the masks. Default: none
    """
    still = static_pairs(frames, masks)
    inpainted = np.stack([_inpaint_roughly(frame, mask) for frame, mask in zip(frames, masks)])
    forward, backward = method.estimate(inpainted, ~still)
    compensate_camera(method, inpainted, ~dilate(masks, NEAR), forward, backward)
    del inpainted
    if not still.all():
        grey = np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]) * np.float32(255)
        forward, backward = under_mask(forward, backward, masks, grey, guess)
        forward[still] = backward[still] = 0
    return _flow_pair(forward, backward, still)


def refined_flow(method: FlowMethod, draft: np.ndarray, masks: np.ndarray, still: np.ndarray) -> FlowPair:
    """Flow estimated on a draft result; near the masks, inconsistent flow is interpolated smoothly.

    draft float32 (T, H, W, 3) in [0, 1], masks bool (T, H, W), still bool (T - 1,): pairs whose flow stays zero.
    """
    forward, backward = method.estimate(draft, ~still)
    near = dilate(masks, NEAR_MASK)
    wrong_forward = near[:-1] & (forward_backward_error(forward, backward, 1.0) > 1)
    wrong_backward = near[1:] & (forward_backward_error(backward, forward, 1.0) > 1)
    forward = smooth_interpolation(forward, wrong_forward)
    backward = smooth_interpolation(backward, wrong_backward)
    return _flow_pair(forward, backward, still)


def under_mask(
    forward: np.ndarray, backward: np.ndarray, masks: np.ndarray, grey: np.ndarray, guess: Guess | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Both flows float32 (T - 1, H, W, 2) with masked and unreliable pixels replaced; new arrays.

    By hypotheses of each pair of frames, then by trajectories over many frames. grey float32 (T, H, W) in 0..255.
    """
    if not masks.any():
        return forward, backward
    early, late = masks[:-1], masks[1:]
    wrong_ahead = unreliable_flow(forward, forward_backward_error(forward, backward), early, late, grey[:-1], grey[1:])
    wrong_behind = unreliable_flow(
        backward, forward_backward_error(backward, forward), late, early, grey[1:], grey[:-1]
    )
    ahead, planes_ahead = complete(forward, wrong_ahead, early, late, grey[:-1], grey[1:])
    behind, planes_behind = complete(backward, wrong_behind, late, early, grey[1:], grey[:-1])
    background_ahead = planar_fields(planes_ahead, *masks.shape[1:])
    background_behind = planar_fields(planes_behind, *masks.shape[1:])
    leaving = np.concatenate([ahead - background_ahead, (background_behind - behind)[-1:]])
    coming = np.concatenate([leaving[:1], background_behind - behind])
    unknown = dilate(masks, NEAR)
    third = guess(leaving, coming, unknown, masks) if guess else NO_GUESS
    velocity = join_sides(leaving, coming, unknown, masks, grey, planes_ahead, planes_behind, third)
    ahead[wrong_ahead] = (background_ahead + velocity[:-1])[wrong_ahead]
    behind[wrong_behind] = (background_behind - velocity[1:])[wrong_behind]
    return ahead, behind


def _inpaint_roughly(frame: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return push_pull(frame, ~mask) if mask.any() else frame


def _flow_pair(forward: np.ndarray, backward: np.ndarray, still: np.ndarray) -> FlowPair:
    _zero_negligible(forward)
    _zero_negligible(backward)
    return FlowPair(
        forward,
        backward,
        forward_backward_error(forward, backward),
        forward_backward_error(backward, forward),
        still,
    )


def _zero_negligible(flow: np.ndarray) -> None:
    """Set negligible motion to exactly zero, in place, in frames whose camera rests."""
    for field, camera in zip(flow, camera_motion(flow)):
        if np.abs(camera).max() < CAMERA_RESTS:
            field[(np.abs(field[..., 0]) < MIN_MOTION) & (np.abs(field[..., 1]) < MIN_MOTION)] = 0
