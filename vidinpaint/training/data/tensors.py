"""Pictures as tensors and back."""

import numpy as np
import torch
from torch import Tensor


def tensor_of(pictures: np.ndarray) -> Tensor:
    """float32 (..., H, W, C) as (..., C, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(pictures, -1, -3), dtype=np.float32))


def picture_of(tensor: Tensor) -> np.ndarray:
    """(..., C, H, W) as float32 (..., H, W, C)."""
    return np.ascontiguousarray(np.moveaxis(tensor.detach().float().cpu().numpy(), -3, -1))
