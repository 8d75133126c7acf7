"""The feature network of a recipe, by name, and the loss terms that compare its features."""

from collections.abc import Callable, Sequence
from functools import cache, partial

import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError
from vidinpaint.training.features.derivative_bank import DerivativeBank
from vidinpaint.training.features.lite0 import Lite0
from vidinpaint.training.features.vgg import Vgg16
from vidinpaint.training.losses.deep_distance import deep_distance
from vidinpaint.training.losses.perceptual import perceptual
from vidinpaint.training.losses.style import style

LOSSES: dict[str, Callable[[Sequence[Tensor], Sequence[Tensor]], Tensor]] = {
    "perceptual": perceptual,
    "high_receptive_field": partial(perceptual, power=2),
    "style": style,
    "deep_distance": deep_distance,
}
CHOICES = "derivatives, lite0, vgg16, vgg16:PATH"


@cache
def feature_network(name: str) -> nn.Module:
    """The feature network of a name.

    derivatives          our own filters, without weights
    lite0                EfficientNet-Lite0 with ImageNet weights, of the extra `perceptual`
    vgg16, vgg16:PATH    VGG16, from torch's download folder or another file
    """
    kind, _, path = name.partition(":")
    if kind == "derivatives" and not path:
        return DerivativeBank()
    if kind == "lite0" and not path:
        return Lite0()
    if kind == "vgg16":
        return Vgg16(path)
    raise SettingError("the name of a feature network", repr(name), f"Choose one of: {CHOICES}.")


def feature_terms(name: str, weights: dict[str, float], outputs: Sequence[Tensor], truth: Tensor) -> dict[str, Tensor]:
    """Weighted loss terms between the features of the truth and of each output, summed over the outputs.

    name            of the feature network
    weights         weight of each of the `LOSSES`; a term of weight 0 is left out
    outputs, truth  images (N, 3, H, W) in [-1, 1]
    """
    weights = {loss: weight for loss, weight in weights.items() if weight}
    if not weights:
        return {}
    features = feature_network(name).to(truth.device)
    expected, actual = features(truth), [features(output) for output in outputs]
    distances = {loss: torch.stack([LOSSES[loss](maps, expected) for maps in actual]).sum() for loss in weights}
    return {loss: weights[loss] * distances[loss] for loss in weights}
