"""Contextual attention: composes the features under the mask from patches of known features.

Each 3 x 3 patch of features at half the size is compared, by cosine similarity, with each such patch outside the mask.
Attention propagation adds the scores of neighbouring pairs of patches with the same offset, first along rows, then
along columns. Softmax turns scores into weights, and the 4 x 4 patches of the full size are averaged with them, four
per pixel. Memory: one score per pair of pixels at half the size, (H W / 4)^2 numbers.

Source: Yu et al. 2018, Generative Image Inpainting with Contextual Attention, section 4.1.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ContextualAttention(nn.Module):
    """Attention from masked to known patches; it has no weights.

    sharpness  factor before the softmax. Default: 10, as published
    propagate  whether scores are propagated; not in files converted from TensorFlow. Default: True
    corners    downscale by pixels that include both ends, as TensorFlow does, not by even pixels. Default: False
    added      what is added to each squared value in a patch's norm, so that faint patches score less. Default: 0
    """

    def __init__(
        self, sharpness: float = 10.0, propagate: bool = True, corners: bool = False, added: float = 0.0
    ) -> None:
        super().__init__()
        self.sharpness, self.propagate, self.corners, self.added = sharpness, propagate, corners, added

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x (N, C, H, W), H and W even; mask (N, 1, 4 H, 4 W), 1 = inpaint, of the image; returns (N, C, H, W)."""
        height, width = x.shape[-2:]
        small = self._every(x, 2)
        usable = _patches(self._every(mask, 8)).amax(1)[:, None] == 0  # (N, 1, L)
        patches = _patches(small)
        scores = patches.transpose(1, 2) @ (patches / self._norms(patches))
        if self.propagate:
            scores = _propagated(scores, small.shape[-2], small.shape[-1])
        scores = scores * (self.sharpness * usable)
        weights = torch.softmax(scores, dim=2) * usable  # (N, pixels, patches)
        pasted = F.unfold(x, 4, stride=2, padding=1) @ weights.transpose(1, 2)
        return F.fold(pasted, (height, width), 4, stride=2, padding=1) / 4

    def _norms(self, patches: Tensor) -> Tensor:
        """(N, 1, L), positive."""
        if self.added:
            return (patches.square() + self.added).sum(1, keepdim=True).sqrt()
        norms: Tensor = patches.norm(dim=1, keepdim=True)
        return norms.clamp(min=1e-4)

    def _every(self, x: Tensor, step: int) -> Tensor:
        """Each step-th pixel."""
        if not self.corners:
            return x[..., ::step, ::step]
        rows, columns = (
            torch.linspace(0, size - 1, size // step, device=x.device).add(0.5).floor().long() for size in x.shape[-2:]
        )
        return x[..., rows, :][..., columns]


def _patches(x: Tensor) -> Tensor:
    """(N, 9 C, H W): the 3 x 3 patch around each pixel, zero outside the image."""
    return F.unfold(x, 3, padding=1)


def _propagated(scores: Tensor, height: int, width: int) -> Tensor:
    """scores (N, L, L), L = height width, plus those of the neighbours in rows, then in columns."""
    by_columns = _transposed(_along_diagonals(scores), height, width)
    return _transposed(_along_diagonals(by_columns), width, height)


def _transposed(scores: Tensor, height: int, width: int) -> Tensor:
    """Reorders pixels from row by row to column by column, on both axes of the matrix."""
    size = (len(scores), height, width, height, width)
    return scores.view(size).permute(0, 2, 1, 4, 3).reshape(scores.shape)


def _along_diagonals(scores: Tensor) -> Tensor:
    """s[i, j] + s[i - 1, j - 1] + s[i + 1, j + 1], zero outside."""
    total = scores.clone()
    total[:, 1:, 1:] += scores[:, :-1, :-1]
    total[:, :-1, :-1] += scores[:, 1:, 1:]
    return total
