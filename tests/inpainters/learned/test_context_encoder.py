"""The context encoder as an inpainter: its square, its scale, its resolution."""

from typing import Any

import numpy as np
import pytest
import torch

from tests.scenes import texture
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned import context_encoder
from vidinpaint.inpainters.learned.context_encoder import ContextEncoder, mirrored, square_side
from vidinpaint.inpainters.learned.start import smooth_start
from vidinpaint.networks.context_encoder import hidden_part


class Shifted:
    """Stands in for the network: adds to the centre and records what it was given."""

    def __init__(self) -> None:
        self.masks: list[torch.Tensor] = []

    def __call__(self, image: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        self.masks.append(mask)
        result = image.clone()
        result[..., 32:96, 32:96] += 0.2
        return result


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, small_weights: dict[str, dict[str, Any]]) -> Shifted:
    stand_in = Shifted()
    monkeypatch.setattr(context_encoder, "loaded_network", lambda *arguments: stand_in)
    return stand_in


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(slice(90, 110), slice(40, 52)), (slice(0, 150), slice(30, 160)), (slice(60, 61), slice(70, 71)),
     (slice(0, 30), slice(0, 9)), (slice(170, 180), slice(10, 190))],
)  # fmt: skip
def test_any_mask_is_scaled_into_the_hidden_part(
    rows: slice, columns: slice, network: Shifted, small_weights: dict[str, dict[str, Any]]
) -> None:
    image, mask = texture(180, 200) * np.float32(0.5), np.zeros((180, 200), bool)
    mask[rows, columns] = True
    result = ContextEncoder(**small_weights["context_encoder"]).inpaint(image, mask)
    assert network.masks[0].shape == (1, 1, 128, 128)
    ys, xs = np.nonzero(network.masks[0][0, 0].numpy())
    assert min(ys.min(), xs.min()) >= 32
    assert max(ys.max(), xs.max()) < 96
    hidden = hidden_part().stop - hidden_part().start
    longest = max(np.ptp(ys), np.ptp(xs)) + 1
    if mask.sum() > 1:
        assert longest == pytest.approx(hidden, abs=8)
    added = result - smooth_start(image, mask)
    assert not np.abs(added[~mask]).max() > 0.15
    middle = (rows.start + rows.stop) // 2, (columns.start + columns.stop) // 2
    assert np.allclose(added[middle], 0.1, atol=0.02)  # half of 0.2, as colours are in [0, 1] here


def test_a_small_mask_is_not_enlarged_without_limit() -> None:
    assert (square_side(1, 1), square_side(14, 3), square_side(56, 20), square_side(20, 560)) == (32, 32, 128, 1280)


def test_regions_far_apart_are_inpainted_separately(network: Shifted, small_weights: dict[str, dict[str, Any]]) -> None:
    image, mask = texture(100, 300), np.zeros((100, 300), bool)
    mask[40:50, 40:50] = mask[40:50, 240:250] = True
    inpaint_array(ContextEncoder(**small_weights["context_encoder"]), image, mask)
    assert len(network.masks) == 2


def test_what_lies_outside_the_image_is_its_mirror_image() -> None:
    assert mirrored(-3, 8, 4).tolist() == [2, 1, 0, 0, 1, 2, 3, 3]
    assert mirrored(-5, 12, 2).tolist() == [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]
