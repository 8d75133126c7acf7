"""Distance between the changes between frames of an inpainted clip and of the truth: flicker counts, motion does not.

Source: the temporal term of Lai 2018, Learning Blind Video Temporal Consistency, with the changes of the truth instead
of flow: for training they are known exactly.
"""

from torch import Tensor


def flicker(output: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """Mean over all values of |change of output - change of truth| between frames, where both frames are masked.

    output, truth (N, C, T, H, W), T >= 2; mask (N, 1, T, H, W), 1 = inpaint.
    """
    error = output - truth
    both = mask[:, :, 1:] * mask[:, :, :-1]
    return ((error[:, :, 1:] - error[:, :, :-1]).abs() * both).mean()
