"""Spatially discounted L1: errors deep inside a mask, where many results are plausible, weigh less than at its border.

Source: Yu 2018, Generative Image Inpainting with Contextual Attention, section 3: weight gamma^l at distance l from the
nearest known pixel.
"""

import cv2
import numpy as np
import torch
from torch import Tensor


def spatial_discount(mask: Tensor, gamma: float = 0.9) -> Tensor:
    """float32 (N, 1, H, W): gamma^l under the mask, l the distance to the nearest known pixel; 0 elsewhere.

    mask (N, 1, H, W) on the CPU, 1 = inpaint; gamma 0 to 1, 0.9 in the paper.
    """
    masks = (mask[:, 0] > 0).numpy().astype(np.uint8)
    distances = np.stack([cv2.distanceTransform(each, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for each in masks])
    return (gamma ** torch.from_numpy(distances))[:, None] * (mask > 0)


def discounted_l1(output: Tensor, truth: Tensor, mask: Tensor, discount: Tensor) -> Tensor:
    """Mean of discount |output - truth| over all values under the masks of a batch."""
    distance = (output - truth).abs() * discount * mask
    return distance.sum() / (mask.sum() * output.shape[1]).clamp(min=1)
