"""EdgeConnect: first the edges under the mask, then the colours that fit them.

Source: Nazeri et al. 2019, EdgeConnect: Generative Image Inpainting with Adversarial Edge Learning, section 3.
"""

import torch
from torch import Tensor, nn

from vidinpaint.networks.edge_completion import EdgeCompletion
from vidinpaint.networks.edge_generator import EdgeGenerator

GREY_WEIGHTS = (0.2125, 0.7154, 0.0721)
"""Red, green and blue, as in knazeri/edge-connect."""


class EdgeConnect(nn.Module):
    """Both networks; the settings are those of `EdgeGenerator` and `EdgeCompletion`."""

    multiple = EdgeCompletion.multiple

    def __init__(self, width: int = 64, blocks: int = 8, spectral: bool = False) -> None:
        super().__init__()
        self.edges = EdgeGenerator(width, blocks, spectral)
        self.completion = EdgeCompletion(width, blocks)

    def forward(self, image: Tensor, mask: Tensor, edges: Tensor) -> Tensor:
        """See `vidinpaint.networks`; edges (N, 1, H, W): 1 on an edge, of no influence under the mask."""
        return completed(self.edges, self.completion, image, mask, edges)


def completed(drawing: nn.Module, completion: nn.Module, image: Tensor, mask: Tensor, edges: Tensor) -> Tensor:
    """The image inpainted by the completion network, with known edges, and under the mask those of the edge network.

    The probabilities of edges are used as they are, without a threshold. The authors' test program gives the completion
    network the edge network's output for known pixels too; here they are the known edges, as in their training.
    """
    drawn = torch.where(mask > 0, drawing(grey(image), edges, mask), edges)
    result: Tensor = completion(image, mask, drawn)
    return result


def grey(image: Tensor) -> Tensor:
    """Grey values (N, 1, H, W) in [0, 1] of an image (N, 3, H, W) in [-1, 1]."""
    weights = image.new_tensor(GREY_WEIGHTS)[:, None, None]
    return ((image + 1) / 2 * weights).sum(1, keepdim=True)
