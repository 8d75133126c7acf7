"""Context encoder: one network synthesises the centre of an image from its surroundings, in one piece.

It knows a single size: 128 x 128 pixels, of which it synthesises the middle 64 x 64. The square around the masked
pixels is scaled so that they fit into the middle, and the result is scaled back; what lies outside the image is its
mirror image. So the resolution is low: a mask 560 pixels wide gets 56 pixels of detail, enlarged ten times. All known
pixels between the masked ones are hidden from the network too. It is of historical interest, as the first learned
inpainter of large masks.

When to use: small, compact masks, or for comparison. Cost: one run of a network. Source: Pathak et al. 2016, Context
Encoders: Feature Learning by Inpainting.
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, tensors
from vidinpaint.weights.catalogue import Weights, users_weights
from vidinpaint.weights.running import loaded_network

SIDE, HIDDEN = 128, 56
"""Sides of the network's input, and of its part that may be masked; see `vidinpaint.networks.context_encoder`."""
SMALLEST = 32
"""Least side of the square that is scaled to the network's input, in pixels: less would show too little around."""


@dataclass(frozen=True)
class ContextEncoder(LearnedInpainter):
    """Learned: the centre of 128 x 128 pixels from its surroundings (Pathak 2016); low resolution."""

    known_weights: ClassVar[tuple[Weights, ...]] = (
        users_weights("context_encoder"),
        Weights("context_encoder_paris", "context_encoder", "netG_streetview.pth",
                "Pathak 2016 on Paris StreetView, by BoyuanJiang",
                "https://github.com/BoyuanJiang/context_encoder_pytorch", "MIT (code); weights: see its page"),
    )  # fmt: skip

    def margin(self, height: int, width: int) -> int:
        return max(1, square_side(height, width) // 2)

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("context_encoder",), device)
        x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
        side = square_side(height, width)
        top, left = y + (height - side) // 2, x + (width - side) // 2
        square = np.ix_(mirrored(top, side, mask.shape[0]), mirrored(left, side, mask.shape[1]))
        way = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(start[square], (SIDE, SIDE), interpolation=way))
        whole = np.zeros((side, side), np.float32)
        whole[y - top :, x - left :][:height, :width] = mask[y : y + height, x : x + width]
        covered = cv2.resize(whole, (SIDE, SIDE), interpolation=way) > 0
        inpainted = as_array(network(*tensors(small, covered, device)), SIDE, SIDE)
        added = np.where(covered[..., None], inpainted - small, 0).astype(np.float32)
        back = cv2.INTER_CUBIC if side > SIDE else cv2.INTER_AREA
        enlarged = cv2.resize(added, (side, side), interpolation=back)
        result = start.copy()
        result[y : y + height, x : x + width] += enlarged[y - top :, x - left :][:height, :width]
        return result


def square_side(height: int, width: int) -> int:
    """Side of the square whose middle holds a mask of height x width pixels when the square is scaled to `SIDE`."""
    return max(SMALLEST, -(-max(height, width) * SIDE // HIDDEN))


def mirrored(first: int, count: int, length: int) -> np.ndarray:
    """The indices first, first + 1 ..., mirrored at the ends where they are outside 0 to length - 1."""
    index = np.arange(first, first + count) % (2 * length)
    return np.where(index < length, index, 2 * length - 1 - index)
