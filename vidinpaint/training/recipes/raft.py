"""RAFT on synthetic motion.

Teed, Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow: the network is torchvision's, the loss
their eq. 7 (every iteration's flow counts, later ones more). The motion is made on the fly (`train/data/motion.py`).
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
from vidinpaint.networks.raft import Raft as Net
from vidinpaint.training.data.camera import filmed
from vidinpaint.training.data.motion import random_scene, textures
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.data.tensors import picture_of, tensor_of
from vidinpaint.training.recipe import Batch, Recipe, Terms

FURTHEST = 400.0  # pixels; longer flow is not learned from, as in the paper's code


@dataclass(frozen=True)
class Raft(Recipe):
    """RAFT's optical flow, on photos that move."""

    photos: str = setting("", "Folder of photos to train on.")
    validation: str = setting("", "Folder of photos to validate on.")
    size: str = setting("small", "small or large.")
    batch_size: int = setting(4, "Pairs per step.")
    height: int = setting(128, "Height of a frame, a multiple of 8, 128 or more.")
    width: int = setting(192, "Width of a frame, a multiple of 8, 128 or more.")
    iterations: int = setting(6, "Refinements of a flow in training.")
    decay: float = setting(0.8, "Weight of each iteration, relative to the next one.")
    held_out: int = setting(48, "Pairs that are validated on.")

    def network(self) -> nn.Module:
        return Net(self.size)

    def batch(self, random: np.random.Generator) -> Batch:
        pairs = [pair(Photos(self.photos), random, self.height, self.width) for _ in range(self.batch_size)]
        first, second, flow = (tensor_of(np.stack(parts)) for parts in zip(*pairs))
        return {"first": first * 2 - 1, "second": second * 2 - 1, "flow": flow}

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        flow = batch["flow"]
        near = (flow.square().sum(1, keepdim=True) < FURTHEST**2).float()
        found = network(batch["first"], batch["second"], num_flow_updates=self.iterations)
        last = len(found) - 1
        errors = [self.decay ** (last - k) * (near * (each - flow).abs()).mean() for k, each in enumerate(found)]
        return {"flow": torch.stack(errors).sum()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        first, second, flow = self._held_out()
        found = self._found(network, first, second)
        paired = np.stack([first, second], 1)
        dis = np.concatenate([Dis().estimate(two, np.ones(1, bool))[0] for two in paired])
        slow = np.linalg.norm(flow, axis=-1) < 1
        error = np.linalg.norm(found - flow, axis=-1)
        return {
            "EPE": float(error.mean()),
            "EPE where motion is under a pixel": float(error[slow].mean()),
            "DIS": _error(dis, flow),
            "DIS where motion is under a pixel": float(np.linalg.norm(dis - flow, axis=-1)[slow].mean()),
            "no motion": _error(np.zeros_like(flow), flow),
        }

    def sheet(self, network: nn.Module) -> np.ndarray:
        first, second, flow = (part[:6] for part in self._held_out())
        found = self._found(network, first, second)
        rows = []
        for picture, true, estimated in zip(first, flow, found):
            pictures = flow_to_image(tensor_of(np.stack([true, estimated])))
            rows.append(np.hstack([np.rint(picture * 255).astype(np.uint8), *np.moveaxis(pictures.numpy(), 1, -1)]))
        return np.vstack(rows)

    def description(self) -> tuple[str, dict[str, Any]]:
        return "raft", {"size": self.size}

    def _found(self, network: nn.Module, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        device = next(network.parameters()).device
        found = []
        for at in range(0, len(first), 8):
            pair_of = (tensor_of(part[at : at + 8]).to(device) * 2 - 1 for part in (first, second))
            found.append(picture_of(network(*pair_of, num_flow_updates=12)[-1]))
        return np.concatenate(found)

    def _held_out(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return _pairs(self.validation, self.held_out, self.height, self.width)


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
    shown = textures(scene, photos, random)
    first, second = (scene.frame(t, shown) for t in (0, 1))
    flow = scene.flow(0, 1, scene.owner(0))
    if random.random() < 0.1:  # upside down, as no photo is
        first, second, flow = first[::-1], second[::-1], flow[::-1] * np.array((1, -1), np.float32)
    first, second = filmed(np.stack([first, second]), random)
    return first, second, flow


def _error(found: np.ndarray, flow: np.ndarray) -> float:
    """Mean end-point error in pixels."""
    return float(np.linalg.norm(found - flow, axis=-1).mean())
