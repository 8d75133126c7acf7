"""Camera compensation: pairs of frames whose flow failed are estimated again without the camera's motion.

A pyramid must find the camera's motion first, on its coarsest level. On a small crop that is mostly mask, or under
grain, it can miss it, and finer levels cannot correct that; on a repeating pattern it can find another motion, the same
in both directions. So where the two directions disagree on many known pixels, or the camera seems to jump, the second
frame is shifted by the camera motion of the neighbouring pairs, in whole pixels (which does not blur), and the
remaining motion is estimated. The flow with the lower cost is used.
"""

import cv2
import numpy as np

from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.interface import FlowMethod

MAX_DISAGREEING = 0.15  # share of the known pixels on which the two directions may disagree
MIN_JUMP, MIN_JUMP_SHARE = 2.0, 0.5  # pixels per frame, and share of the camera's motion, that count as a jump
MIN_MOTION = 1.0  # pixels per frame that the camera must move to be compensated
MAX_COST_RATIO = 0.95  # largest ratio of the new flow's cost to the old one's at which the new flow is used
MAX_DIFFERENCE = 25.0  # grey levels: limit of a pixel's cost, and its cost where the two directions disagree
NEIGHBOURS = 2  # pairs before and after from which the camera's motion is taken
MIN_PIXELS = 100  # consistent pixels that a pair needs for its median motion to count


def compensate_camera(
    method: FlowMethod, frames: np.ndarray, known: np.ndarray, forward: np.ndarray, backward: np.ndarray
) -> None:
    """Replace, in place, the pairs of flow float32 (T - 1, H, W, 2) that improve by camera compensation.

    frames float32 (T, H, W, 3) in [0, 1] that flow was estimated on; known bool (T, H, W): where the cost is measured.
    """
    if not len(forward):
        return
    agreed = known[:-1] & (forward_backward_error(forward, backward) <= 1)
    disagreeing = 1 - agreed.sum((1, 2)) / np.maximum(known[:-1].sum((1, 2)), 1)
    own, camera = _camera(forward, agreed)
    jump = np.abs(own - camera).max(1) > np.maximum(MIN_JUMP, MIN_JUMP_SHARE * np.abs(camera).max(1))
    pairs = np.flatnonzero(((disagreeing > MAX_DISAGREEING) | jump) & (np.abs(camera).max(1) > MIN_MOTION))
    if not len(pairs):
        return
    moved = np.stack([frame for pair in pairs for frame in (frames[pair], _shifted(frames[pair + 1], camera[pair]))])
    wanted = np.arange(len(moved) - 1) % 2 == 0
    ahead, behind = (flow[wanted] for flow in method.estimate(moved, wanted))
    behind = np.stack([_shifted(flow, -camera[pair]) for flow, pair in zip(behind, pairs)])
    ahead += camera[pairs, None, None].astype(np.float32)
    behind -= camera[pairs, None, None].astype(np.float32)
    agreed_now = known[pairs] & (forward_backward_error(ahead, behind) <= 1)
    for k, pair in enumerate(pairs):
        two = frames[pair], frames[pair + 1], known[pair]
        if _cost(*two, ahead[k], agreed_now[k]) < MAX_COST_RATIO * _cost(*two, forward[pair], agreed[pair]):
            forward[pair], backward[pair] = ahead[k], behind[k]


def _cost(first: np.ndarray, second: np.ndarray, known: np.ndarray, flow: np.ndarray, agreed: np.ndarray) -> float:
    """Mean difference in grey levels along the flow over the known pixels."""
    y, x = np.mgrid[: known.shape[0], : known.shape[1]].astype(np.float32)
    shown = cv2.remap(second, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    difference = np.minimum(np.abs(shown - first).mean(-1) * 255, MAX_DIFFERENCE)
    return float(np.where(agreed, difference, MAX_DIFFERENCE)[known].mean())


def _camera(flow: np.ndarray, agreed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median motion of each pair float64 (P, 2), and the camera's int64 (P, 2): the median over neighbouring pairs."""
    enough = agreed.sum((1, 2)) >= MIN_PIXELS
    medians = np.array(
        [np.median(flow[p][agreed[p]], axis=0) if enough[p] else (np.nan, np.nan) for p in range(len(flow))]
    )
    camera = np.zeros((len(flow), 2), np.int64)
    for pair in range(len(flow)):
        around = medians[max(0, pair - NEIGHBOURS) : pair + NEIGHBOURS + 1]
        around = around[~np.isnan(around[:, 0])]
        if len(around):
            camera[pair] = np.rint(np.median(around, axis=0))
    return np.where(enough[:, None], medians, camera), camera


def _shifted(picture: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The picture (H, W, C) as seen by a camera that moved by (dx, dy); edge pixels are repeated outside."""
    height, width = picture.shape[:2]
    rows = np.clip(np.arange(height) + shift[1], 0, height - 1)
    columns = np.clip(np.arange(width) + shift[0], 0, width - 1)
    return np.asarray(picture[rows][:, columns])
