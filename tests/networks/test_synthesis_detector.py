"""The synthesis detector takes images of any size, and its gradient of any pixel reaches the input."""

import pytest
import torch

from vidinpaint.networks.synthesis_detector import SynthesisDetector, high_pass


@pytest.mark.parametrize(("height", "width"), [(64, 64), (33, 70), (5, 3), (1, 1)])
def test_logits_are_a_quarter_of_the_size(height: int, width: int) -> None:
    network = SynthesisDetector(width=4).eval()
    logits = network(torch.rand(2, 3, height, width) * 2 - 1)
    assert logits.shape == (2, 1, -(-height // 4), -(-width // 4))
    assert torch.isfinite(logits).all()


def test_the_bundled_size_is_small() -> None:
    assert sum(value.numel() for value in SynthesisDetector().parameters()) < 1_000_000


def test_one_logit_sees_its_square_and_its_surroundings() -> None:
    torch.manual_seed(0)
    network = SynthesisDetector(width=4).eval()
    image = (torch.rand(1, 3, 128, 128) * 2 - 1).requires_grad_()
    network(image)[0, 0, 16, 16].backward()
    assert image.grad is not None
    seen = image.grad.abs().sum((0, 1)) > 0
    assert seen[64:68, 64:68].all()
    assert seen[64, 24]


def test_the_high_pass_ignores_brightness() -> None:
    image = torch.rand(1, 3, 9, 9)
    torch.testing.assert_close(high_pass(image + 0.5), high_pass(image), rtol=0, atol=1e-6)
    assert high_pass(torch.ones(1, 3, 9, 9)).abs().max() < 1e-6


@pytest.mark.parametrize("width", [2, 7, 258])
def test_absurd_widths_are_refused(width: int) -> None:
    with pytest.raises(ValueError, match="even width from 4 to 256"):
        SynthesisDetector(width)
