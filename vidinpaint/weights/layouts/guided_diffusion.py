"""The denoising U-Net of openai/guided-diffusion: 256x256_diffusion_uncond.pt and others of its 256 x 256 networks.

Networks without classes only, such as those of andreas128/RePaint.
"""

from typing import Any

from vidinpaint.weights.layouts.layout import Layout, State


def _diffusion(state: State) -> dict[str, Any]:
    return {"width": state["time_embed.0.weight"].shape[1], "variance": state["out.2.weight"].shape[0] == 6}


LAYOUT = Layout("input_blocks.0.0.weight", "diffusion_unet", _diffusion, dict)
