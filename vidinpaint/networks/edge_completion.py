"""EdgeConnect's second network: an image with a mask, and edges everywhere, to the inpainted image.

Source: Nazeri 2019, EdgeConnect, section 3.2.
"""

import torch
from torch import Tensor

from vidinpaint.networks.dilated_resnet import DilatedResnet


class EdgeCompletion(DilatedResnet):
    """Images (N, 3, H, W) with masks and edges to images (N, 3, H, W); settings as `DilatedResnet`."""

    def __init__(self, width: int = 64, blocks: int = 8) -> None:
        super().__init__(4, 3, width, blocks)

    def forward(self, image: Tensor, mask: Tensor, edges: Tensor) -> Tensor:
        """See `vidinpaint.networks`; edges (N, 1, H, W) in [0, 1]. The image is white to the network under the mask."""
        masked = (image + 1) / 2 * (1 - mask) + mask
        return torch.tanh(self.raw(torch.cat([masked, edges], 1)))
