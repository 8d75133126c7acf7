"""Flow of large frames, estimated and completed on smaller ones.

Motion is smooth but for its edges, and what pixels are carried by may be a quarter of a pixel off: half the size loses
nothing that shows, and takes a quarter of the time and memory.
"""

import cv2
import numpy as np

from vidinpaint.flow_pair import FlowPair


def halvings(width: int, height: int, longest: int) -> int:
    """How often to halve a frame until its longer side has `longest` pixels at the most."""
    times = 0
    while max(width, height) >> times > longest:
        times += 1
    return times


def halved(frames: np.ndarray, times: int) -> np.ndarray:
    """Frames float32 (T, H, W, 3) shrunk; the same array for no times."""
    if not times:
        return frames
    return np.stack([cv2.resize(frame, _smaller(frame, times), interpolation=cv2.INTER_AREA) for frame in frames])


def halved_holes(holes: np.ndarray, times: int) -> np.ndarray:
    """Holes bool (T, H, W) shrunk: a small pixel is hole where any of those it stands for is."""
    if not times:
        return holes
    masks = holes.astype(np.float32)
    return np.stack([cv2.resize(mask, _smaller(mask, times), interpolation=cv2.INTER_AREA) > 0 for mask in masks])


def enlarged(flow: FlowPair, height: int, width: int) -> FlowPair:
    """Flow for frames of height x width pixels from that of smaller ones; the same for the same size."""
    small_height, small_width = flow.forward.shape[1:3]
    if (small_height, small_width) == (height, width):
        return flow
    scale = np.array([width / small_width, height / small_height], np.float32)

    def stack(fields: np.ndarray, times: np.ndarray | int) -> np.ndarray:
        large = np.empty((len(fields), height, width, *fields.shape[3:]), np.float32)
        for target, field in zip(large, fields):
            target[:] = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR) * times
        return large

    return FlowPair(
        stack(flow.forward, scale),
        stack(flow.backward, scale),
        stack(flow.forward_error, 1),
        stack(flow.backward_error, 1),
        flow.static,
    )


def _smaller(picture: np.ndarray, times: int) -> tuple[int, int]:
    """Width and height, rounded up."""
    height, width = picture.shape[:2]
    return -(-width >> times), -(-height >> times)
