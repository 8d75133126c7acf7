"""Two discriminators with one score: one of the whole image, one of the surroundings of the mask.

Sources: Iizuka 2017, Globally and Locally Consistent Image Completion, section 3.3 (joined by a last layer); Yu 2018,
Generative Image Inpainting with Contextual Attention, section 3 (two discriminators, their scores added). Theirs end in
layers for one size of image; ours end in a mean over the image, so that the size is free.
"""

import torch
from torch import Tensor, nn


class GlobalLocal(nn.Module):
    """Images (N, channels, H, W) and their part around the mask (N, channels, h, w) to scores (N, 1).

    channels   3 colours, and 1 for the mask if the discriminator shall see it
    width      channels of the first layer, 64 in the papers
    joined     one last layer over both (Iizuka) instead of the sum of two scores (Yu)
    """

    def __init__(self, channels: int = 4, width: int = 64, joined: bool = False) -> None:
        super().__init__()
        self.whole, self.part = _trunk(channels, width, 5), _trunk(channels, width, 4)
        self.joined = joined
        self.score = nn.Linear(16 * width, 1) if joined else nn.ModuleList(nn.Linear(8 * width, 1) for _ in range(2))

    def forward(self, image: Tensor, local: Tensor) -> Tensor:
        if not self.joined:
            return self.whole_score(image) + self.part_score(local)
        return self.score(torch.cat([self.whole(image), self.part(local)], 1))  # type: ignore[no-any-return]

    def whole_score(self, image: Tensor) -> Tensor:
        """The score (N, 1) of the image alone; not of joined discriminators, which have none."""
        return self.score[0](self.whole(image))  # type: ignore[index, no-any-return]

    def part_score(self, local: Tensor) -> Tensor:
        """The score (N, 1) of the part alone; not of joined discriminators, which have none."""
        return self.score[1](self.part(local))  # type: ignore[index, no-any-return]


def around(images: Tensor, mask: Tensor, size: int) -> Tensor:
    """The size x size part of each image (N, C, H, W) around the centre of its mask (N, 1, H, W), moved inside."""
    height, width = images.shape[-2:]
    parts = []
    for image, image_mask in zip(images, mask[:, 0] > 0):
        ys, xs = torch.nonzero(image_mask, as_tuple=True)
        y, x = ((int(v.min()) + int(v.max()) + 1 - size) // 2 if len(v) else 0 for v in (ys, xs))
        y, x = max(0, min(y, height - size)), max(0, min(x, width - size))
        parts.append(image[:, y : y + size, x : x + size])
    return torch.stack(parts)


def _trunk(channels: int, width: int, layers: int) -> nn.Sequential:
    """Strided 5 x 5 convolutions to a vector of 8 width for any size of image."""
    steps: list[nn.Module] = []
    for times in (1, 2, 4, 8, 8) if layers == 5 else (1, 2, 4, 8):
        steps += [nn.Conv2d(channels, times * width, 5, stride=2, padding=2), nn.LeakyReLU(0.2)]
        channels = times * width
    return nn.Sequential(*steps, nn.AdaptiveAvgPool2d(1), nn.Flatten())
