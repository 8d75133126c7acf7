"""Total variation of the finished picture on the mask and one pixel around it: no seam, no speckles.

Source: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, equation 6.
"""

from torch import Tensor
from torch.nn.functional import max_pool2d


def border_variation(finished: Tensor, mask: Tensor) -> Tensor:
    """The sum of |differences| between neighbours that both lie in the mask or next to it, over the picture's values.

    finished (N, C, H, W): the output under the mask, the truth elsewhere; mask (N, 1, H, W), 1 = inpaint.
    """
    near = max_pool2d(mask, 3, stride=1, padding=1)
    across = (finished[..., 1:] - finished[..., :-1]).abs() * near[..., 1:] * near[..., :-1]
    down = (finished[..., 1:, :] - finished[..., :-1, :]).abs() * near[..., 1:, :] * near[..., :-1, :]
    return (across.sum() + down.sum()) / finished.numel()
