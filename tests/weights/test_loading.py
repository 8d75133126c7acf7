"""Files of weights: valid ones load, all others give a message of one line, and no code in a file is run."""

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.small_networks import KINDS, small_network
from vidinpaint.core.errors import WeightsError
from vidinpaint.weights import loading
from vidinpaint.weights.loading import NETWORK_KEY, load_network, read_weights, save_weights

NETWORK, SETTINGS = KINDS["gated_conv"]


@pytest.mark.parametrize("method", KINDS)
def test_saved_networks_load_unchanged_and_without_gradients(method: str, tmp_path: Path) -> None:
    network, (name, settings), path = small_network(method), KINDS[method], tmp_path / "a.safetensors"
    save_weights(path, name, settings, network.state_dict())
    loaded = load_network(path, "other", name)
    assert type(loaded) is type(network)
    assert not loaded.training
    assert all(not parameter.requires_grad for parameter in loaded.parameters())
    assert loaded.state_dict().keys() == network.state_dict().keys()
    assert all(torch.equal(value, network.state_dict()[name]) for name, value in loaded.state_dict().items())
    with pytest.raises(WeightsError, match="expected weights of another"):
        load_network(path, "another")


def test_half_precision_becomes_single_precision(tmp_path: Path) -> None:
    state = {name: value.half() for name, value in small_network("gated_conv").state_dict().items()}
    save_weights(tmp_path / "a.safetensors", NETWORK, SETTINGS, state)
    assert all(value.dtype == torch.float32 for value in load_network(tmp_path / "a.safetensors", NETWORK).parameters())


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return exec, ("raise SystemExit('a file was run')",)


def state() -> dict[str, torch.Tensor]:
    return dict(small_network("gated_conv").state_dict())


