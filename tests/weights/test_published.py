"""Published files, given by the names and shapes of their tensors, load into our networks.

`published_names.txt` lists names and shapes. That our networks compute the same as the publishers' modules was measured
with both on the same random tensors; these tests check what can be checked without those modules.
"""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from vidinpaint.core.errors import WeightsError
from vidinpaint.core.registry import load
from vidinpaint.networks.attention_generator import AttentionGenerator
from vidinpaint.networks.context_encoder import ContextEncoder
from vidinpaint.networks.diffusion_unet import DiffusionUnet
from vidinpaint.networks.edge_completion import EdgeCompletion
from vidinpaint.networks.gated_generator import GatedGenerator
from vidinpaint.networks.glcic import CELEBA_MEAN, Glcic
from vidinpaint.networks.lama import Lama
from vidinpaint.networks.partial_unet import PartialUnet
from vidinpaint.weights.layouts.raft import torchvision_names
from vidinpaint.weights.loading import load_network
from vidinpaint.weights.published import recognise

NAMES = Path(__file__).with_name("published_names.txt")


def published(title: str, device: str = "cpu") -> dict[str, Tensor]:
    """Random tensors with the names and shapes of the section with this title; ones where masks are counted."""
    section = next(part for part in NAMES.read_text().split("# ")[1:] if part.partition("\n")[0].endswith(title))
    random = torch.Generator().manual_seed(1)
    tensors = {}
    for line in section.splitlines()[1:]:
        name, _, sizes = line.partition(" ")
        shape = [int(size) for size in sizes.split("x") if size]
        if name.endswith("num_batches_tracked"):
            tensors[name] = torch.zeros(shape, dtype=torch.int64, device=device)
        elif name.endswith(("mask_conv.weight", "running_var")) or device == "meta":
            tensors[name] = torch.ones(shape, device=device)
        else:
            tensors[name] = torch.randn(shape, generator=random) / max(1, torch.zeros(shape)[:1].numel()) ** 0.5
    return tensors


@torch.no_grad()
def test_deepfill(tmp_path: Path) -> None:
    state = published("networks.py")
    torch.save({"G": state, "D": {"x": torch.zeros(1)}, "n_iter": 4}, tmp_path / "states_pt_places2.pth")
    network = load_network(tmp_path / "states_pt_places2.pth", "gated_generator")
    assert isinstance(network, GatedGenerator)
    assert (network.width, network.sketch, network.residual, network.tensorflow) == (48, False, False, False)
    assert torch.equal(network.stage2.ca_conv_bn5.conv.weight, state["stage2.ca_conv_bn5.conv.weight"])
    image, mask = torch.rand(1, 3, 32, 40) * 2 - 1, torch.ones(1, 1, 32, 40)
    assert torch.isfinite(network(image, mask)[1]).all()


def test_early_deepfill_files_with_other_names_of_the_branches(tmp_path: Path) -> None:
    state = published("networks.py")
    early = {
        name.replace("stage2.conv_conv", "stage2.b1_conv").replace("stage2.conv_down", "stage2.b1_down")
        .replace("stage2.ca_", "stage2.b2_"): value
        for name, value in state.items()
        if not name.endswith("fuse_weight")
    }  # fmt: skip
    torch.save({"G": early}, tmp_path / "a.pth")
    network = load_network(tmp_path / "a.pth", "gated_generator")
    assert torch.equal(network.get_parameter("stage2.conv_conv1.conv.weight"), state["stage2.conv_conv1.conv.weight"])
    assert torch.equal(network.get_parameter("stage2.conv_bn6.conv.bias"), state["stage2.conv_bn6.conv.bias"])


def test_deepfill_from_tensorflow(tmp_path: Path) -> None:
    """Every numbered layer gets its right name; some layers have the same shape."""
    state = published("networks_tf.py")
    torch.save({"G": state}, tmp_path / "states_tf_places2.pth")
    network = load_network(tmp_path / "states_tf_places2.pth", "gated_generator")
    assert isinstance(network, GatedGenerator)
    assert network.tensorflow
    pairs = {
        "conv9_atrous.conv": "stage1.conv_bn4.conv", "conv11.conv": "stage1.conv_bn6.conv",
        "conv15_upsample.conv.conv": "stage1.up_block2.conv1_upsample.conv.conv",
        "conv17.conv": "stage1.conv_to_rgb.conv",
        "xconv5.conv": "stage2.conv_down_block2.conv2.conv", "xconv10_atrous.conv": "stage2.conv_conv_bn5.conv",
        "pmconv6.conv": "stage2.ca_conv_bn1.conv", "pmconv9.conv": "stage2.ca_conv_bn4.conv",
        "pmconv10.conv": "stage2.ca_conv_bn5.conv", "allconv12.conv": "stage2.conv_bn7.conv",
        "allconv17.conv": "stage2.conv_to_rgb.conv",
    }  # fmt: skip
    for theirs, ours in pairs.items():
        assert torch.equal(network.get_parameter(f"{ours}.weight"), state[f"{theirs}.weight"])


