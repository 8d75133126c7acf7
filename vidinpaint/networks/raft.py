"""RAFT as in torchvision, with each frame encoded once for all flows from and to it."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.models import optical_flow
from torchvision.models.optical_flow._utils import make_coords_grid, upsample_flow

SIZES = {"small": optical_flow.raft_small, "large": optical_flow.raft_large}
MULTIPLE, MIN_SIDE = 8, 128  # pixels: sides are multiples of the first and at least the second


@dataclass(frozen=True)
class Encoded:
    """Outputs of RAFT's encoders for frames: float (N, C, H / 8, W / 8) each."""

    features: Tensor
    context: Tensor

    def __getitem__(self, frames: Tensor) -> "Encoded":
        return Encoded(self.features[frames], self.context[frames])


class Raft(optical_flow.RAFT):  # type: ignore[misc] # torchvision has no types
    """Teed, Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow.

    `forward` is torchvision's and returns the flow of each iteration, for training. `both_ways` computes the same flow
    for inference: each frame is encoded once (the encoders normalise each frame separately), and both directions of a
    pair go through the recurrent part together.

    size   small, or large, which learns the upsampling of its flow from an eighth of the size. Default: small
    """

    def __init__(self, size: str = "small") -> None:
        if size not in SIZES:
            raise ValueError(f"expected a size of {', '.join(SIZES)}, found {size!r}")
        built = SIZES[size](weights=None)
        super().__init__(
            feature_encoder=built.feature_encoder,
            context_encoder=built.context_encoder,
            corr_block=built.corr_block,
            update_block=built.update_block,
            mask_predictor=built.mask_predictor,
        )

    def encode(self, frames: Tensor) -> Encoded:
        """frames float (N, 3, H, W) in [-1, 1], H and W multiples of `MULTIPLE` and at least `MIN_SIDE`."""
        return Encoded(self.feature_encoder(frames).float(), self.context_encoder(frames).float())

    def flow(self, first: Encoded, second: Encoded, iterations: int) -> Tensor:
        """float (N, 2, H, W): (dx, dy) in pixels from the first frames to the second, after `iterations` updates."""
        # not self.corr_block: several threads may use the network
        lookup = type(self.corr_block)(num_levels=self.corr_block.num_levels, radius=self.corr_block.radius)
        lookup.build_pyramid(first.features, second.features)
        hidden = self.update_block.hidden_state_size
        state, context = first.context.split([hidden, first.context.shape[1] - hidden], 1)
        state, context = state.tanh(), context.relu()
        count, _, height, width = first.features.shape
        positions = origin = make_coords_grid(count, height, width).to(first.features.device)
        for _ in range(iterations):
            correlation = lookup.index_pyramid(centroids_coords=positions)
            state, change = self.update_block(state, context, correlation, positions - origin)
            positions = positions + change.float()
        mask = None if self.mask_predictor is None else self.mask_predictor(state).float()
        upsampled: Tensor = upsample_flow(flow=positions - origin, up_mask=mask)
        return upsampled

    def both_ways(self, frames: Tensor, pairs: Tensor, iterations: int) -> tuple[Tensor, Tensor]:
        """Flow from frame p to p + 1 and back, for each p of `pairs` int64 (P,): two float (P, 2, H, W), in pixels."""
        encoded = self.encode(frames)
        first, second = torch.cat([pairs, pairs + 1]), torch.cat([pairs + 1, pairs])
        forward, backward = self.flow(encoded[first], encoded[second], iterations).split(len(pairs))
        return forward, backward
