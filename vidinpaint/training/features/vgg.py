"""VGG16's features, from a local file of weights; nothing is downloaded, and no weights are random.

Source: Simonyan 2015, Very Deep Convolutional Networks; the layers pool1 to pool3 as in Liu 2018, section 3.3.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.networks.vgg16 import Vgg16 as Vgg16Network

FILE = "vgg16-397923af.pth"
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
POOLS = (4, 9, 16)
"""Indices of pool1, pool2 and pool3 in `features`."""


class Vgg16(nn.Module):
    """Images (N, 3, H, W) in [-1, 1] to VGG16's maps after its first three pooling layers; without gradients.

    path   torchvision's ImageNet weights (IMAGENET1K_V1). Default: "", the file in torch's download folder
    Raises SettingError if there is no such file.
    """

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.layers = features(_state(path))
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("spread", torch.tensor(SPREAD).reshape(1, 3, 1, 1), persistent=False)
        self.requires_grad_(False)

    def forward(self, image: Tensor) -> list[Tensor]:
        value = ((image + 1) / 2 - self.get_buffer("mean")) / self.get_buffer("spread")
        maps = []
        for index, layer in enumerate(self.layers):
            value = layer(value)
            if index in POOLS:
                maps.append(value)
        return maps


def features(state: dict[str, Tensor]) -> nn.Sequential:
    """VGG16's layers up to pool3, with the weights of a state dict of torchvision's vgg16."""
    with torch.device("meta"):  # without memory for its other layers
        layers = Vgg16Network().features[: POOLS[-1] + 1]
    layers.to_empty(device="cpu")
    expected = {f"features.{name}": value for name, value in layers.state_dict().items()}
    for name, value in expected.items():
        if name not in state or state[name].shape != value.shape:
            raise SettingError(
                "torchvision's VGG16 weights", f"a file without {name!r} of the expected shape", _remedy()
            )
    layers.load_state_dict({name.removeprefix("features."): state[name] for name in expected})
    return layers.eval()


def _state(path: str) -> dict[str, Tensor]:
    file = Path(path) if path else Path(torch.hub.get_dir()) / "checkpoints" / FILE
    if not file.is_file():
        raise SettingError("VGG16's weights for the perceptual and style losses", f"no file '{file}'", _remedy())
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises errors of many types
        raise SettingError("VGG16's weights", f"'{file}', which cannot be read", _remedy()) from error
    if not isinstance(state, dict):
        raise SettingError("a state dict of VGG16", f"'{file}' with a {type(state).__name__}", _remedy())
    return state


def _remedy() -> str:
    return f"Get torchvision's {FILE} and give its path, or set features = 'derivatives', which needs no weights."
