"""RAFT on synthetic motion.

Teed, Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow: the network is torchvision's, the loss
their equation 7 (every iteration's flow, with growing weights). The motion is generated during training
(`training/data/motion.py`).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn
from torchvision.utils import flow_to_image

from vidinpaint.core.settings import setting
from vidinpaint.flow.dis import Dis
from vidinpaint.networks.raft import Raft as RaftNetwork
from vidinpaint.training.data.camera import filmed
from vidinpaint.training.data.motion import random_scene, textures
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import array_of, tensor_of
from vidinpaint.training.recipe import Batch, PhotoRecipe, Terms

MAX_FLOW = 400.0  # pixels; longer flow is ignored, as in the paper's code
VALIDATION_BATCH, VALIDATION_ITERATIONS = 8, 12  # pairs at a time, iterations per flow
SHEET_PAIRS = 6  # rows of a sheet


@dataclass(frozen=True)
class Raft(PhotoRecipe):
    """RAFT's optical flow, on moving photos."""

    size: str = setting("small", "Size of the network: small or large.")
    batch_size: int = setting(4, "Pairs per step.")
    height: int = setting(128, "Height of a frame, a multiple of 8, at least 128.")
    width: int = setting(192, "Width of a frame, a multiple of 8, at least 128.")
    iterations: int = setting(6, "Iterations per flow in training.")
    decay: float = setting(0.8, "Weight of each iteration, relative to the following one.")
    held_out: int = setting(48, "Number of validation pairs.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        return RaftNetwork(self.size)

    def batch(self, random: np.random.Generator) -> Batch:
        """See `Recipe`: first and second (N, 3, H, W) in [-1, 1], flow (N, 2, H, W) in pixels."""
        pairs = [pair(Photos(self.photos), random, self.height, self.width) for _ in range(self.batch_size)]
        first, second, flow = (tensor_of(np.stack(parts)) for parts in zip(*pairs))
        return {"first": first * 2 - 1, "second": second * 2 - 1, "flow": flow}

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        flow = batch["flow"]
        counted = (flow.square().sum(1, keepdim=True) < MAX_FLOW**2).float()
        estimates = network(batch["first"], batch["second"], num_flow_updates=self.iterations)
        last = len(estimates) - 1
        errors = [self.decay ** (last - k) * (counted * (x - flow).abs()).mean() for k, x in enumerate(estimates)]
        return {"flow": torch.stack(errors).sum()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Mean end-point errors in pixels on held-out pairs, of the network, of DIS and of no motion."""
        first, second, flow = self._held_out()
        estimated = _estimated(network, first, second)
        dis = np.concatenate([Dis().estimate(frames, np.ones(1, bool))[0] for frames in np.stack([first, second], 1)])
        slow = np.linalg.norm(flow, axis=-1) < 1
        error = np.linalg.norm(estimated - flow, axis=-1)
        return {
            "EPE": float(error.mean()),
            "EPE of motion under 1 pixel": float(error[slow].mean()),
            "DIS": _error(dis, flow),
            "DIS of motion under 1 pixel": float(np.linalg.norm(dis - flow, axis=-1)[slow].mean()),
            "no motion": _error(np.zeros_like(flow), flow),
        }

    def sheet(self, network: nn.Module) -> np.ndarray:
        """See `Recipe`; columns: first frame, true flow, estimated flow."""
        first, second, flow = (part[:SHEET_PAIRS] for part in self._held_out())
        rows = []
        for image, *flows in zip(first, flow, _estimated(network, first, second)):
            flow_images = flow_to_image(tensor_of(np.stack(flows)))
            rows.append(np.hstack([np.rint(image * 255).astype(np.uint8), *np.moveaxis(flow_images.numpy(), 1, -1)]))
        return np.vstack(rows)

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        return "raft", {"size": self.size}

    def _held_out(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return _pairs(self.validation, self.held_out, self.height, self.width)


def _estimated(network: nn.Module, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """float32 (N, H, W, 2): flow from the first to the second frames, in pixels."""
    device, flows = next(network.parameters()).device, []
    for start in range(0, len(first), VALIDATION_BATCH):
        part = slice(start, start + VALIDATION_BATCH)
        frames = (tensor_of(side[part]).to(device) * 2 - 1 for side in (first, second))
        flows.append(array_of(network(*frames, num_flow_updates=VALIDATION_ITERATIONS)[-1]))
    return np.concatenate(flows)


@cache
def _pairs(folder: str, count: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pairs = [pair(Photos(folder), np.random.default_rng((1, number)), height, width) for number in range(count)]
    first, second, flow = map(np.stack, zip(*pairs))
    return first, second, flow


def pair(
    photos: Photos, random: np.random.Generator, height: int, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two frames float32 (H, W, 3) in [0, 1], and the flow float32 (H, W, 2) from the first to the second."""
    scene = random_scene(random, 2, height, width)
    layer_textures = textures(scene, photos, random)
    first, second = (scene.frame(t, layer_textures) for t in (0, 1))
    flow = scene.flow(0, 1, scene.owner(0))
    if random.random() < 0.1:  # upside down, which photos are not
        first, second, flow = first[::-1], second[::-1], flow[::-1] * np.array((1, -1), np.float32)
    first, second = filmed(np.stack([first, second]), random)
    return first, second, flow


def _error(estimated: np.ndarray, flow: np.ndarray) -> float:
    """Mean end-point error in pixels."""
    return float(np.linalg.norm(estimated - flow, axis=-1).mean())
