"""`unblend`: the background under a half-transparent mark, B = (J - a C) / (1 - a), and how far to trust it.

Most footage stores chroma at half the resolution (4:2:0), so that the chroma of a pixel at the mark's edge was mixed
with its neighbours'. Luma is un-blended with the alpha of the pixel, chroma with the alpha of its neighbourhood: on 15
clips with imposed marks this gains .1 to 1.2 dB with white ones and 3 dB with a yellow one.
"""

import cv2
import numpy as np

from vidinpaint.marks.template import Template

NOISE = 2.5 / 255
"""Standard deviation of what compression adds to a picture: x264 at crf 18 to 23 makes 1.5 to 4 levels."""
OPAQUE = 0.97
"""Alpha from which on nothing can be said: noise and rounding grow more than thirtyfold."""
_LEAST = np.float32(1 - OPAQUE)
_TRACE = 1 / 255  # alpha that changes a picture of 8 bits by a level at most
_CHROMA_SPREAD = 1.0  # pixels: sigma of what a 2 x 2 block and its interpolation mix
_IMPOSSIBLE = 0.25  # beyond [0, 1]: the picture contradicts the template
_TO_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # BT.601; the split into luma and chroma may use any weights


def unblend(
    frames: np.ndarray,
    template: Template,
    opacity: np.ndarray | float = 1.0,
    noise: float = NOISE,
    subsampled: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Undo the blend in every frame.

    frames      float32 (T, h, w, 3): RGB in [0, 1], of the size of the template
    template    the mark
    opacity     float32 (T,), or one number: factor of the alpha in each frame, 0 where the mark is not there.
                Default: 1
    noise       standard deviation of the compression's noise. Default: `NOISE`
    subsampled  whether the clip stores chroma at half the resolution. Default: True

    Returns the background, float32 (T, h, w, 3) in [0, 1], and its standard deviation, float32 (T, h, w), the root
    mean square of the channels. The deviation holds noise and quantisation, which grow with 1 / (1 - alpha), the
    template's own deviation times |B - C| / (1 - alpha), and how far values lie beyond [0, 1]. It is infinite where
    alpha is near 1 or values far beyond are found; the background is what was observed there. Where the mark does not
    change the picture, that is returned with the deviation 0.
    """
    factor = np.broadcast_to(np.asarray(opacity, np.float32), len(frames))[:, None, None]
    alpha = np.clip(template.alpha * factor, 0, 1)
    rest = np.maximum(1 - alpha, _LEAST)
    added = template.alpha[..., None] * template.colour
    background = (frames - factor[..., None] * added) / rest[..., None]
    reach = template.alpha + template.deviation
    if subsampled:
        wide_alpha, wide_added = (cv2.GaussianBlur(part, (0, 0), _CHROMA_SPREAD) for part in (template.alpha, added))
        wide_rest = np.maximum(1 - factor * wide_alpha, _LEAST)
        wide = (frames - factor[..., None] * wide_added) / wide_rest[..., None]
        background = wide + ((background - wide) @ _TO_LUMA)[..., None]
        reach = reach + wide_alpha
    changed = reach * factor > _TRACE
    clipped = np.clip(background, 0, 1)
    beyond = np.abs(background - clipped).max(axis=-1)
    contrast = np.mean((clipped - template.colour) ** 2, axis=-1)
    variance = (np.float32(noise**2) + contrast * (template.deviation * factor) ** 2) / rest**2 + beyond**2
    lost = changed & ((alpha >= OPAQUE) | (beyond > _IMPOSSIBLE))
    deviation = np.where(lost, np.float32(np.inf), np.sqrt(variance * changed))
    return np.where((changed & ~lost)[..., None], clipped, frames), deviation.astype(np.float32)
