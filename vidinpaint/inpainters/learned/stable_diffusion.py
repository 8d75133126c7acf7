"""Stable Diffusion: any inpainting pipeline of the package diffusers, from a folder, led by a prompt.

The image is encoded to a small grid of latent values; a U-Net removes noise from those under the mask step by step, led
by the text of the prompt; the result is decoded. The region and its surroundings are scaled so that their longest side
has the size for which the pipeline was trained. If the folder has a safety checker, what that refuses raises an error.

When to use: large masks, when what is to be there can be said in words. Cost: one run of a large network per step, two
with guidance above 1. Source: Rombach et al. 2022, High-Resolution Image Synthesis with Latent Diffusion Models.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.learned.interface import MIN_MARGIN, inpainted_at, padded
from vidinpaint.inpainters.learned.start import smooth_start
from vidinpaint.weights.catalogue import Learned, Weights, find
from vidinpaint.weights.running import deterministic, device_named, require_installed, torch_threads

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class StableDiffusion(ImageInpainter, Learned):
    """Learned: latent diffusion led by a prompt (Rombach 2022), a folder of diffusers; slow."""

    weights: str = setting("", "Folder of the pipeline, or a name that `vidinpaint models` lists; empty: the first.")
    prompt: str = setting("", "What is to be seen in the masked region.")
    negative_prompt: str = setting("", "What is not to be seen there.")
    guidance: float = setting(7.5, "How closely the prompt is followed; 1 or less: without guidance.", low=0, high=100)
    strength: float = setting(1.0, "Noise at the beginning: 1 all, less keeps more of a smooth start.", above=0, high=1)
    steps: int = setting(30, "Number of denoising steps for strength 1, else that share of it.", low=1, high=1000)
    seed: int = setting(0, "Seed of the noise.")
    size: int = setting(
        512, "Longest side at which the pipeline runs, a multiple of 8.", low=64, high=4096, unit="pixels"
    )
    device: str = setting("auto", "Device of the networks: auto, cpu, cuda, cuda:1 ...")
    dtype: str = setting(
        "float32", "Numbers of the networks; half the memory with 16 bits.", choices=("float32", "float16", "bfloat16")
    )
    threads: int = setting(1, "Threads on a CPU; another number changes the rounding.", low=1, high=1024)

    known_weights: ClassVar[tuple[Weights, ...]] = (
        Weights("stable_diffusion_15", "stable_diffusion", "stable-diffusion-inpainting/",
                "Rombach 2022 (1.5), tuned for inpainting, 512 x 512: a folder; needs the extra diffusion",
                "https://huggingface.co/stable-diffusion-v1-5/stable-diffusion-inpainting", "CreativeML OpenRAIL-M"),
        Weights("stable_diffusion_xl", "stable_diffusion", "stable-diffusion-xl-1.0-inpainting-0.1/",
                "Podell 2023 (XL), tuned for inpainting, 1024 x 1024: a folder; needs the extra diffusion",
                "https://huggingface.co/diffusers/stable-diffusion-xl-1.0-inpainting-0.1",
                "CreativeML Open RAIL++-M"),
    )  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.size % 8:
            raise SettingError("stable_diffusion.size as a multiple of 8", str(self.size), "Choose another value.")
        if int(self.steps * self.strength) < 1:
            actual = f"{self.steps} steps at strength {self.strength}"
            raise SettingError("at least one step: steps * strength of 1 or more", actual, "Choose more steps.")

    def margin(self, height: int, width: int) -> int:
        return max(MIN_MARGIN, min(height, width))

    def unavailable_reason(self) -> str:
        """See `ImageInpainter`."""
        try:
            self.weights_path()
        except WeightsError as error:
            return str(error)
        return ""

    def weights_path(self) -> Path:
        """The folder of the pipeline; raises WeightsError if there is none, or if a package is missing."""
        require_installed("diffusion", "torch", "safetensors", "diffusers", "transformers")
        return find(self._name, self.weights, self.known_weights)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        folder = self.weights_path()
        device = device_named(self.device)
        import torch

        from vidinpaint.inpainters.learned.pipeline_folder import exclusive_pipeline

        start = smooth_start(image, mask)
        with (
            exclusive_pipeline(folder, device, getattr(torch, self.dtype)) as pipeline,
            deterministic(),
            torch_threads(self.threads),
        ):
            return inpainted_at(self.size, start, mask, lambda start, mask: self._run(pipeline, folder, start, mask))

    def _run(self, pipeline: Any, folder: Path, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """The result float32 (H, W, 3) of a pipeline for an image of its own size."""
        import torch

        height, width = mask.shape
        cell = pipeline.vae_scale_factor  # pixels per latent value
        image, whole_mask = padded(np.clip(start, 0, 1), mask, 2 * cell)  # some pipelines join 2 x 2 latent values
        arguments = {
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt or None,
            "image": _tensor(image),
            "mask_image": _tensor(whole_cells(whole_mask, cell)[..., None].astype(np.float32)),
            "height": whole_mask.shape[0],
            "width": whole_mask.shape[1],
            "strength": self.strength,
            "num_inference_steps": self.steps,
            "guidance_scale": self.guidance,
            "generator": torch.Generator("cpu").manual_seed(self.seed),
            "output_type": "pt",
            "callback_on_step_end": _report_step,
        }
        try:
            output = pipeline(**arguments)
        except (RuntimeError, ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
            actual = f"'{folder}': {' '.join(str(error).split())[:200]}"
            remedy = "Check the folder and the settings of stable_diffusion."
            raise WeightsError("a pipeline that inpaints", actual, remedy) from error
        if any(getattr(output, "nsfw_content_detected", None) or ()):
            expected = "a result that the safety checker of the pipeline accepts"
            raise SettingError(expected, "one that it refuses", "Choose another prompt or seed.")
        pixels = output.images[0].float().cpu().numpy().transpose(1, 2, 0)
        return np.ascontiguousarray(pixels[:height, :width])


def whole_cells(mask: np.ndarray, cell: int) -> np.ndarray:
    """bool (H, W), True in every cell of cell x cell pixels that the mask touches; H and W are multiples of cell.

    The pipeline samples the mask once per cell, so that thin masks could slip between the samples.
    """
    height, width = mask.shape
    touched = mask.reshape(height // cell, cell, width // cell, cell).any((1, 3))
    return np.asarray(touched.repeat(cell, 0).repeat(cell, 1))


def _tensor(image: np.ndarray) -> "torch.Tensor":
    """float (1, C, H, W) of an image (H, W, C)."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)[None]))


def _report_step(pipeline: Any, step: int, time: Any, state: dict[str, Any]) -> dict[str, Any]:
    """What diffusers calls after each step."""
    report_progress((step + 1) / pipeline.num_timesteps)
    return state
