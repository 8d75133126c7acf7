"""TorchScript: any published model that was scripted or traced, a file that maps an image and a mask to an image.

LaMa, MI-GAN, MAT and others are published in this form. Such a file is a program: use only files that you trust.

When to use: with a published model that suits the content. Cost: one run of the model. Source: that of the model.
"""

import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.core.errors import WeightsError
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors


@dataclass(frozen=True)
class TorchScript(LearnedInpainter):
    """Learned: any scripted model `(image, mask) -> image`, such as LaMa; needs `weights=FILE`.

    The model is called with image float (1, 3, H, W), black under the mask, and mask float (1, 1, H, W), 1 = inpaint.
    """

    weights: str = setting("", "File of the model; required.")
    largest: int = setting(1024, "Largest side of the model's input.", low=64, high=4096, unit="pixels")
    multiple: int = setting(
        8, "The sides of the model's input are multiples of this number.", low=1, high=512, unit="pixels"
    )
    signed: bool = setting(False, "Whether the model takes and returns colours in [-1, 1] instead of [0, 1].")

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device, path = self.torch_device(), self.weights_path()
        model = _loaded_model(path, path.stat().st_mtime_ns, str(device))
        image, mask_tensor = tensors(*padded(start, mask, self.multiple), device)
        image = image if self.signed else (image + 1) / 2
        try:
            result = model(image * (1 - mask_tensor), mask_tensor)
        except RuntimeError as error:
            actual = f"'{path}': {str(error).strip().splitlines()[-1][:160]}"
            raise WeightsError(
                "a model that takes (image, mask)", actual, "Check the settings of torchscript."
            ) from None
        if getattr(result, "shape", None) != image.shape:
            actual = f"{tuple(getattr(result, 'shape', ()))} from '{path}'"
            raise WeightsError(f"an image {tuple(image.shape)} from the model", actual, "Choose another file.")
        return as_array(result if self.signed else 2 * result - 1, *mask.shape)


@lru_cache(2)
def _loaded_model(path: Path, changed: int, device: str) -> Any:
    import torch

    try:
        # torch warns that TorchScript is deprecated
        with warnings.catch_warnings(action="ignore", category=FutureWarning):
            return torch.jit.load(path, map_location=device).eval()
    except (RuntimeError, ValueError, OSError) as error:
        actual = f"'{path}': {' '.join(str(error).split())[:160]}"
        remedy = "Download the file again, or save it with torch.jit.save."
        raise WeightsError("a TorchScript file", actual, remedy) from None
