"""The U-Net that predicts the noise in an image at each step of a diffusion.

Source: Dhariwal and Nichol 2021, Diffusion Models Beat GANs on Image Synthesis, section 3 (its "ADM"): residual blocks
that also change the size, scale and shift by the embedding of the step, attention at several sizes. Names and function
of the modules are those of openai/guided-diffusion, whose 256 x 256 files load (`vidinpaint.weights.published`).
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vidinpaint.networks.diffusion import Diffusion


class DiffusionUnet(nn.Module):
    """Called `network(x, times)`: x float (N, 3, H, W) around [-1, 1], times int64 (N,), steps of its schedule.

    Returns the noise in x (N, 3, H, W); with `variance` (N, 6, H, W), see `Diffusion.reverse_step`.

    width        channels at full size, 8 to 1024; published: 256
    multipliers  of the width at each size; each size is half of the previous one
    blocks       residual blocks per size
    attention    downscaling factors of the sizes with attention
    head         channels per attention head, or all channels if there are fewer
    variance     whether the variance is predicted too
    schedule     schedule of the noise, `linear` or `cosine`, with `steps` steps: see `Diffusion`
    dropout      fraction of features dropped in training
    """

    def __init__(
        self, width: int = 256, multipliers: Sequence[int] = (1, 1, 2, 2, 4, 4), blocks: int = 2,
        attention: Sequence[int] = (8, 16, 32), head: int = 64, variance: bool = True, schedule: str = "linear",
        steps: int = 1000, dropout: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        if not (8 <= width <= 1024 and 1 <= len(multipliers) <= 8 and max(multipliers) <= 16 and 1 <= blocks <= 8):
            expected = "a width of 8 to 1024, 1 to 8 multipliers of at most 16, and 1 to 8 blocks"
            raise ValueError(f"expected {expected}, found {width}, {multipliers} and {blocks}")
        self.width, self.diffusion = width, Diffusion.named(schedule, steps)
        self.multiple = 2 ** (len(multipliers) - 1)
        embedding = 4 * width
        self.time_embed = nn.Sequential(nn.Linear(width, embedding), nn.SiLU(), nn.Linear(embedding, embedding))

        def block(inputs: int, outputs: int, size: str = "same") -> ResidualBlock:
            return ResidualBlock(inputs, outputs, embedding, dropout, size)

        channels, scale, skipped = multipliers[0] * width, 1, [multipliers[0] * width]
        self.input_blocks = nn.ModuleList([Steps(nn.Conv2d(3, channels, 3, padding=1))])
        for level, multiplier in enumerate(multipliers):
            for _ in range(blocks):
                layers: list[nn.Module] = [block(channels, multiplier * width)]
                channels = multiplier * width
                layers += [Attention(channels, head)] if scale in attention else []
                self.input_blocks.append(Steps(*layers))
                skipped.append(channels)
            if level < len(multipliers) - 1:
                self.input_blocks.append(Steps(block(channels, channels, "half")))
                skipped.append(channels)
                scale *= 2
        self.middle_block = Steps(block(channels, channels), Attention(channels, head), block(channels, channels))
        self.output_blocks = nn.ModuleList()
        for level, multiplier in reversed(list(enumerate(multipliers))):
            for number in range(blocks + 1):
                layers = [block(channels + skipped.pop(), multiplier * width)]
                channels = multiplier * width
                layers += [Attention(channels, head)] if scale in attention else []
                if level > 0 and number == blocks:
                    layers.append(block(channels, channels, "double"))
                    scale //= 2
                self.output_blocks.append(Steps(*layers))
        self.out = nn.Sequential(
            _norm(channels), nn.SiLU(), _zeroed(nn.Conv2d(channels, 6 if variance else 3, 3, padding=1))
        )

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        embedding = self.time_embed(embedded(times, self.width).to(x.dtype))
        skipped = []
        for step in self.input_blocks:
            x = step(x, embedding)
            skipped.append(x)
        x = self.middle_block(x, embedding)
        for step in self.output_blocks:
            x = step(torch.cat([x, skipped.pop()], 1), embedding)
        return self.out(x)  # type: ignore[no-any-return]


class Steps(nn.ModuleList):
    """Layers in sequence; residual blocks also receive the embedding of the step."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__(layers)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        for layer in self:
            x = layer(x, embedding) if isinstance(layer, ResidualBlock) else layer(x)
        return x


class ResidualBlock(nn.Module):
    """Two convolutions with a skip connection; size: "same", "half" or "double"."""

    def __init__(self, inputs: int, outputs: int, embedding: int, dropout: float, size: str) -> None:
        super().__init__()
        self.size = size
        self.in_layers = nn.Sequential(_norm(inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, 2 * outputs))
        last = _zeroed(nn.Conv2d(outputs, outputs, 3, padding=1))
        self.out_layers = nn.Sequential(_norm(outputs), nn.SiLU(), nn.Dropout(dropout), last)
        self.skip_connection = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        added = self.in_layers[2](self._resized(self.in_layers[:2](x)))
        scale, shift = self.emb_layers(embedding)[..., None, None].chunk(2, 1)
        added = self.out_layers[1:](self.out_layers[0](added) * (1 + scale) + shift)
        return self.skip_connection(self._resized(x)) + added  # type: ignore[no-any-return]

    def _resized(self, x: Tensor) -> Tensor:
        if self.size == "half":
            return F.avg_pool2d(x, 2)
        return F.interpolate(x, scale_factor=2) if self.size == "double" else x


class Attention(nn.Module):
    """Self-attention between all pixels."""

    def __init__(self, channels: int, head: int) -> None:
        super().__init__()
        self.heads = max(1, channels // head)
        if channels % self.heads:
            raise ValueError(f"expected a number of channels that {self.heads} heads divide, found {channels}")
        self.norm = _norm(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj_out = _zeroed(nn.Conv1d(channels, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(2)
        heads = self.qkv(self.norm(flat)).unflatten(1, (self.heads, 3, -1))
        # (N, heads, pixels, channels per head), contiguous: 10 times faster
        query, key, value = heads.transpose(-1, -2).contiguous().unbind(2)
        attended = F.scaled_dot_product_attention(query, key, value)
        return (flat + self.proj_out(attended.transpose(-1, -2).flatten(1, 2))).view_as(x)  # type: ignore[no-any-return]


def embedded(times: Tensor, size: int) -> Tensor:
    """float (N, size): cosines and sines of the times (N,), with wavelengths from 2 pi to 20000 pi."""
    frequencies = torch.exp(-math.log(10000) * torch.arange(size // 2, device=times.device) / (size // 2))
    angles = times[:, None].float() * frequencies
    return torch.cat([angles.cos(), angles.sin(), torch.zeros_like(angles[:, : size % 2])], 1)


def _norm(channels: int) -> nn.GroupNorm:
    """32 groups as published; fewer in narrow networks, whose groups would have at most one channel."""
    groups = 32 if channels > 32 and channels % 32 == 0 else math.gcd(32, channels // 4)
    return nn.GroupNorm(groups, channels)


def _zeroed(layer: nn.Module) -> nn.Module:
    """The layer with all weights set to zero, so that its block starts as the identity."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer
