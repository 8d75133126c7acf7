"""The trainer: an interrupted run continues bit for bit, and errors give messages."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build
from vidinpaint.training.recipe import Batch, Recipe, Terms
from vidinpaint.training.trainer import CHECKPOINT, Trainer
from vidinpaint.training.training_settings import Training
from vidinpaint.weights.loading import NETWORK_KEY, read_weights, save_weights

TRAINING = Training(steps=8, learning_rate=0.05, validate_every=4, seed=3)


@dataclass(frozen=True)
class Line(Recipe):
    """A line through points, with dropout, a discriminator and batch norm: all kinds of state of a run."""

    slope: float = 2.0

    def network(self) -> nn.Module:
        return nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.Linear(8, 1))

    def discriminators(self) -> nn.ModuleDict:
        return nn.ModuleDict({"one": nn.Linear(1, 1)})

    def batch(self, random: np.random.Generator) -> Batch:
        x = torch.from_numpy(random.random((16, 1), np.float32))
        return {"x": x, "y": self.slope * x}

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        output = network(batch["x"])
        return {
            "error": (output - batch["y"]).square().mean(),
            "discriminator": 0.01 * discriminators["one"](output).mean(),
        }

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        with torch.no_grad():
            output = network(batch["x"])
        return (
            {"difference": (discriminators["one"](output) - discriminators["one"](batch["y"])).square().mean()}
            if step % 2
            else {}
        )

    def validate(self, network: nn.Module) -> dict[str, float]:
        x = torch.linspace(0, 1, 11)[:, None]
        return {"error": float((network(x) - self.slope * x).abs().mean())}

    def sheet(self, network: nn.Module) -> np.ndarray:
        return np.zeros((4, 4, 3), np.uint8)

    def description(self) -> tuple[str, dict[str, Any]]:
        return "line", {}


def trained(folder: Path, *lengths: int, recipe: Line | None = None) -> Trainer:
    """The trainer of the last of several runs in one folder, each to so many steps."""
    for steps in lengths:
        trainer = Trainer("line", recipe or Line(), replace(TRAINING, steps=steps), folder)
        trainer.run(quiet=True)
    return trainer


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(file)]


def state(trainer: Trainer) -> dict[str, torch.Tensor]:
    parts = {"network": trainer.network, "average": trainer.average, "discriminators": trainer.discriminators}
    return {f"{name}.{key}": value for name, part in parts.items() for key, value in part.state_dict().items()}


def test_an_interrupted_run_continues_bit_for_bit(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole", 8)
    stopped = Trainer("line", Line(), TRAINING, tmp_path / "parts")
    train_step = stopped._train_step

    def until_six(*given: Any) -> Any:
        if stopped.step == 6:
            raise KeyboardInterrupt  # after the checkpoint of step 4, two steps are lost
        return train_step(*given)

    stopped._train_step = until_six  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        stopped.run(quiet=True)
    resumed = Trainer("line", Line(), TRAINING, tmp_path / "parts")
    assert resumed.step == 4
    resumed.run(quiet=True)
    for key, value in state(whole).items():
        torch.testing.assert_close(state(resumed)[key], value, rtol=0, atol=0, msg=key)
    for name in ("log.csv", "validation.csv"):
        assert rows(tmp_path / "parts" / name) == rows(tmp_path / "whole" / name)
    one, other = (read_weights(tmp_path / part / "weights.safetensors") for part in ("whole", "parts"))
    assert one[1] == other[1] == {NETWORK_KEY: "line", "settings": "{}"}
    assert all(torch.equal(value, other[0][key]) for key, value in one[0].items())


def test_all_files_are_written(tmp_path: Path) -> None:
    trained(tmp_path, 8)
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    sheets = {f"sheets/{step:07d}.png" for step in (0, 4, 8)}
    assert names == {CHECKPOINT, "weights.safetensors", "log.csv", "validation.csv", "loss.png", *sheets}
    assert [row["step"] for row in rows(tmp_path / "log.csv")] == [str(step) for step in range(1, 9)]


def test_training_lowers_the_error(tmp_path: Path) -> None:
    trainer = Trainer("line", Line(), replace(TRAINING, steps=150, validate_every=150), tmp_path)
    trainer.run(quiet=True)
    before, after = (float(row["error"]) for row in rows(tmp_path / "validation.csv"))
    assert after < before / 3


def test_the_average_of_the_weights_is_saved(tmp_path: Path) -> None:
    trainer = Trainer("line", Line(), replace(TRAINING, steps=1), tmp_path)
    before = trainer.network[0].weight.detach().clone()
    trainer.run(quiet=True)
    after = trainer.network[0].weight.detach()
    decay = TRAINING.ema_decay(0)
    torch.testing.assert_close(trainer.average[0].weight, decay * before + (1 - decay) * after)


def test_other_settings_do_not_continue_a_run(tmp_path: Path) -> None:
    trained(tmp_path, 4)
    with pytest.raises(SettingError, match=r"line\.slope"):
        trained(tmp_path, 8, recipe=Line(slope=3.0))
    assert trained(tmp_path, 8).step == 8  # more steps are allowed


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 cut off"])
def test_a_damaged_checkpoint_gives_a_message(tmp_path: Path, content: bytes) -> None:
    trained(tmp_path, 4)
    (tmp_path / CHECKPOINT).write_bytes(content)
    with pytest.raises(SettingError, match="Remove it to start a new run"):
        Trainer("line", Line(), TRAINING, tmp_path)


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_checkpoint(tmp_path: Path) -> None:
    class Exploding(Line):
        def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
            terms = super().loss(network, discriminators, batch, step)
            return {"error": terms["error"] / 0} if step == 5 else terms

    with pytest.raises(SettingError, match="finite loss"):
        trained(tmp_path, 8, recipe=Exploding())
    assert Trainer("line", Exploding(), TRAINING, tmp_path).step == 4


def test_a_run_can_start_from_the_weights_of_another(tmp_path: Path) -> None:
    recipe: Any = build("recipes", "structure", {"width": 4, "blocks": 1, "adversarial": 0.0})
    torch.manual_seed(5)
    save_weights(tmp_path / "a.safetensors", *recipe.description(), recipe.network().state_dict())
    before, _ = read_weights(tmp_path / "a.safetensors")
    training = Training(initial=str(tmp_path / "a.safetensors"), seed=6, device="cpu")
    network = Trainer("structure", recipe, training, tmp_path / "run").network
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_reduced_precision_is_for_the_losses_only(tmp_path: Path) -> None:
    types = []

    class Noted(Line):
        def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
            types.append(network(batch["x"]).dtype)
            return super().loss(network, discriminators, batch, step)

    trainer = Trainer("line", Noted(), replace(TRAINING, precision="bfloat16", device="cpu"), tmp_path)
    trainer.run(quiet=True)
    assert set(types) == {torch.bfloat16}
    assert {parameter.dtype for parameter in trainer.network.parameters()} == {torch.float32}


def test_settings_out_of_range_are_refused() -> None:
    for name, value in (("steps", 0), ("learning_rate", -1.0), ("average", 1.0), ("threads", -2)):
        with pytest.raises(SettingError, match=name):
            replace(TRAINING, **{name: value})


def test_the_rate_rises_and_falls() -> None:
    training = Training(steps=100, learning_rate=1.0, warm_up=0.1, last_rate=0.1)
    rates = [training.rate(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.1, abs=0.01)
