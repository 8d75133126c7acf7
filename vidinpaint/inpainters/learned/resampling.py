"""The algorithm of RePaint for any denoising network. Imports torch, so it is imported only when used.

Source: Lugmayr et al. 2022, RePaint: Inpainting using Denoising Diffusion Probabilistic Models, algorithm 1; the known
pixels at step t - 1 are sqrt(abar) x0 + sqrt(1 - abar) noise, with abar of step t - 1.
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
from vidinpaint.weights.running import loaded_network, require_installed

Denoiser = Callable[[Tensor, Tensor], Tensor | tuple[Tensor, Tensor]]
"""(x float (N, 3, H, W), times int64 (N,)) -> the noise in x (N, 3, H, W), or the noise and the variance, as a tuple or
as (N, 6, H, W): see `Diffusion.reverse_step`."""


@dataclass(frozen=True)
class Prior:
    """A denoising network, its noise schedule, and the pixels that the sides of its input are multiples of."""

    network: Denoiser
    diffusion: Diffusion
    multiple: int


def resampled(
    network: Denoiser, diffusion: Diffusion, image: Tensor, mask: Tensor, resamplings: int, jump: int, seed: int,
    report: Callable[[float], None] = lambda share: None,
) -> Tensor:  # fmt: skip
    """A copy of image (N, 3, H, W) in [-1, 1] with its mask (N, 1, H, W), 1 = inpaint, inpainted.

    resamplings, jump, seed  see the settings of `RePaint`
    report                   receives the share that is done, 0 to 1, after each step
    """
    random = torch.Generator().manual_seed(seed)

    def noise() -> Tensor:
        return torch.randn(image.shape, generator=random).to(image)

    levels = noise_levels(len(diffusion), resamplings, jump)
    x = noise()
    for count, (level, following) in enumerate(pairwise(levels), 1):
        if following > level:
            x = diffusion.forward_step(x, level, noise())
        else:
            step = level - 1
            times = torch.full((len(x),), diffusion.times[step], device=x.device)
            output = network(x, times)
            output = output if isinstance(output, Tensor) else torch.cat(output, 1)
            unknown = diffusion.reverse_step(x, step, output, noise())
            x = torch.where(mask > 0, unknown, diffusion.noised_before(image, step, noise()))
        report(count / (len(levels) - 1))
    return x


def noise_levels(steps: int, resamplings: int, jump: int) -> list[int]:
    """The sequence of noise levels, in steps, from all noise to none, with jumps back.

    At each level that is one more than a multiple of the jump, it jumps back to more noise, resamplings - 1 times.
    """
    remaining = dict.fromkeys(range(1, steps - jump + 1, jump), resamplings - 1)
    levels = [steps]
    while levels[-1] > 0:
        level = levels[-1] - 1
        levels.append(level)
        if remaining.get(level, 0) > 0:
            remaining[level] -= 1
            levels += range(level + 1, level + jump + 1)
    return levels


def prior_of_weights(path: Path, device: torch.device) -> Prior:
    """The network in a file of weights, ours or in the format of guided-diffusion."""
    network = loaded_network(path, ("diffusion_unet",), device)
    return Prior(network, network.diffusion, network.multiple)


def prior_of_diffusers(folder: Path, device: torch.device) -> Prior:
    """The network in a folder of diffusers: that of a UNet2DModel, or of a pipeline with unet and scheduler."""
    require_installed("diffusion", "torch", "safetensors", "diffusers", "transformers")
    from vidinpaint.inpainters.learned.pipeline_folder import load_unet

    model = load_unet(folder).to(device)
    channels = model.config.in_channels, model.config.out_channels
    if channels != (3, 3):
        actual = f"one from {channels[0]} to {channels[1]} channels in '{folder}'"
        raise WeightsError("a UNet2DModel of three colours", actual, "Choose another model.")
    multiple = 2 ** (len(model.config.block_out_channels) - 1)
    return Prior(lambda x, times: model(x, times).sample, _schedule(folder), multiple)


def _schedule(folder: Path) -> Diffusion:
    """The noise schedule in a folder of diffusers; by default linear with 1000 steps."""
    file = folder / "scheduler" / "scheduler_config.json"
    try:
        config = dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}
    except (ValueError, TypeError):
        raise WeightsError("a table in JSON", f"something else in '{file}'", "Get the folder again.") from None
    names = {"linear": "linear", "squaredcos_cap_v2": "cosine"}
    name = config.get("beta_schedule", "linear")
    if name not in names:
        raise WeightsError(
            f"one of the noise schedules {', '.join(names)}", f"{name!r} in '{file}'", "Choose another model."
        )
    return Diffusion.named(names[name], config.get("num_train_timesteps", 1000))
