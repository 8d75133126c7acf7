"""The flow completion network on synthetic motion with masks.

The loss is the mean end-point error of the unknown flow, relative to the mean speed of the window, so that slow windows
count as much as fast ones.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.utils import flow_to_image

from vidinpaint.core.settings import setting
from vidinpaint.networks.flow_completion import MIN_SPEED
from vidinpaint.networks.flow_completion import FlowCompletion as FlowCompletionNetwork
from vidinpaint.training.data.tensors import tensor_of
from vidinpaint.training.data.velocities import Velocities, random_window
from vidinpaint.training.recipe import Batch, Recipe, Terms

SHEET_WINDOWS = 8  # rows of a sheet


@dataclass(frozen=True)
class FlowCompletion(Recipe):
    """Completion of optical flow under masks, over windows of frames."""

    width: int = setting(16, "Channels of the network.")
    batch_size: int = setting(2, "Windows per step.")
    frames: int = setting(10, "Frames per window.")
    height: int = setting(48, "Height of a window, in grid points, a multiple of 4.")
    across: int = setting(72, "Width of a window, in grid points, a multiple of 4.")
    held_out: int = setting(48, "Number of validation windows.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return FlowCompletionNetwork(self.width)

    def batch(self, random: np.random.Generator) -> Batch:
        """See `Recipe`: the fields of `Velocities`, (N, C, T, H, W)."""
        return _tensors([random_window(random, *self._size) for _ in range(self.batch_size)])

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        return {"error": _error(network(*_inputs(batch)), batch, relative=True).mean()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean end-point errors of the unknown flow on held-out windows, in pixels per frame."""
        windows = _held_out(self.held_out, self._size)
        device = next(network.parameters()).device
        completed, smooth, still = [], [], []
        for window in windows:
            batch = {key: value.to(device) for key, value in _tensors([window]).items()}
            completed.append(float(_error(network(*_inputs(batch)), batch)))
            smooth.append(float(_error(batch["to_next"], batch)))
            still.append(float(_error(torch.zeros_like(batch["to_next"]), batch)))
        return {
            "EPE": float(np.mean(completed)),
            "smooth interpolation": float(np.mean(smooth)),
            "camera motion only": float(np.mean(still)),
        }

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; columns: mask, smooth interpolation, completed flow, truth, of the middle frame."""
        rows = []
        for window in _held_out(self.held_out, self._size)[:SHEET_WINDOWS]:
            device = next(network.parameters()).device
            batch = {key: value.to(device) for key, value in _tensors([window]).items()}
            middle = self.frames // 2
            fields = [batch["to_next"], network(*_inputs(batch)), batch["truth"]]
            flows = torch.cat([field[:, :, middle] for field in fields]).float().cpu()
            mask = np.repeat(window.mask[middle][..., None] * np.uint8(255), 3, -1)
            rows.append(np.hstack([mask, *np.moveaxis(flow_to_image(flows).numpy(), 1, -1)]))
        return np.repeat(np.repeat(np.vstack(rows), 2, 0), 2, 1)

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "flow_completion", {"width": self.width}

    @property
    def _size(self) -> tuple[int, int, int]:
        return self.frames, self.height, self.across


@cache
def _held_out(count: int, size: tuple[int, int, int]) -> list[Velocities]:
    return [random_window(np.random.default_rng((2, number)), *size) for number in range(count)]


def _tensors(windows: list[Velocities]) -> Batch:
    """The fields of windows as tensors (N, C, T, H, W)."""
    fields = {
        key: np.stack([getattr(window, key) for window in windows]) for key in ("to_next", "from_previous", "truth")
    }
    masks = {key: np.stack([getattr(window, key) for window in windows])[..., None] for key in ("unknown", "mask")}
    return {key: tensor_of(value).transpose(1, 2).contiguous() for key, value in (fields | masks).items()}


def _inputs(batch: Batch) -> tuple[Tensor, ...]:
    return batch["to_next"], batch["from_previous"], batch["unknown"], batch["mask"]


def _error(completed: Tensor, batch: Batch, relative: bool = False) -> Tensor:
    """(N,): mean end-point error of the unknown flow, in pixels or relative to the mean speed of the window."""
    unknown, truth = batch["unknown"], batch["truth"]
    distance = ((completed - truth).square().sum(1, keepdim=True) + 1e-4).sqrt()
    error = (distance * unknown).sum((1, 2, 3, 4)) / unknown.sum((1, 2, 3, 4)).clamp(min=1)
    if relative:
        error = error / (truth.square().sum(1).mean((1, 2, 3)).sqrt() + MIN_SPEED)
    return error
