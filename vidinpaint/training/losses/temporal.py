"""Distance between the changes from frame to frame of an inpainted clip and of the truth: flicker costs, motion does
not.

Source: the temporal term of Lai 2018, Learning Blind Video Temporal Consistency, with the truth's own changes in the
place of flow, which a clip made of photos knows exactly.
"""

from torch import Tensor


def flicker(output: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """Mean over all values of |change of output - change of truth| from frame to frame, where both frames have a mask.

    output, truth (N, C, T, H, W), T >= 2; mask (N, 1, T, H, W), 1 = inpaint.
    """
    error = output - truth
    both = mask[:, :, 1:] * mask[:, :, :-1]
    return ((error[:, :, 1:] - error[:, :, :-1]).abs() * both).mean()
