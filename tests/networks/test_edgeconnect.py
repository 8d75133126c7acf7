"""EdgeConnect's networks: what they see, known edges, spectral normalisation."""

import pytest
import torch

from vidinpaint.networks.edge_completion import EdgeCompletion
from vidinpaint.networks.edge_generator import EdgeGenerator
from vidinpaint.networks.edgeconnect import EdgeConnect, completed, grey


def scene() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Image, mask, edges."""
    random = torch.Generator().manual_seed(0)
    mask = torch.zeros(1, 1, 32, 48)
    mask[..., 8:20, 10:30] = 1
    edges = (torch.rand(1, 1, 32, 48, generator=random) < 0.1).float()
    return torch.rand(1, 3, 32, 48, generator=random) * 2 - 1, mask, edges


@torch.no_grad()
def test_what_lies_under_the_mask_has_no_influence() -> None:
    network = EdgeConnect(4, 1).eval()
    image, mask, edges = scene()
    result = network(image, mask, edges)
    assert torch.equal(result, network(image * (1 - mask) + 0.3 * mask, mask, edges * (1 - mask)))
    assert result.shape == image.shape
    assert float(result.abs().max()) <= 1


@torch.no_grad()
def test_the_completion_is_given_known_edges_and_probabilities_under_the_mask() -> None:
    image, mask, edges = scene()
    seen = []

    class Completion(torch.nn.Module):
        def forward(self, image: torch.Tensor, mask: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
            seen.append(drawn)
            return image

    generator = EdgeGenerator(4, 1).eval()
    completed(generator, Completion(), image, mask, edges)
    assert torch.equal(seen[0][mask == 0], edges[mask == 0])
    assert torch.equal(seen[0][mask > 0], generator(grey(image), edges, mask)[mask > 0])
    assert 0 < float(seen[0][mask > 0].min()) < float(seen[0][mask > 0].max()) < 1


@torch.no_grad()
def test_edges_change_the_completed_image() -> None:
    network = EdgeCompletion(4, 1).eval()
    image, mask, edges = scene()
    assert not torch.equal(network(image, mask, edges), network(image, mask, torch.zeros_like(edges)))


@torch.no_grad()
def test_spectral_normalisation_divides_the_weights_of_all_layers_but_the_last() -> None:
    network = EdgeGenerator(4, 1, spectral=True)
    image, mask, edges = scene()
    for _ in range(60):
        network(grey(image), edges, mask)
    layers = {
        name: module for name, module in network.eval().named_modules()
        if isinstance(module, torch.nn.Conv2d | torch.nn.ConvTranspose2d)
    }  # fmt: skip
    assert len(layers) == 8
    for name, layer in layers.items():
        weight = layer.weight if isinstance(layer, torch.nn.Conv2d) else layer.weight.transpose(0, 1)
        norm = float(torch.linalg.matrix_norm(weight.flatten(1), 2))
        assert (norm == pytest.approx(1, abs=0.05)) == (name != "decoder.7"), name


def test_grey_values_have_the_published_weights() -> None:
    image = torch.tensor([1.0, -1.0, -1.0]).reshape(1, 3, 1, 1)
    assert float(grey(image)) == pytest.approx(0.2125)
    assert float(grey(torch.ones(1, 3, 1, 1))) == pytest.approx(1)


def test_sizes_out_of_range() -> None:
    with pytest.raises(ValueError, match="expected width 4 to 256 and 1 to 64 blocks, found 2 and 8"):
        EdgeGenerator(2)
