"""Damaged files of weights: a network or one WeightsError, and no code of the file is run."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing.honest import limited_time
from tests.fuzzing.inputs import damaged, inputs
from vidinpaint.core.errors import WeightsError
from vidinpaint.networks.structure import Structure
from vidinpaint.weights.loading import load_network, save_weights


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A small network as safetensors and as a PyTorch file."""
    folder = tmp_path_factory.mktemp("weights")
    state = Structure(4, 1).state_dict()
    save_weights(folder / "a.safetensors", "structure", {"width": 4, "blocks": 1}, state)
    torch.save({"state_dict": state}, folder / "a.pt")
    torch.save(state, folder / "b.pth", _use_new_zipfile_serialization=False)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@inputs(10)
@given(data=st.data())
def test_damaged_weights_are_a_network_or_one_line(
    data: st.DataObject, weights: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = data.draw(st.sampled_from(sorted(weights)))
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data.draw(damaged(weights[name])))
    with limited_time():
        try:
            network = load_network(path, "structure")
        except WeightsError:
            return
    assert isinstance(network, Structure)
