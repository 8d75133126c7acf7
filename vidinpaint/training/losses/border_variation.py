"""Total variation of the composited image in the mask and one pixel around it, against seams and speckles.

Source: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, equation 6.
"""

from torch import Tensor
from torch.nn.functional import max_pool2d


def border_variation(composited: Tensor, mask: Tensor) -> Tensor:
    """The sum of |differences| between neighbours that both lie in the mask or next to it, per value.

    composited (N, C, H, W): the output under the mask, the truth elsewhere; mask (N, 1, H, W), 1 = inpaint.
    """
    counted = max_pool2d(mask, 3, stride=1, padding=1)
    across = (composited[..., 1:] - composited[..., :-1]).abs() * counted[..., 1:] * counted[..., :-1]
    down = (composited[..., 1:, :] - composited[..., :-1, :]).abs() * counted[..., 1:, :] * counted[..., :-1, :]
    return (across.sum() + down.sum()) / composited.numel()
