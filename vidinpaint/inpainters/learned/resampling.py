"""RePaint's algorithm over any network that tells noise from picture; imports torch, and is imported when it is used.

Source: Lugmayr et al. 2022, RePaint: Inpainting using Denoising Diffusion Probabilistic Models, algorithm 1; what is
known at step t - 1 is sqrt(abar) x0 + sqrt(1 - abar) noise, both of t - 1.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor

from vidinpaint.core.errors import WeightsError
from vidinpaint.networks.diffusion import Diffusion
from vidinpaint.weights.running import loaded_network

Denoiser = Callable[[Tensor, Tensor], Tensor | tuple[Tensor, Tensor]]
"""(x float (N, 3, H, W), times int64 (N,)) -> the noise in x (N, 3, H, W); or that and where the variance lies, as a
tuple or as (N, 6, H, W): see `Diffusion.reverse_step`."""


@dataclass(frozen=True)
class Prior:
    """What is known about pictures: a network, its schedule of noise, and what the sides it takes are multiples of."""

    network: Denoiser
    diffusion: Diffusion
    multiple: int


def resampled(
    network: Denoiser, diffusion: Diffusion, image: Tensor, mask: Tensor, resamplings: int, jump: int, seed: int,
    report_progress: Callable[[float], None] = lambda share: None,
) -> Tensor:  # fmt: skip
    """image (N, 3, H, W) in [-1, 1] with its mask (N, 1, H, W), 1 = inpaint, inpainted; known pixels are the same.

    report_progress  is told the share that is done
    """
    random = torch.Generator().manual_seed(seed)

    def noise() -> Tensor:
        return torch.randn(image.shape, generator=random).to(image)

    levels = walk(len(diffusion), resamplings, jump)
    x = noise()
    for count, (level, following) in enumerate(pairwise(levels), 1):
        if following > level:
            x = diffusion.forward_step(x, level, noise())
        else:
            step = level - 1
            times = torch.full((len(x),), diffusion.times[step], device=x.device)
            said = network(x, times)
            said = said if isinstance(said, Tensor) else torch.cat(said, 1)
            unknown = diffusion.reverse_step(x, step, said, noise())
            x = torch.where(mask > 0, unknown, diffusion.noised_before(image, step, noise()))
        report_progress(count / (len(levels) - 1))
    return x


def walk(steps: int, resamplings: int, jump: int) -> list[int]:
    """How much noise there is, in steps, from all to none, with jumps back.

    Whenever the noise is down to one more than a multiple of the jump, it goes back up a jump, resamplings - 1 times.
    """
    left = dict.fromkeys(range(1, steps - jump + 1, jump), resamplings - 1)
    levels = [steps]
    while levels[-1] > 0:
        level = levels[-1] - 1
        levels.append(level)
        if left.get(level, 0) > 0:
            left[level] -= 1
            levels += range(level + 1, level + jump + 1)
    return levels


def prior_of_weights(path: Path, device: torch.device) -> Prior:
    """Of a file of weights, ours or guided-diffusion's."""
    network = loaded_network(path, ("diffusion_unet",), device)
    return Prior(network, network.diffusion, network.multiple)


def prior_of_diffusers(folder: Path, device: torch.device) -> Prior:
    """Of a folder that diffusers' UNet2DModel has saved: the model's own, or a pipeline's with unet and scheduler."""
    try:
        from diffusers import UNet2DModel
    except ImportError:
        raise WeightsError(f"diffusers, for '{folder}'", "none", "Install it: pip install diffusers.") from None
    unet = folder / "unet" if (folder / "unet").is_dir() else folder
    try:
        model = UNet2DModel.from_pretrained(unet, local_files_only=True, use_safetensors=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())[:160]
        raise WeightsError("a folder of a UNet2DModel", f"'{folder}': {said}", "Check the folder.") from None
    model = model.to(device).eval().requires_grad_(False)
    size = 2 ** (len(model.config.block_out_channels) - 1)
    return Prior(lambda x, times: model(x, times).sample, _schedule(folder), size)


def _schedule(folder: Path) -> Diffusion:
    """Of a pipeline's scheduler; linear in 1000 steps where nothing is said."""
    file = folder / "scheduler" / "scheduler_config.json"
    said = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    names = {"linear": "linear", "squaredcos_cap_v2": "cosine"}
    name = said.get("beta_schedule", "linear")
    if name not in names:
        raise WeightsError(f"a schedule of {', '.join(names)}", f"{name!r} in '{file}'", "Choose another model.")
    return Diffusion.named(names[name], said.get("num_train_timesteps", 1000))
