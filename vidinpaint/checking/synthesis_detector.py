"""How visible an inpainted region is, judged by a network that tells synthesised from untouched pixels.

Unlike the measures of the check (`vidinpaint.checking.measures`), it needs one image only, and unlike metrics it needs
no truth. Its purpose is to choose between the results of several methods for the same image:

    best = candidates[rank(candidates, mask)[0]]

The network never sees the mask. What it can and cannot tell is measured in the card of its weights
(`vidinpaint/weights/bundled/synthesis_detector.md`). Nothing in the pipelines uses it by default.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box
from vidinpaint.numerics.morphology import dilate
from vidinpaint.weights.catalogue import Learned, Weights, find, own_weights
from vidinpaint.weights.running import deterministic, device_named, loaded_network, one_torch_thread, require_torch

NAME = "synthesis_detector"
GAP, RING = 4, 16
"""Pixels around the mask that are not compared, because the network's output is coarse, and the ring outside them."""
MARGIN = 64
"""Pixels around the mask that the network sees: what lies further away hardly changes its output under the mask."""


@dataclass(frozen=True)
class SynthesisDetector(Settings, Learned):
    """Learned: which pixels of an image look synthesised."""

    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the first installed.")
    device: str = setting("auto", "Device of the network: auto, cpu, cuda, cuda:1 ...")

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights(NAME, "our small network: photos inpainted by twelve methods"),
    )

    def probability(self, image: np.ndarray) -> np.ndarray:
        """float32 (H, W) in [0, 1]: the probability that a pixel was synthesised, where half of all pixels were.

        image  (H, W, 3) RGB, uint8 or uint16 in their full range, or floats in [0, 1]; it takes about 300 bytes of
               memory per pixel

        Raises WeightsError if torch or the weights are missing, ValueError for other input.
        """
        if image.ndim != 3 or image.shape[2] != 3 or not image.size:
            raise ValueError(f"expected an image (H, W, 3), found {image.shape}")
        require_torch()
        import torch

        device = device_named(self.device)
        network = loaded_network(find(NAME, self.weights, self.known_weights), (NAME,), device)
        white = np.float32(1 if image.dtype.kind == "f" else np.iinfo(image.dtype).max)
        pixels = np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32) * (2 / white) - 1
        with deterministic(), one_torch_thread():
            logits = network(torch.from_numpy(pixels).to(device))
            probability = torch.sigmoid(logits)[0, 0].float().cpu().numpy()
        height, width = image.shape[:2]
        enlarged = cv2.resize(probability, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(enlarged[:height, :width])


DETECTOR = SynthesisDetector()


def synthesis_score(image: np.ndarray, mask: np.ndarray, detector: SynthesisDetector = DETECTOR) -> float:
    """How visible the inpainted region of an image is, from 0 to 1, lower is better.

    image  the inpainted image, (H, W, 3) RGB, uint8 or uint16 in their full range, or floats in [0, 1]
    mask   bool (H, W), True = inpainted

    It is (1 + p - q) / 2, where p is the mean probability of synthesis under the mask, and q that in a ring of pixels
    around it. So 0.5 means that the region looks like its surroundings, 1 that it certainly looks synthesised and they
    certainly do not; below 0.5 the surroundings look more synthesised, as soft backgrounds may. Without surroundings
    q is 0. Scores of results for the same image and mask can be compared, those of different images less so.

    Raises ValueError for a mask of another shape or type or without any pixel; see also `SynthesisDetector`.
    """
    if mask.dtype != bool or mask.shape != image.shape[:2] or not mask.any():
        raise ValueError(f"expected a bool mask {image.shape[:2]} with some pixels, found {mask.dtype} {mask.shape}")
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    crop = Box(x, y, width, height).expanded(MARGIN, MARGIN, mask.shape[1], mask.shape[0]).slices
    inside = np.ascontiguousarray(mask[crop])
    around = dilate(inside, GAP + RING, "square") & ~dilate(inside, GAP, "square")
    probability = detector.probability(image[crop])
    outside = float(probability[around].mean(dtype=np.float64)) if around.any() else 0.0
    return (1 + float(probability[inside].mean(dtype=np.float64)) - outside) / 2


def rank(candidates: Sequence[np.ndarray], mask: np.ndarray, detector: SynthesisDetector = DETECTOR) -> list[int]:
    """The indices of results for the same image and mask, the least visible one first; equal ones stay in order.

    See `synthesis_score` for the images and the mask, and for the errors.
    """
    scores = [synthesis_score(candidate, mask, detector) for candidate in candidates]
    return sorted(range(len(scores)), key=scores.__getitem__)
