"""Feature networks: their responses, and their messages when weights are missing."""

from pathlib import Path

import pytest
import torch
from torchvision.models.vgg import cfgs, make_layers

from vidinpaint.core.errors import SettingError
from vidinpaint.training.features.derivative_bank import DerivativeBank, derivatives
from vidinpaint.training.features.feature_network import feature_network


def test_derivatives_respond_to_edges_by_direction_and_not_to_constant_images() -> None:
    bank = DerivativeBank()
    plain = bank(torch.full((2, 3, 32, 30), 0.3))
    assert [tuple(maps.shape) for maps in plain] == [(2, 48, 32, 30), (2, 48, 16, 15), (2, 48, 8, 8)]
    assert max(maps.abs().max().item() for maps in plain) < 1e-5
    upright = torch.full((1, 3, 32, 32), -1.0)
    upright[..., 16:] = 1
    answer = bank(upright)[0]
    along_x, along_y = answer[0, 0], answer[0, 4]  # first derivatives at 0 and 90 degrees of the first colour
    assert along_x.max() > 0.5
    assert along_y.max() < 1e-5
    assert min(maps.min().item() for maps in bank(torch.rand(1, 3, 16, 16))) >= 0


def test_derivative_filters_are_balanced() -> None:
    bank = derivatives(4)
    assert bank.sum((1, 2, 3)).abs().max() < 1e-6
    assert torch.allclose(bank.abs().sum((1, 2, 3)), torch.ones(8))


def test_vgg_is_never_random(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"no file .*nowhere.*derivatives"):
        feature_network(f"vgg16:{tmp_path}/nowhere.pth")
    (tmp_path / "broken.pth").write_bytes(b"no zip")
    with pytest.raises(SettingError, match="cannot be read"):
        feature_network(f"vgg16:{tmp_path}/broken.pth")
    torch.save({"features.0.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(SettingError, match=r"features\.0\.weight"):
        feature_network(f"vgg16:{tmp_path}/other.pth")
    with pytest.raises(SettingError, match="Choose one of: derivatives"):
        feature_network("resnet")


def test_vgg_gives_the_maps_of_torchvisions(tmp_path: Path) -> None:
    torch.manual_seed(0)
    original = make_layers(cfgs["D"])[:17].eval()  # VGG16's, without the large layers behind them
    state = {f"features.{name}": value for name, value in original.state_dict().items()}
    torch.save(state, tmp_path / "vgg.pth")
    network = feature_network(f"vgg16:{tmp_path}/vgg.pth")
    picture = torch.rand(1, 3, 32, 32)
    maps = network(picture * 2 - 1)
    assert [tuple(one.shape[1:]) for one in maps] == [(64, 16, 16), (128, 8, 8), (256, 4, 4)]
    mean, spread = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    expected = original((picture - mean[:, None, None]) / spread[:, None, None])
    assert torch.allclose(maps[-1], expected, atol=1e-5)
    assert not any(value.requires_grad for value in network.parameters())


def test_lite0_has_gradients_for_the_image_only() -> None:
    network = feature_network("lite0")
    image = torch.zeros(1, 3, 32, 32, requires_grad=True)
    torch.stack([maps.square().mean() for maps in network(image)]).sum().backward()
    assert image.grad is not None
    assert image.grad.abs().max() > 0
    assert all(parameter.grad is None for parameter in network.parameters())
