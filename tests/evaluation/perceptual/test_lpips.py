"""LPIPS against the package lpips, with the same random convolutions and its own linear layers."""

import warnings
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import lpips
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.evaluation.images import texture, worse
from vidinpaint.core.errors import WeightsError
from vidinpaint.evaluation.perceptual.lpips import Lpips

LAYERS = Path(find_spec("lpips").origin).parent / "weights" / "v0.1"
MASK = np.ones((70, 90), bool)


def reference(name: str) -> nn.Module:
    """The package's module with random convolutions; nothing is downloaded."""
    torch.manual_seed(3)
    unused = patch.object(nn.Linear, "reset_parameters"), patch.object(nn.init, "normal_")  # large layers, not needed
    with warnings.catch_warnings(action="ignore"), unused[0], unused[1]:  # it uses old names of torchvision
        module = lpips.LPIPS(net=name, pretrained=False, pnet_rand=True, verbose=False)
    layers = torch.load(LAYERS / f"{name}.pth", weights_only=True, map_location="cpu")
    module.load_state_dict(layers, strict=False)
    return module.eval()


def backbone(module: nn.Module) -> dict[str, Tensor]:
    """The convolutions under torchvision's names, and a layer that names classes."""
    state = module.net.state_dict()
    named = {f"features.{name.partition('.')[2]}": value for name, value in state.items()}
    return {**named, "classifier.6.weight": torch.zeros(10, 4)}


@pytest.mark.parametrize("name", ["alex", "vgg"])
def test_equals_the_package(name: str, tmp_path: Path) -> None:
    module = reference(name)
    torch.save(backbone(module), tmp_path / "weights.pth")
    truth = texture(21, 70, 90)
    output = worse(truth)
    with torch.no_grad():
        tensors = [torch.from_numpy(frame).permute(2, 0, 1)[None] / 127.5 - 1 for frame in (output, truth)]
        expected = float(module(*tensors))
    metric = Lpips(tmp_path / "weights.pth")
    metric.add(output, truth, MASK)
    assert expected > 1e-3
    assert metric.values() == {f"lpips_{name}": pytest.approx(expected, abs=1e-6)}


def test_small_frames_and_other_weights(tmp_path: Path) -> None:
    state = backbone(reference("alex"))
    torch.save(state, tmp_path / "alexnet.pth")
    metric = Lpips(tmp_path / "alexnet.pth")
    for _ in range(2):
        metric.add(*[np.zeros((20, 40, 3), np.uint8)] * 2, np.ones((20, 40), bool))
    assert metric.values() == {"lpips_alex": None}
    assert metric.notes == ["LPIPS needs frames of at least 32 x 32 pixels; these have 40 x 20."]
    torch.save({**state, "features.3.weight": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match=r"features\.3\.weight"):
        Lpips(tmp_path / "other.pth")
