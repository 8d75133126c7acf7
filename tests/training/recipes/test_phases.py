"""The phases of `glcic`: which part changes when, and by which terms."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import tests.small_networks  # noqa: F401  one thread
from tests.training.drawn import draw_photos
from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build
from vidinpaint.training.trainer import Trainer
from vidinpaint.training.training_settings import Training

SMALL: dict[str, dict[str, Any]] = {
    "glcic": {"width": 4, "network_steps": 2, "discriminator_steps": 1},
}


def recipe(name: str, tmp_path: Path, **settings: object) -> Any:
    photos = draw_photos(tmp_path / "photos", 3)
    common = {"photos": photos, "validation": photos, "size": 32, "batch_size": 2, "held_out": 2}
    return build("recipes", name, {**common, "discriminator_width": 4, **SMALL[name], **settings})


def states(trainer: Trainer) -> dict[str, list[Tensor]]:
    parts = {"network": trainer.network, "average": trainer.average, "discriminators": trainer.discriminators}
    return {key: [value.detach().clone() for value in part.parameters()] for key, part in parts.items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("glcic", ["network", "network", "discriminators", "both", "both"]),
    ],
)
def test_what_changes_in_each_step(name: str, expected: list[str], tmp_path: Path) -> None:
    """In a step without the network, its average stays too."""
    training = Training(steps=5, warm_up=0.0, last_rate=1.0, validate_every=5, threads=1, device="cpu")
    trainer = Trainer(name, recipe(name, tmp_path), training, tmp_path / "run")
    train_step, found = trainer._train_step, []

    def noted(*given: Any) -> Any:
        before = states(trainer)
        result = train_step(*given)
        after = states(trainer)
        changed = {key for key in before if any(not torch.equal(a, b) for a, b in zip(before[key], after[key]))}
        assert ("network" in changed) == ("average" in changed)
        found.append("both" if len(changed) == 3 else "network" if "network" in changed else "discriminators")
        return result

    trainer._train_step = noted  # type: ignore[method-assign]
    trainer.run(quiet=True)
    assert found == expected


def test_the_terms_of_each_phase(tmp_path: Path) -> None:
    built = recipe("glcic", tmp_path)
    network, discriminators = built.network(), built.discriminators()
    names = []
    for step in (1, 2, 3):
        batch = built.batch(np.random.default_rng(step))
        losses = built.discriminator_loss, built.loss
        names.append([sorted(loss(network, discriminators, batch, step)) for loss in losses])
    assert names == [[[], ["l2"]], [["discriminator"], []], [["discriminator"], ["adversarial", "l2"]]]


def test_glcic_learns_a_batch_by_heart(tmp_path: Path) -> None:
    """Without connections past its dilated layers it learns slowly; on one batch, loss and gradients show at once."""
    built = recipe("glcic", tmp_path, width=8)
    torch.manual_seed(0)
    network, batch, losses = built.network(), built.batch(np.random.default_rng(0)), []
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    for _ in range(40):
        loss = built.loss(network, torch.nn.ModuleDict(), dict(batch), 0)["l2"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 4


def test_l2_of_glcic_is_of_colours_from_0_to_1(tmp_path: Path) -> None:
    built = recipe("glcic", tmp_path)
    truth, mask = torch.full((2, 3, 32, 32), -1.0), torch.zeros(2, 1, 32, 32)
    mask[..., :16] = 1
    terms = built.loss(
        lambda image, mask: torch.ones_like(image), torch.nn.ModuleDict(), {"truth": truth, "mask": mask}, 0
    )
    assert terms["l2"].item() == pytest.approx(0.5)


@pytest.mark.parametrize("mean", ["0.5", "a,b,c", "0.5,0.5,2"])
def test_mean_colours_are_checked(mean: str) -> None:
    with pytest.raises(SettingError, match=r"glcic\.mean"):
        build("recipes", "glcic", {"mean": mean})
