"""GLCIC: the result is blended into its surroundings."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.scenes import texture
from vidinpaint.inpainters.learned import glcic
from vidinpaint.inpainters.learned.glcic import Glcic


class Shifted(torch.nn.Module):
    """The truth, all of it darker by a constant."""

    multiple = 4

    def __init__(self, truth: np.ndarray) -> None:
        super().__init__()
        self.truth = torch.from_numpy(truth).permute(2, 0, 1)[None] * 2 - 1

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return torch.nn.functional.pad(self.truth - 0.2, (0, image.shape[-1] - 50, 0, image.shape[-2] - 30))


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[torch.nn.Module], None]:
    monkeypatch.setattr(Glcic, "weights_path", lambda self: "none")
    return lambda network: monkeypatch.setattr(glcic, "loaded_network", lambda *arguments: network)


def test_blending_removes_a_shift_of_colours(stand_in: Callable[[torch.nn.Module], None]) -> None:
    truth, mask = np.clip(texture(30, 50), 0.2, 1), np.zeros((30, 50), bool)
    mask[8:20, 10:30] = True
    image = np.where(mask[..., None], np.float32(0), truth)
    stand_in(Shifted(truth))
    assert np.allclose(Glcic().inpaint(image, mask)[mask], truth[mask], atol=1e-3)
    assert np.allclose(Glcic(blend=False).inpaint(image, mask)[mask], truth[mask] - 0.1, atol=1e-6)
