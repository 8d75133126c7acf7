"""Partial convolution: a convolution of the known pixels only, and the mask of the pixels that are known after it.

    out = (W * (known . x)) sum(1) / sum(known) + b   where the window has a known value, else 0
    known' = 1 where the window has a known value, else 0

The sums are over the window and the channels. Zero padding counts as unknown: it adds nothing to sum(known).

Source: Liu et al. 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 3.1, equations 1, 2.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PartialConv(nn.Module):
    """A partial convolution that keeps the size, or halves it with stride 2; size: side of the window, odd."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1, bias: bool = False) -> None:
        super().__init__()
        self.input_conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=bias)
        nn.init.kaiming_normal_(self.input_conv.weight)
        if self.input_conv.bias is not None:
            nn.init.zeros_(self.input_conv.bias)

    def forward(self, x: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """x (N, C, H, W), known of the same shape or (N, 1, H, W), 1 or 0; returns x' and known' (N, 1, h, w)."""
        conv = self.input_conv
        size = conv.weight.shape[-1]
        window = torch.full((1, 1, size, size), 1 / size**2, dtype=known.dtype, device=known.device)
        fraction = F.conv2d(known.mean(1, keepdim=True), window, None, conv.stride, conv.padding)
        known_after = (fraction > 0).to(x.dtype)
        out = F.conv2d(torch.where(known > 0, x, 0), conv.weight, None, conv.stride, conv.padding)
        out = out * (known_after / (fraction + (1 - known_after)))  # no known value: 0 / 1
        if conv.bias is not None:
            out = out + conv.bias[:, None, None] * known_after
        return out, known_after
