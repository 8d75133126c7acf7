"""The feature network of a recipe, by name."""

from functools import cache

from torch import nn

from vidinpaint.core.errors import SettingError
from vidinpaint.training.features.derivative_bank import DerivativeBank
from vidinpaint.training.features.vgg import Vgg16


@cache
def feature_network(name: str) -> nn.Module:
    """`derivatives`: our own filters without weights; `vgg16`, or `vgg16:PATH` for a file of one's own."""
    kind, _, path = name.partition(":")
    if kind == "derivatives" and not path:
        return DerivativeBank()
    if kind == "vgg16":
        return Vgg16(path)
    raise SettingError("features to compare by", repr(name), "Choose derivatives, vgg16 or vgg16:PATH.")
