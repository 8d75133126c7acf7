"""VGG16's features, from weights on this disk; nothing is downloaded and nothing is random.

Source: Simonyan 2015, Very Deep Convolutional Networks; the layers pool1 to pool3 as in Liu 2018, section 3.3.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError

FILE = "vgg16-397923af.pth"
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
POOLS = (4, 9, 16)
"""Places of pool1, pool2 and pool3 in torchvision's `features`."""


class Vgg16(nn.Module):
    """Pictures (N, 3, H, W) in [-1, 1] to VGG16's maps after its first three poolings; frozen.

    path   of torchvision's ImageNet weights (IMAGENET1K_V1); "": where torch keeps what it has downloaded.
    Raises SettingError where no such file is.
    """

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.layers = features(_state(path))
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("spread", torch.tensor(SPREAD).reshape(1, 3, 1, 1), persistent=False)
        self.requires_grad_(False)

    def forward(self, picture: Tensor) -> list[Tensor]:
        value = ((picture + 1) / 2 - self.get_buffer("mean")) / self.get_buffer("spread")
        maps = []
        for place, layer in enumerate(self.layers):
            value = layer(value)
            if place in POOLS:
                maps.append(value)
        return maps


def features(state: dict[str, Tensor]) -> nn.Sequential:
    """VGG16's layers up to pool3, with the weights of a state dict of torchvision's vgg16."""
    from torchvision.models import vgg16

    with torch.device("meta"):  # most of it, half a gigabyte of chance numbers, is never needed
        layers = vgg16(weights=None).features[: POOLS[-1] + 1]
    layers.to_empty(device="cpu")
    wanted = {f"features.{name}": value for name, value in layers.state_dict().items()}
    for name, value in wanted.items():
        if name not in state or state[name].shape != value.shape:
            raise SettingError("torchvision's VGG16 weights", f"a file without a fitting {name!r}", _remedy())
    layers.load_state_dict({name.removeprefix("features."): state[name] for name in wanted})
    return nn.Sequential(*(nn.ReLU() if isinstance(layer, nn.ReLU) else layer for layer in layers)).eval()


def _state(path: str) -> dict[str, Tensor]:
    file = Path(path) if path else Path(torch.hub.get_dir()) / "checkpoints" / FILE
    if not file.is_file():
        raise SettingError("VGG16's weights for the perceptual and style losses", f"no file '{file}'", _remedy())
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever is wrong with the file, it is the file
        raise SettingError("VGG16's weights", f"'{file}', which cannot be read", _remedy()) from error
    if not isinstance(state, dict):
        raise SettingError("a state dict of VGG16", f"'{file}' with a {type(state).__name__}", _remedy())
    return state


def _remedy() -> str:
    return f"Get torchvision's {FILE} and give its path, or choose features = 'derivatives', which need no weights."
