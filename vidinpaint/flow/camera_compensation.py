"""Estimating again what failed, with the camera's motion taken out.

A pyramid has to find the camera's motion first, on its coarsest pictures. On a small crop, most of it mask, or under
grain it misses, and nothing finer mends that; on a pattern that repeats it finds another motion, both ways alike. So
where the two ways disagree on much of what is known, or the camera seems to jump, the partner is moved by what its
neighbours in time say of the camera, in whole pixels (nothing blurs), and what is left is estimated. The better stays.
"""

import cv2
import numpy as np

from vidinpaint.flow.consistency import forward_backward_error
from vidinpaint.flow.interface import FlowMethod

FAILED = 0.15  # share of the known pixels on which the two ways disagree
JUMP, JUMP_SHARE = 2.0, 0.5  # pixels, and share of its motion, by which the camera seems to change at once
MOVES = 1.0  # pixels that the camera moves at the least, else there is nothing to take out
BETTER = 0.95  # of the cost before
WORST = 25.0  # grey levels that a pixel costs at the most, and where the two ways disagree
NEIGHBOURS = 2  # pairs before and after that are asked for the camera's motion
FEWEST = 100  # pixels that agree; fewer say nothing about the camera


def compensate_camera(
    method: FlowMethod, frames: np.ndarray, known: np.ndarray, forward: np.ndarray, backward: np.ndarray
) -> None:
    """Replace, in place, the pairs of flow float32 (T - 1, H, W, 2) that come out better over the camera's motion.

    frames float32 (T, H, W, 3) as they were estimated on, known bool (T, H, W): where flow counts.
    """
    if not len(forward):
        return
    agreed = known[:-1] & (forward_backward_error(forward, backward) <= 1)
    disagreeing = 1 - agreed.sum((1, 2)) / np.maximum(known[:-1].sum((1, 2)), 1)
    own, camera = _camera(forward, agreed)
    jump = np.abs(own - camera).max(1) > np.maximum(JUMP, JUMP_SHARE * np.abs(camera).max(1))
    pairs = np.flatnonzero(((disagreeing > FAILED) | jump) & (np.abs(camera).max(1) > MOVES))
    if not len(pairs):
        return
    moved = np.stack([frame for pair in pairs for frame in (frames[pair], _moved(frames[pair + 1], camera[pair]))])
    wanted = np.arange(len(moved) - 1) % 2 == 0
    there, back = (flow[wanted] for flow in method.estimate(moved, wanted))
    back = np.stack([_moved(flow, -camera[pair]) for flow, pair in zip(back, pairs)])
    there += camera[pairs, None, None].astype(np.float32)
    back -= camera[pairs, None, None].astype(np.float32)
    agreed_now = known[pairs] & (forward_backward_error(there, back) <= 1)
    for k, pair in enumerate(pairs):
        two = frames[pair], frames[pair + 1], known[pair]
        if _cost(*two, there[k], agreed_now[k]) < BETTER * _cost(*two, forward[pair], agreed[pair]):
            forward[pair], backward[pair] = there[k], back[k]


def _cost(here: np.ndarray, there: np.ndarray, known: np.ndarray, flow: np.ndarray, agreed: np.ndarray) -> float:
    """Mean grey difference along the flow over what is known."""
    y, x = np.mgrid[: known.shape[0], : known.shape[1]].astype(np.float32)
    shown = cv2.remap(there, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    difference = np.minimum(np.abs(shown - here).mean(-1) * 255, WORST)
    return float(np.where(agreed, difference, WORST)[known].mean())


def _camera(flow: np.ndarray, agreed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair's median motion float64 (P, 2), and the camera's in whole pixels int64 (P, 2), over its neighbours."""
    enough = agreed.sum((1, 2)) >= FEWEST
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


def _moved(picture: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The picture (H, W, C) as seen by a camera that has followed the shift (dx, dy); its edge goes on outside."""
    height, width = picture.shape[:2]
    rows = np.clip(np.arange(height) + shift[1], 0, height - 1)
    columns = np.clip(np.arange(width) + shift[0], 0, width - 1)
    return np.asarray(picture[rows][:, columns])
