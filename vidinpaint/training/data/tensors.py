"""Images as tensors and back."""

import numpy as np
import torch
from torch import Tensor


def tensor_of(images: np.ndarray) -> Tensor:
    """(..., H, W, C) as float32 (..., C, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(images, -1, -3), dtype=np.float32))


def array_of(tensor: Tensor) -> np.ndarray:
    """(..., C, H, W) as float32 (..., H, W, C)."""
    return np.ascontiguousarray(np.moveaxis(tensor.detach().float().cpu().numpy(), -3, -1))


def rgb8_of(tensor: Tensor) -> np.ndarray:
    """(..., 3, H, W) in [-1, 1] as uint8 (..., H, W, 3)."""
    return np.rint(np.clip(array_of(tensor + 1) * 127.5, 0, 255)).astype(np.uint8)
