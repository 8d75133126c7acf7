"""The roughness of a surface, as one more channel next to the colours.

Colours alone favour flat patches: a mean of many guesses is smooth, and flat patches match it best, so rough surfaces
would become blurred. A channel of roughness that is voted for like the colours prevents that (Newson, Almansa, Fradet,
Gousseau, Perez 2014, Video Inpainting of Complex Scenes, section 3.3).
"""

import cv2
import numpy as np

SIZE = 3  # pixels, side of the square in which roughness is measured
GAIN = 8.0  # of roughness relative to colours; found on photographs


def with_texture(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """float32 (H, W, 4): the colours of image (H, W, 3) and its roughness, zero under the mask (H, W).

    Roughness is the mean absolute difference of horizontal neighbours plus that of vertical ones, times GAIN; only
    pairs of known pixels count.
    """
    grey = image.mean(2)
    roughness = np.zeros(mask.shape, np.float32)
    for dy, dx in ((0, 1), (1, 0)):
        first = slice(0, mask.shape[0] - dy), slice(0, mask.shape[1] - dx)
        second = slice(dy, None), slice(dx, None)
        counts = np.zeros(mask.shape, np.float32)
        counts[first] = ~(mask[first] | mask[second])
        step = np.zeros(mask.shape, np.float32)
        step[first] = np.abs(grey[second] - grey[first]) * counts[first]
        roughness += _box_sum(step) / np.maximum(_box_sum(counts), 1)
    roughness[mask] = 0
    return np.concatenate([image, GAIN * roughness[..., None]], axis=2)


def _box_sum(field: np.ndarray) -> np.ndarray:
    return cv2.boxFilter(field, -1, (SIZE, SIZE), normalize=False, borderType=cv2.BORDER_CONSTANT)
