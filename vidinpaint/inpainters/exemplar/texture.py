"""How rough a surface is, as one more channel next to the colours.

Colours alone prefer flat patches: a mean of many guesses is smooth, and nothing matches it better than something flat,
so rough surfaces fill up with smears. A channel of roughness that travels with the votes prevents it (Newson, Almansa,
Fradet, Gousseau, Perez 2014, Video Inpainting of Complex Scenes, section 3.3).
"""

import cv2
import numpy as np

SIZE = 3  # pixels, side of the square that roughness is measured over
GAIN = 8.0  # of roughness against colours; found on photographs


def with_texture(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """float32 (H, W, 4): the colours of image (H, W, 3) and its roughness, zero under the mask (H, W).

    Roughness is the mean absolute difference of neighbours across plus that of neighbours down, times GAIN; only
    neighbours that are both known count.
    """
    grey = image.mean(2)
    roughness = np.zeros(mask.shape, np.float32)
    for dy, dx in ((0, 1), (1, 0)):
        one = slice(0, mask.shape[0] - dy), slice(0, mask.shape[1] - dx)
        other = slice(dy, None), slice(dx, None)
        counts = np.zeros(mask.shape, np.float32)
        counts[one] = ~(mask[one] | mask[other])
        step = np.zeros(mask.shape, np.float32)
        step[one] = np.abs(grey[other] - grey[one]) * counts[one]
        roughness += _box_sum(step) / np.maximum(_box_sum(counts), 1)
    roughness[mask] = 0
    return np.concatenate([image, GAIN * roughness[..., None]], axis=2)


def _box_sum(field: np.ndarray) -> np.ndarray:
    return cv2.boxFilter(field, -1, (SIZE, SIZE), normalize=False, borderType=cv2.BORDER_CONSTANT)
