"""PatchMatch led by a network: `structure` says what shapes go on, patches of the image give them texture.

The network inpaints the image at a small size; PatchMatch starts from that guess, at that size, and compares it like
known pixels. At larger sizes it goes on as `patchmatch` does, so what is copied are always patches of the image.

When to use: large masks across edges and horizons. Cost: that of `patchmatch`, and one run of a small network. Source:
Zhang 2022, Inpainting at Modern Camera Resolution by Guided PatchMatch with Auto-Curation, section 3.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.patchmatch import PatchMatch
from vidinpaint.inpainters.learned.structure import Structure


@dataclass(frozen=True)
class GuidedPatchMatch(PatchMatch):
    """Learned: PatchMatch that starts from the shapes of `structure`, for large masks across edges."""

    guide_size: int = setting(128, "Longest side at which the network guides.", low=32, high=512, unit="pixels")
    weights: str = setting("", "Weights of `structure`: a name that `vidinpaint models` lists, or a file.")
    device: str = setting("auto", "Device of the network: auto, cpu, cuda, cuda:1 ...")

    def unavailable_reason(self) -> str:
        """See `ImageInpainter`."""
        return self._structure().unavailable_reason()

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        whole = np.where(mask[..., None], self._structure().inpaint(image, mask), image)
        scale = min(1.0, self.guide_size / max(mask.shape))
        size = max(1, round(mask.shape[1] * scale)), max(1, round(mask.shape[0] * scale))
        guide = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
        return self.inpaint_guided(image, mask, guide)

    def _structure(self) -> Structure:
        return Structure(weights=self.weights, device=self.device)
