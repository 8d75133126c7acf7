"""Frames as perceptual metrics need them."""

import numpy as np
import torch
from torch import Tensor


def image_tensor(frame: np.ndarray) -> Tensor:
    """A frame uint8 (H, W, 3) as float32 (1, 3, H, W) in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(frame)).permute(2, 0, 1)[None].float() / 127.5 - 1