def hostile(kind: str, folder: Path) -> Path:
    """A file that is invalid in one way."""
    ours, theirs = folder / "a.safetensors", folder / "a.pth"
    tensors = state()
    first = next(iter(tensors))
    if kind == "missing":
        return folder / "nowhere.pth"
    if kind == "folder":
        return folder
    if kind == "empty":
        theirs.write_bytes(b"")
    elif kind == "words":
        theirs.write_text("words " * 100)
    elif kind == "page":  # what a failed download saves
        theirs.write_text("<!DOCTYPE html><html></html>")
    elif kind == "truncated ours":
        save_weights(ours, NETWORK, SETTINGS, tensors)
        ours.write_bytes(ours.read_bytes()[:-100])
    elif kind == "truncated theirs":
        torch.save(tensors, theirs)
        theirs.write_bytes(theirs.read_bytes()[:-100])
    elif kind == "header of gigabytes":
        ours.write_bytes(struct.pack("<Q", 1 << 40) + b"{}")
    elif kind == "code":
        torch.save({"state_dict": tensors, "hook": Bomb()}, theirs)
    elif kind == "bare code":
        theirs.write_bytes(pickle.dumps(Bomb()))
    elif kind == "code in an old file":
        torch.save({"hook": Bomb()}, theirs, _use_new_zipfile_serialization=False)
    elif kind == "code as safetensors":
        ours.write_bytes(pickle.dumps(Bomb()))
    elif kind == "archive that unpacks to gigabytes":
        with zipfile.ZipFile(theirs, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a/data.pkl", b"0" * (1 << 22))
    elif kind == "no tensors":
        torch.save({"epoch": 3}, theirs)
    elif kind == "a number":
        torch.save(3, theirs)
    elif kind == "nothing":
        torch.save({}, theirs)
    elif kind == "unknown network":
        torch.save({"fc.weight": torch.zeros(3)}, theirs)
    elif kind == "network of another name":
        save_file(tensors, ours, {NETWORK_KEY: "os", "settings": "{}"})
    elif kind == "module that is no network":
        save_file(tensors, ours, {NETWORK_KEY: "diffusion", "settings": '{"kept": [], "times": []}'})
    elif kind == "settings that are no JSON":
        save_file(tensors, ours, {NETWORK_KEY: NETWORK, "settings": "]"})
    elif kind == "settings of a list":
        save_file(tensors, ours, {NETWORK_KEY: NETWORK, "settings": "[]"})
    elif kind == "unknown setting":
        save_file(tensors, ours, {NETWORK_KEY: NETWORK, "settings": '{"wide": 3}'})
    elif kind == "absurd setting":
        save_file(tensors, ours, {NETWORK_KEY: NETWORK, "settings": json.dumps({"width": 10**12})})
    elif kind == "setting of another type":
        save_file(tensors, ours, {NETWORK_KEY: NETWORK, "settings": '{"width": "wide"}'})
    elif kind == "head of nothing":
        save_file(tensors, ours, {NETWORK_KEY: "diffusion_unet", "settings": '{"head": 0}'})
    elif kind == "missing tensor":
        del tensors[first]
        save_weights(ours, NETWORK, SETTINGS, tensors)
    elif kind == "extra tensors":
        save_weights(ours, NETWORK, SETTINGS, {**tensors, "more": torch.zeros(1)})
    elif kind == "wrong shape":
        save_weights(ours, NETWORK, SETTINGS, {**tensors, first: torch.zeros(2, 2)})
    elif kind == "wrong type":
        save_weights(ours, NETWORK, SETTINGS, {**tensors, first: torch.zeros_like(tensors[first], dtype=torch.int32)})
    elif kind == "huge view":  # a shape of a terabyte over one number
        torch.save({**tensors, first: torch.zeros(1).expand(1 << 38)}, theirs)
    elif kind == "no shape":
        torch.save({**tensors, first: torch.zeros(())}, theirs)
    elif kind == "sparse":
        torch.save({**tensors, first: tensors[first].to_sparse()}, theirs)
    elif kind in ("nan", "infinity"):
        tensors[first] = tensors[first].clone()
        tensors[first].view(-1)[5] = float(kind)
        save_weights(ours, NETWORK, SETTINGS, tensors)
    return ours if ours.exists() else theirs


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "No such file"), ("folder", "a folder"), ("empty", "a file of weights"), ("words", "damaged"),
        ("page", "damaged"), ("truncated ours", "safetensors"), ("truncated theirs", "by PyTorch"),
        ("header of gigabytes", "safetensors"), ("code", "It was not run"), ("bare code", "It was not run"),
        ("code in an old file", "It was not run"), ("code as safetensors", "safetensors"),
        ("archive that unpacks to gigabytes", "PyTorch"),
        ("no tensors", "tensors by name"), ("a number", "tensors by name"),
        ("nothing", "tensors by name"), ("unknown network", "'fc.weight'"),
        ("network of another name", "expected weights of"),
        ("module that is no network", "expected weights of"), ("settings that are no JSON", "as JSON"),
        ("settings of a list", "as JSON"), ("unknown setting", "wide"), ("absurd setting", "width"),
        ("setting of another type", "can be built"), ("head of nothing", "expected weights of"),
        ("missing tensor", "1 missing"), ("extra tensors", "1 extra"), ("wrong shape", r"of float32 \(8, 6, 5, 5\)"),
        ("wrong type", "int32"), ("huge view", "take 1024 GiB"), ("no shape", "other shapes"),
        ("sparse", "float32"), ("nan", "NaN"), ("infinity", "NaN"),
    ],
)  # fmt: skip
def test_invalid_and_malicious_files_give_one_line(kind: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=message) as caught:
        load_network(hostile(kind, tmp_path), NETWORK)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500 + len(str(tmp_path))


def test_a_file_that_unpacks_to_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", 1 << 20)
    path = hostile("archive that unpacks to gigabytes", tmp_path)
    assert path.stat().st_size < 1 << 16
    with pytest.raises(WeightsError, match="unpacks to"):
        read_weights(path)
    (tmp_path / "large.pth").write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(WeightsError, match="at most"):
        read_weights(tmp_path / "large.pth")


def test_nested_tables_of_publishers_are_unwrapped(tmp_path: Path) -> None:
    tensors = {"module.a.weight": torch.ones(2)}
    for found in (
        tensors,
        {"state_dict": tensors},
        {"G": tensors, "D": {}, "n_iter": 3},
        {"model": tensors, "step": 1},
    ):
        torch.save(found, tmp_path / "a.pth")
        read, metadata = read_weights(tmp_path / "a.pth")
        assert list(read) == ["a.weight"]
        assert metadata == {}
