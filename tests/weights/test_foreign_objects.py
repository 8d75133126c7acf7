"""Tensors among objects of other programs are read, and nothing in such a file is imported or run."""

import sys
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import Tensor, nn

from tests.small_networks import KINDS, small_network, write_script
from vidinpaint.core.errors import WeightsError
from vidinpaint.weights.loading import load_network, read_weights


class Holder(nn.Module):
    """As a publisher scripts a model: inside another one."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, image: Tensor) -> Tensor:
        result: Tensor = self.generator(image)
        return result


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return exec, ("raise SystemExit('a file was run')",)


@pytest.fixture
def lightning(monkeypatch: pytest.MonkeyPatch) -> type:
    """A class of a package that exists only while files are written."""
    module = ModuleType("pytorch_lightning.callbacks")
    kind = type("ModelCheckpoint", (), {"__module__": module.__name__})
    module.ModelCheckpoint = kind  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pytorch_lightning", ModuleType("pytorch_lightning"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return kind


def checkpoint(kind: type) -> dict[str, object]:
    """As Lightning and OmegaConf fill a file."""
    holder = kind()
    holder.cache = defaultdict(dict, {"env": {"HOME": "/root"}})
    holder.types = [dict, int, str]
    generator = {f"generator.{name}": value for name, value in small_network("lama").state_dict().items()}
    others = {"discriminator.model0.0.weight": torch.zeros(2), "val_evaluator.scores.fid.model.x": torch.zeros(3)}
    return {
        "epoch": 3,
        "callbacks": {kind: {"best": 0.1}},
        "hyper_parameters": holder,
        "state_dict": generator | others,
    }


def test_a_checkpoint_of_lightning_is_read_without_lightning(
    lightning: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.save(checkpoint(lightning), tmp_path / "best.ckpt")
    monkeypatch.undo()
    network = load_network(tmp_path / "best.ckpt", "lama")
    assert not any(name.startswith("pytorch_lightning") for name in sys.modules)
    expected = small_network("lama").state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in network.state_dict().items())


def test_code_beside_objects_that_are_replaced_is_still_refused(lightning: type, tmp_path: Path) -> None:
    torch.save({**checkpoint(lightning), "hook": Bomb()}, tmp_path / "best.ckpt")
    with pytest.raises(WeightsError, match="It was not run") as caught:
        load_network(tmp_path / "best.ckpt", "lama")
    assert "\n" not in str(caught.value)


def test_a_script_is_read_but_not_run(tmp_path: Path) -> None:
    model = Holder(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)))
    path = write_script(model, tmp_path / "a.pt")
    broken = tmp_path / "broken.pt"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(broken, "w") as copy:  # with code that could not run
        for entry in archive.infolist():
            content = b"import os" if "/code/" in entry.filename else archive.read(entry)
            copy.writestr(entry.filename, content)
    state, metadata = read_weights(broken)
    assert metadata == {}
    assert state.keys() == model.state_dict().keys()
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in state.items())


class Wrapper(nn.Module):
    """As big-lama.pt was traced: a function of image and mask around the training module around the generator."""

    def __init__(self, model: Holder) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return mask * self.model(torch.cat([image * (1 - mask), mask], 1)) + (1 - mask) * image


@torch.no_grad()
def test_a_traced_lama_gives_the_result_that_it_gives_when_run(tmp_path: Path) -> None:
    layers = small_network("lama").get_submodule("model")
    generator = nn.Module()
    generator.model, generator.forward = layers, layers.forward  # type: ignore[method-assign]
    image, mask = torch.rand(1, 3, 32, 40), (torch.rand(1, 1, 32, 40) > 0.5).float()
    with warnings.catch_warnings(action="ignore"):
        torch.jit.trace(Wrapper(Holder(generator)), (image, mask), check_trace=False).save(
            str(tmp_path / "big-lama.pt")
        )
        expected = torch.jit.load(tmp_path / "big-lama.pt")(image, mask)
    assert "model.generator.model.1.ffc.convl2l.weight" in read_weights(tmp_path / "big-lama.pt")[0]
    result = (load_network(tmp_path / "big-lama.pt", "lama")(2 * image - 1, mask) + 1) / 2
    assert torch.allclose(mask * result + (1 - mask) * image, expected, atol=1e-5)


def test_objects_that_contain_themselves_end(tmp_path: Path) -> None:
    """The tensors of a script whose modules are shared; and a script without tensors gives one line."""
    shared = nn.Conv2d(3, 3, 1)
    state, _ = read_weights(write_script(Holder(nn.Sequential(shared, shared)), tmp_path / "a.pt"))
    assert {tuple(value.shape) for value in state.values()} == {(3, 3, 1, 1), (3,)}
    with pytest.raises(WeightsError, match="tensors by name"):
        read_weights(write_script(Holder(nn.ReLU()), tmp_path / "b.pt"))


@pytest.mark.parametrize("kind", ["truncated", "of another network", "wrong shape"])
def test_invalid_scripts_give_one_line(kind: str, tmp_path: Path) -> None:
    path = write_script(Holder(nn.Conv2d(3, 3, 1)), tmp_path / "a.pt")
    if kind == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    if kind == "wrong shape":
        state = {**small_network("lama").state_dict(), "model.1.ffc.convl2l.weight": torch.zeros(9, 4, 7, 7)}
        torch.save(state, path)
    with pytest.raises(WeightsError) as caught:
        load_network(path, KINDS["lama"][0])
    assert "\n" not in str(caught.value)
