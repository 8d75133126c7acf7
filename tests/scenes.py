"""Small scenes with known motion and truth, for the tests."""

import cv2
import numpy as np


def texture(height: int, width: int, seed: int = 0) -> np.ndarray:
    """float32 (height, width, 3) in [0, 1]: noise at several scales, like foliage."""
    random = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for scale, weight in ((2, 0.2), (5, 0.3), (13, 0.5), (40, 0.6)):
        coarse = random.standard_normal((height // scale + 3, width // scale + 3, 3)).astype(np.float32)
        picture += weight * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    low, high = np.quantile(picture, (0.01, 0.99))
    return np.clip((picture - low) / (high - low), 0, 1).astype(np.float32)


def pan(frames: int, height: int, width: int, dx: float, dy: float = 0.0, seed: int = 0) -> np.ndarray:
    """float32 (T, H, W, 3): a camera that moves over a still picture by (dx, dy) pixels a frame."""
    reach_x, reach_y = int(abs(dx) * frames) + 4, int(abs(dy) * frames) + 4
    world = texture(height + 2 * reach_y, width + 2 * reach_x, seed)
    views = []
    for t in range(frames):
        shift = np.array([[1, 0, reach_x + dx * t], [0, 1, reach_y + dy * t]], np.float32)
        views.append(cv2.warpAffine(world, shift, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP))
    return np.clip(np.stack(views), 0, 1).astype(np.float32)


def box_masks(frames: int, height: int, width: int, box: tuple[int, int, int, int]) -> np.ndarray:
    """bool (T, H, W): the same rectangle x, y, w, h in all frames."""
    x, y, w, h = box
    masks = np.zeros((frames, height, width), bool)
    masks[:, y : y + h, x : x + w] = True
    return masks


def psnr(result: np.ndarray, truth: np.ndarray, where: np.ndarray) -> float:
    """dB over the pixels where."""
    return float(-10 * np.log10(np.mean((result[where] - truth[where]) ** 2)))
