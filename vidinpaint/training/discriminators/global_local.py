"""Two discriminators: one looks at the whole picture, one at the surroundings of the mask; one score from both.

Sources: Iizuka 2017, Globally and Locally Consistent Image Completion, section 3.3 (joined by a last layer); Yu 2018,
Generative Image Inpainting with Contextual Attention, section 3 (two discriminators, their scores added). Theirs end in
layers made for one size of picture; ours in a mean over the picture, so that any size can be held_out_metrics.
"""

import torch
from torch import Tensor, nn


class GlobalLocal(nn.Module):
    """Pictures (N, channels, H, W) and their part around the mask (N, channels, h, w) to scores (N, 1).

    channels   3 colours, and the mask where the discriminator shall see it
    width      channels of the first layer, 64 in the papers
    joined     one last layer over both (Iizuka) instead of two scores added (Yu)
    """

    def __init__(self, channels: int = 4, width: int = 64, joined: bool = False) -> None:
        super().__init__()
        self.whole, self.part = _trunk(channels, width, 5), _trunk(channels, width, 4)
        self.joined = joined
        self.judge = nn.Linear(16 * width, 1) if joined else nn.ModuleList(nn.Linear(8 * width, 1) for _ in range(2))

    def forward(self, picture: Tensor, local: Tensor) -> Tensor:
        far, near = self.whole(picture), self.part(local)
        if isinstance(self.judge, nn.ModuleList):
            scores: Tensor = self.judge[0](far) + self.judge[1](near)
        else:
            scores = self.judge(torch.cat([far, near], 1))
        return scores


def around(picture: Tensor, mask: Tensor, size: int) -> Tensor:
    """The size x size part of every picture (N, C, H, W) about the middle of its mask (N, 1, H, W), moved inside."""
    height, width = picture.shape[-2:]
    parts = []
    for one, its_mask in zip(picture, mask[:, 0] > 0):
        ys, xs = torch.nonzero(its_mask, as_tuple=True)
        y, x = ((int(v.min()) + int(v.max()) + 1 - size) // 2 if len(v) else 0 for v in (ys, xs))
        y, x = max(0, min(y, height - size)), max(0, min(x, width - size))
        parts.append(one[:, y : y + size, x : x + size])
    return torch.stack(parts)


def _trunk(channels: int, width: int, layers: int) -> nn.Sequential:
    """Strided 5 x 5 convolutions to a vector of 8 width, whatever the size of the picture."""
    steps: list[nn.Module] = []
    for times in (1, 2, 4, 8, 8) if layers == 5 else (1, 2, 4, 8):
        steps += [nn.Conv2d(channels, times * width, 5, stride=2, padding=2), nn.LeakyReLU(0.2)]
        channels = times * width
    return nn.Sequential(*steps, nn.AdaptiveAvgPool2d(1), nn.Flatten())
