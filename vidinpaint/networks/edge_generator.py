"""EdgeConnect's first network: grey values and edges around the mask to edges under it.

Source: Nazeri 2019, EdgeConnect, section 3.1. The weights of published files are divided by their spectral norm when
they are loaded, so a network in use is not `spectral`.
"""

import torch
from torch import Tensor

from vidinpaint.networks.dilated_resnet import DilatedResnet


class EdgeGenerator(DilatedResnet):
    """Grey values, edges and mask to the probability of an edge, each (N, 1, H, W); settings as `DilatedResnet`."""

    def __init__(self, width: int = 64, blocks: int = 8, spectral: bool = False) -> None:
        super().__init__(3, 1, width, blocks, spectral=spectral, block_biases=False)

    def forward(self, grey: Tensor, edges: Tensor, mask: Tensor) -> Tensor:
        """grey in [0, 1], edges 1 on an edge, mask 1 = inpaint; what lies under the mask has no influence."""
        known = 1 - mask
        return torch.sigmoid(self.raw(torch.cat([grey * known + mask, edges * known, mask], 1)))
