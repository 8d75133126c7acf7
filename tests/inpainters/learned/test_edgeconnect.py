"""EdgeConnect as an inpainter: two files of weights, and the edges that it is given."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.scenes import texture
from tests.small_networks import small_network
from vidinpaint.core.errors import WeightsError
from vidinpaint.core.registry import load
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.edgeconnect import EdgeConnect
from vidinpaint.networks.edgeconnect import EdgeConnect as Network


def scene() -> tuple[np.ndarray, np.ndarray]:
    image, mask = texture(50, 70), np.zeros((50, 70), bool)
    mask[20:30, 25:45] = True
    return image, mask


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    return tmp_path


def publish(folder: Path, *, edges: bool = True) -> None:
    """Files as the authors publish them, with small networks."""
    network = small_network("edgeconnect")
    assert isinstance(network, Network)
    folder.mkdir()
    torch.save({"iteration": 1, "generator": network.completion.state_dict()}, folder / "InpaintingModel_gen.pth")
    if edges:
        state: dict[str, torch.Tensor] = {}
        for name, value in network.edges.state_dict().items():
            if name.endswith(".weight") and not name.startswith("decoder.7"):
                outputs = 1 if name in ("decoder.0.weight", "decoder.3.weight") else 0
                u, _, v = torch.linalg.svd(value.movedim(outputs, 0).flatten(1), full_matrices=False)
                state |= {f"{name}_orig": value, f"{name}_u": u[:, 0], f"{name}_v": v[0]}
            else:
                state[name] = value
        torch.save({"iteration": 1, "generator": state}, folder / "EdgeModel_gen.pth")


def test_the_edge_network_beside_the_completion_network_is_used(user: Path) -> None:
    publish(user / "psv")
    for folder in ("psv", "celeba"):
        (user / folder).mkdir(exist_ok=True)
    (user / "celeba" / "EdgeModel_gen.pth").write_bytes(b"another")
    inpainter = EdgeConnect()
    assert inpainter.weights_path() == user / "psv" / "InpaintingModel_gen.pth"
    assert inpainter.edge_weights_path() == user / "psv" / "EdgeModel_gen.pth"
    assert inpainter.unavailable_reason() == ""
    assert EdgeConnect(edge_weights="edge_model_celeba").edge_weights_path() == user / "celeba/EdgeModel_gen.pth"
    image, mask = scene()
    assert np.abs(inpaint_array(inpainter, image, mask) - image)[mask].max() > 0.01


def test_without_an_edge_network_the_error_says_where_to_get_one(user: Path) -> None:
    publish(user / "celeba", edges=False)
    inpainter = EdgeConnect(weights="edgeconnect_celeba")
    with pytest.raises(
        WeightsError, match=r"EdgeModel_gen\.pth from https://github\.com/knazeri/edge-connect"
    ) as caught:
        inpaint_array(inpainter, *scene())
    assert inpainter.unavailable_reason() == str(caught.value)


def test_an_edge_network_is_no_completion_network(user: Path) -> None:
    publish(user / "places2")
    with pytest.raises(WeightsError, match="weights of edgeconnect or edge_completion"):
        inpaint_array(EdgeConnect(weights=str(user / "places2" / "EdgeModel_gen.pth")), *scene())
    path = str(user / "places2" / "InpaintingModel_gen.pth")
    with pytest.raises(WeightsError, match="weights of edge_generator"):
        inpaint_array(EdgeConnect(weights=path, edge_weights=path), *scene())


def test_the_blur_decides_which_edges_the_network_is_given(small_weights: dict[str, dict[str, Any]]) -> None:
    image, mask = scene()
    seen: list[torch.Tensor] = []
    network = load("networks", "edgeconnect")
    handle = torch.nn.modules.module.register_module_forward_pre_hook(
        lambda module, inputs: seen.append(inputs[2]) if isinstance(module, network) else None
    )
    try:
        for sigma in (1.0, 6.0):
            EdgeConnect(**small_weights["edgeconnect"], sigma=sigma).inpaint(image, mask)
    finally:
        handle.remove()
    assert seen[0].shape == (1, 1, 64, 80)
    assert float(seen[0].sum()) > float(seen[1].sum())
    assert not seen[0][..., 20:30, 25:45].any()