@torch.no_grad()
def test_partial_convolutions() -> None:
    state, path = published("net.py"), Path("1000000.pth")
    name, settings, converted = recognise(path, state)
    assert (name, settings) == ("partial_unet", {"width": 64, "depth": 7})
    network = PartialUnet(**settings)
    network.load_state_dict(converted)
    # the published layer divides by the sum of the known pixels of a window, here by its number of taps
    x = torch.rand(1, 3, 16, 16)
    theirs = torch.nn.functional.conv2d(x, state["enc_1.conv.input_conv.weight"], stride=2, padding=3) / 147
    ours, _ = network.get_submodule("enc_1.conv")(x, torch.ones(1, 1, 16, 16))
    assert torch.allclose(ours[..., 2:-2, 2:-2], theirs[..., 2:-2, 2:-2], atol=1e-6)
    state["enc_2.conv.mask_conv.weight"][0, 0, 0, 0] = 2
    with pytest.raises(WeightsError, match="other shapes or values"):
        recognise(path, state)


@torch.no_grad()
@pytest.mark.parametrize("prefix", ["", "netG."])
def test_contextual_attention(prefix: str, tmp_path: Path) -> None:
    """The generator alone, and with the critics of its trainer."""
    state = published("gen_00430000")
    critics = {"localD.linear.weight": torch.zeros(1, 4)} if prefix else {}
    torch.save({f"{prefix}{name}": value for name, value in state.items()} | critics, tmp_path / "torch_model.p")
    network = load_network(tmp_path / "torch_model.p", "attention_generator")
    assert isinstance(network, AttentionGenerator)
    assert network.width == 32
    assert torch.equal(
        network.get_parameter("fine_generator.pmconv6.conv.bias"), state["fine_generator.pmconv6.conv.bias"]
    )
    image, mask = torch.rand(1, 3, 32, 40) * 2 - 1, torch.ones(1, 1, 32, 40)
    assert torch.isfinite(network(image, mask)[1]).all()


@torch.no_grad()
def test_context_encoder(tmp_path: Path) -> None:
    """As an old file, without counters of batches; the settings follow from the shapes."""
    state = published("netG_streetview")
    name, settings, converted = recognise(Path("netG_streetview.pth"), state)
    assert (name, settings) == ("context_encoder", {"width": 64, "bottleneck": 4000})
    with torch.device("meta"):
        expected = {name: value.shape for name, value in ContextEncoder(**settings).state_dict().items()}
    assert {name: value.shape for name, value in converted.items()} == expected
    small = ContextEncoder(4, 8).state_dict()
    old = {name: value for name, value in small.items() if not name.endswith("num_batches_tracked")}
    torch.save({"epoch": 9, "state_dict": old}, tmp_path / "a.pth")
    network = load_network(tmp_path / "a.pth", "context_encoder")
    assert torch.equal(network.get_parameter("main.29.weight"), small["main.29.weight"])


@torch.no_grad()
@pytest.mark.parametrize("with_v", [True, False])
def test_edge_model_of_edgeconnect(tmp_path: Path, with_v: bool) -> None:
    """Weights are divided by their greatest singular value, as PyTorch's spectral normalisation does."""
    torch.manual_seed(0)
    state = published("EdgeModel_gen")
    for name in [name.removesuffix("_orig") for name in state if name.endswith("_orig")]:
        matrix = state[f"{name}_orig"].movedim(1 if name.startswith("decoder") else 0, 0).flatten(1)
        state[f"{name}_v"] = nn.functional.normalize(matrix.T @ state[f"{name}_u"], dim=0)
    layers = {"encoder.1": nn.Conv2d(3, 64, 7), "decoder.0": nn.ConvTranspose2d(256, 128, 4)}
    for name, layer in layers.items():
        layer = torch.nn.utils.spectral_norm(layer, n_power_iterations=60)
        layer(torch.rand(1, layer.in_channels, 8, 8))  # runs the iterations
        state |= {f"{name}.{key}": value for key, value in layer.state_dict().items()}
    state = {name: value for name, value in state.items() if with_v or not name.endswith("weight_v")}
    torch.save({"iteration": 7, "generator": state}, tmp_path / "EdgeModel_gen.pth")
    name, settings, _ = recognise(tmp_path / "EdgeModel_gen.pth", state)
    assert (name, settings) == ("edge_generator", {"width": 64, "blocks": 8})
    network = load_network(tmp_path / "EdgeModel_gen.pth", "edge_generator")
    for layer in layers:
        weight, outputs = network.get_parameter(f"{layer}.weight"), int(layer.startswith("decoder"))
        assert torch.linalg.matrix_norm(weight.movedim(outputs, 0).flatten(1), 2) == pytest.approx(1, abs=0.05)
        ratio = state[f"{layer}.weight_orig"] / weight
        assert torch.allclose(ratio, ratio.mean(), rtol=1e-3)
    assert torch.equal(network.get_parameter("decoder.7.weight"), state["decoder.7.weight"])
    state["middle.3.conv_block.1.weight_orig"].zero_()
    with pytest.raises(WeightsError, match="other shapes or values"):
        recognise(tmp_path / "EdgeModel_gen.pth", state)


