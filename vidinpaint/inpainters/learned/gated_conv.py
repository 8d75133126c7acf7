"""Gated convolutions (DeepFill v2): a coarse and a refined result, with known patches copied by attention.

The convolutions learn where to trust their input; attention composes the pixels under the mask from known patches. A
sketch determines where lines run, with weights that were trained with sketches.

When to use: masks of any size in photos like those it was trained on, and lines drawn in a sketch. Cost: one run of the
network; the memory for attention grows with the fourth power of `largest`: about 0.7 GB at 512 pixels, 10 GB at 1024.
Source: Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.errors import ImageError, SettingError
from vidinpaint.core.settings import setting
from vidinpaint.core.window import Box
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.weights.catalogue import Weights, own_weights
from vidinpaint.weights.running import loaded_network

DEEPFILL = "https://github.com/nipponjo/deepfillv2-pytorch"
DERIVED, AUTHORS = "see its page; made from weights for non-commercial use", "CC BY-NC 4.0, as the authors'"

WHOLE_IMAGE = 1 << 20  # pixels of margin
LINE_THRESHOLD = 127  # larger grey values are a line


@dataclass(frozen=True)
class GatedConv(LearnedInpainter):
    """Learned: gated convolutions and attention to known patches (Yu 2019); can follow a sketch."""

    largest: int = setting(512, "Longest side that the network is given.", low=64, high=1024, unit="pixels")
    sketch: str = setting("", "Image file of the photo's size in which values over 127 are lines to follow.")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("gated_conv", "our small network: photos of many kinds, tuned with deep features"),
        Weights("gated_conv_places2", "gated_conv", "states_pt_places2.pth", "Yu 2019 on Places2, tuned by nipponjo",
                DEEPFILL, DERIVED),
        Weights("gated_conv_celebahq", "gated_conv", "states_pt_celebahq.pth",
                "Yu 2019 on CelebA-HQ, tuned by nipponjo", DEEPFILL, DERIVED),
        Weights("gated_conv_tf_places2", "gated_conv", "states_tf_places2.pth", "Yu 2019 on Places2, the authors' own",
                DEEPFILL, AUTHORS),
        Weights("gated_conv_tf_celebahq", "gated_conv", "states_tf_celebahq.pth",
                "Yu 2019 on CelebA-HQ, the authors' own", DEEPFILL, AUTHORS),
    )  # fmt: skip

    def margin(self, height: int, width: int) -> int:
        # a sketch covers the whole image
        return WHOLE_IMAGE if self.sketch else super().margin(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        if not self.sketch:
            return super().inpaint(image, mask)
        lines = read_lines(Path(self.sketch), *mask.shape)
        x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
        margin = super().margin(height, width)
        crop = Box(x, y, width, height).expanded(margin, margin, mask.shape[1], mask.shape[0]).slices
        result = image.copy()
        result[crop] = self._inpainted(image[crop], mask[crop], partial(self.run_network, lines=lines[crop]))
        return result

    def run_network(self, start: np.ndarray, mask: np.ndarray, lines: np.ndarray | None = None) -> np.ndarray:
        device = self.torch_device()
        path = self.weights_path()
        network = loaded_network(path, ("gated_generator",), device)
        if lines is not None and not network.sketch:
            raise SettingError("weights trained with sketches", f"'{path}', trained without", "Leave out the sketch.")
        start = start if network.residual else np.where(mask[..., None], np.float32(0.5), start)
        image, mask_tensor = tensors(*padded(start, mask, network.multiple), device)
        sketch = None
        if lines is not None:
            scaled = cv2.resize(lines.astype(np.float32), mask.shape[::-1], interpolation=cv2.INTER_AREA) > 0
            sketch = tensors(*padded(start, scaled, network.multiple), device)[1]
        return as_array(network(image, mask_tensor, sketch)[1], *mask.shape)


def read_lines(path: Path, height: int, width: int) -> np.ndarray:
    """bool (height, width), True = a line; raises ImageError for a file that cannot be read or has another size."""
    try:
        grey = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    except (OSError, cv2.error):
        grey = None
    if grey is None:
        raise ImageError("an image file with a sketch", f"'{path}', which cannot be read", "Check the path.")
    if grey.shape != (height, width):
        actual = f"{grey.shape[1]} x {grey.shape[0]}"
        raise ImageError(f"a sketch of {width} x {height} pixels, the size of the photo", actual, "Scale the sketch.")
    return np.asarray(grey > LINE_THRESHOLD)
