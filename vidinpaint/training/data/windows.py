"""Windows of frames with masks as examples for networks that inpaint clips: photos that move, and real clips."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidinpaint.training.data.clips import Clips
from vidinpaint.training.data.masks import Random, any_mask
from vidinpaint.training.data.motion import random_scene, textures
from vidinpaint.training.data.moving_masks import moving, still
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import tensor_of
from vidinpaint.training.recipe import Batch

LAYERS = 2
"""Things that move apart from the background, at most."""
REAL = 0.5
"""Share of windows from real clips, where there are any."""
SPEED = 0.04
"""Of moving masks, at most, in parts of the shorter side a frame."""


@dataclass(frozen=True)
class Windows:
    """Where windows come from, and how large they are.

    photos   a folder of photos, for scenes whose layers move
    clips    a folder of clips; empty: photos alone
    kinds    of masks, of `vidinpaint.training.data.masks`; they stand still or move, as chance has it
    """

    photos: str
    clips: str
    frames: int
    size: int
    kinds: Sequence[str]

    def draw(self, random: Random) -> tuple[np.ndarray, np.ndarray]:
        """Frames float32 (T, size, size, 3) in [0, 1], and masks bool (T, size, size), True = inpaint."""
        mask = any_mask(random, self.size, self.size, self.kinds)
        masks = still(mask, self.frames) if random.random() < 0.5 else moving(random, mask, self.frames, SPEED)
        if self.clips and random.random() < REAL:
            return Clips(self.clips).window(random, self.frames, self.size, self.size), masks
        scene = random_scene(random, self.frames, self.size, self.size, most_layers=LAYERS)
        shown = textures(scene, Photos(self.photos), random)
        frames = np.stack([scene.frame(t, shown) for t in range(self.frames)])
        return frames.astype(np.float32), masks


def window_batch(windows: Sequence[tuple[np.ndarray, np.ndarray]]) -> Batch:
    """truth float32 (N, 3, T, H, W) in [-1, 1], mask (N, 1, T, H, W), 1 = inpaint, of frames and masks."""
    frames, masks = (np.stack(values) for values in zip(*windows))
    return {
        "truth": (tensor_of(frames) * 2 - 1).transpose(1, 2).contiguous(),
        "mask": tensor_of(masks[..., None]).transpose(1, 2).contiguous(),
    }