def test_completion_model_of_edgeconnect() -> None:
    state = published("InpaintingModel_gen", "meta")
    name, settings, converted = recognise(Path("InpaintingModel_gen.pth"), state)
    assert (name, settings) == ("edge_completion", {"width": 64, "blocks": 8})
    with torch.device("meta"):
        expected = {name: value.shape for name, value in EdgeCompletion(**settings).state_dict().items()}
    assert {name: value.shape for name, value in converted.items()} == expected


def test_guided_diffusion() -> None:
    """552 million numbers: shapes only."""
    state = published("256x256_diffusion_uncond", "meta")
    name, settings, converted = recognise(Path("256x256_diffusion_uncond.pt"), state)
    assert (name, settings) == ("diffusion_unet", {"width": 256, "variance": True})
    with torch.device("meta"):
        network = DiffusionUnet(**settings)
    expected = {name: value.shape for name, value in network.state_dict().items()}
    assert {name: value.shape for name, value in converted.items()} == expected
    assert (network.multiple, len(network.diffusion)) == (32, 1000)
    assert sum(value.numel() for value in converted.values()) == 552_814_086


@pytest.mark.parametrize(("title", "size"), [("raft-things", "large"), ("raft-small", "small")])
def test_raft(title: str, size: str) -> None:
    from torchvision.models import optical_flow

    state = published(title, "meta")
    converted = torchvision_names(state)
    with torch.device("meta"):
        expected = getattr(optical_flow, f"raft_{size}")(weights=None).state_dict()
    assert {name: value.shape for name, value in converted.items()} == {k: v.shape for k, v in expected.items()}
    assert torchvision_names(converted).keys() == converted.keys()
    assert converted["update_block.recurrent_block.convgru1.convq.weight"] is state[
        f"update_block.gru.convq{'1' if size == 'large' else ''}.weight"
    ]  # fmt: skip


@torch.no_grad()
@pytest.mark.parametrize("prefix", ["", "generator.", "model.", "model.generator."])
def test_lama(prefix: str) -> None:
    """51 million numbers: shapes only."""
    state = published("big-lama", "meta")
    theirs = {f"{prefix}{name}": value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    theirs |= {"discriminator.model0.0.weight": torch.zeros(1)} if prefix else {}
    name, settings, converted = recognise(Path("big-lama.pt"), theirs)
    assert (name, settings) == ("lama", {"width": 64, "blocks": 18, "halvings": 3, "ratio": 0.75})
    with torch.device("meta"):
        network = Lama(**settings)
    assert {name: value.shape for name, value in converted.items()} == {
        name: value.shape for name, value in network.state_dict().items()
    }
    assert (len(converted), network.multiple) == (989, 8)
    assert sum(parameter.numel() for parameter in network.parameters()) == 50_975_875


@pytest.mark.parametrize(
    ("title", "network", "features"),
    [
        ("alexnet-owt-7be5be79", "alexnet", 2_469_696),
        ("vgg16-397923af", "vgg16", 14_714_688),
        ("pt_inception-2015-12-05", "inception", 21_785_568),
        ("rgb_imagenet", "i3d", 12_287_264),
    ],
)
def test_networks_of_metrics(title: str, network: str, features: int) -> None:
    """Shapes only; the counts are those of the publishers, less the last layers. Old files lack the batch counts."""
    state = published(title, "meta")
    name, settings, converted = recognise(Path(title), state)
    assert (name, settings) == (network, {})
    with torch.device("meta"):
        built = load("networks", name)()
    expected = {name: value.shape for name, value in built.state_dict().items()}
    assert {name: value.shape for name, value in converted.items()} == expected
    assert sum(value.numel() for value in built.parameters()) == features


def test_torchvisions_inception_is_not_that_of_fid() -> None:
    state = {**published("pt_inception-2015-12-05", "meta"), "fc.bias": torch.zeros(1000)}
    with pytest.raises(WeightsError, match=r"weights of inception, found 'a\.pth' with other"):
        recognise(Path("a.pth"), state)


@torch.no_grad()
def test_glcic(tmp_path: Path) -> None:
    """With the mean colour of the published network, which its file lacks."""
    state = published("model_cn_step400000")
    torch.save(state, tmp_path / "model_cn_step400000")
    network = load_network(tmp_path / "model_cn_step400000", "glcic")
    assert isinstance(network, Glcic)
    assert (network.mean, network.conv1.out_channels) == (CELEBA_MEAN, 64)
    assert network.state_dict().keys() == state.keys()
    assert all(torch.equal(value, state[name]) for name, value in network.state_dict().items())
    old = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    assert recognise(tmp_path, old)[2].keys() == state.keys()
