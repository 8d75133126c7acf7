"""Total variation of the finished picture on the hole and one pixel around it: no seam, no speckles.

Source: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, equation 6.
"""

from torch import Tensor
from torch.nn.functional import max_pool2d


def border_variation(finished: Tensor, hole: Tensor) -> Tensor:
    """The sum of |differences| between neighbours that both lie in the hole or next to it, over the picture's values.

    finished (N, C, H, W): the output under the hole, the truth elsewhere; hole (N, 1, H, W), 1 = paint.
    """
    near = max_pool2d(hole, 3, stride=1, padding=1)
    across = (finished[..., 1:] - finished[..., :-1]).abs() * near[..., 1:] * near[..., :-1]
    down = (finished[..., 1:, :] - finished[..., :-1, :]).abs() * near[..., 1:, :] * near[..., :-1, :]
    return (across.sum() + down.sum()) / finished.numel()
