"""Windows of frames with masks, of moving photos and real clips, for networks that inpaint clips."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidinpaint.training.data.clips import Clips
from vidinpaint.training.data.masks import Random, any_mask
from vidinpaint.training.data.motion import random_scene, textures
from vidinpaint.training.data.moving_masks import moving, static
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import tensor_of
from vidinpaint.training.recipe import Batch

MAX_LAYERS = 2
"""Moving layers in front of the background."""
REAL_PROBABILITY = 0.5
"""Probability of a real clip, if there are clips."""
MAX_SPEED = 0.04
"""Of moving masks, as a fraction of the shorter side per frame."""


@dataclass(frozen=True)
class Windows:
    """Sources, size and masks of random windows.

    photos   folder of photos, for scenes with moving layers
    clips    folder of clips; "": photos only
    frames   frames per window
    size     side of a window, in pixels
    kinds    kinds of masks, see `vidinpaint.training.data.masks`; each mask is static or moves, with equal probability
    """

    photos: str
    clips: str
    frames: int
    size: int
    kinds: Sequence[str]

    def draw(self, random: Random) -> tuple[np.ndarray, np.ndarray]:
        """Frames float32 (T, size, size, 3) in [0, 1], and masks bool (T, size, size), True = inpaint."""
        mask = any_mask(random, self.size, self.size, self.kinds)
        masks = static(mask, self.frames) if random.random() < 0.5 else moving(random, mask, self.frames, MAX_SPEED)
        if self.clips and random.random() < REAL_PROBABILITY:
            return Clips(self.clips).window(random, self.frames, self.size, self.size), masks
        scene = random_scene(random, self.frames, self.size, self.size, max_layers=MAX_LAYERS)
        layer_textures = textures(scene, Photos(self.photos), random)
        frames = np.stack([scene.frame(t, layer_textures) for t in range(self.frames)])
        return frames.astype(np.float32), masks


def window_batch(windows: Sequence[tuple[np.ndarray, np.ndarray]]) -> Batch:
    """truth float32 (N, 3, T, H, W) in [-1, 1], mask (N, 1, T, H, W), 1 = inpaint, of windows of `Windows.draw`."""
    frames, masks = (np.stack(values) for values in zip(*windows))
    return {
        "truth": (tensor_of(frames) * 2 - 1).transpose(1, 2).contiguous(),
        "mask": tensor_of(masks[..., None]).transpose(1, 2).contiguous(),
    }
