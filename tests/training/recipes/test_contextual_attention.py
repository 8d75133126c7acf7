"""The recipe of contextual attention: steps of the critics alone, and gradients."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from tests.training.drawn import draw_photos
from vidinpaint.training.recipes.contextual_attention import ContextualAttention
from vidinpaint.training.trainer import Trainer
from vidinpaint.training.training_settings import Training

SMALL = {"size": 32, "batch_size": 2, "held_out": 2, "width": 4, "discriminator_width": 4}


def test_the_network_learns_in_each_second_step_only(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    photos = draw_photos(tmp_path / "photos", 3)
    recipe = ContextualAttention(photos=photos, validation=photos, critic_steps=2, **SMALL)
    settings = Training(warm_up=0.0, last_rate=1.0, validate_every=10, threads=1, device="cpu")
    changes = []
    for steps in (1, 2):
        trainer = Trainer("contextual_attention", recipe, replace(settings, steps=steps), tmp_path / "run")
        before = [[value.clone() for value in part.parameters()] for part in (trainer.network, trainer.discriminators)]
        trainer.run(quiet=True)
        after = [list(part.parameters()) for part in (trainer.network, trainer.discriminators)]
        changes.append([not all(map(torch.equal, old, new)) for old, new in zip(before, after)])
    assert changes == [[False, True], [True, True]]


def test_the_loss_of_the_critics_has_no_gradient_in_the_network(tmp_path: Path) -> None:
    photos = draw_photos(tmp_path / "photos", 3)
    recipe = ContextualAttention(photos=photos, validation=photos, **SMALL)
    network, critics = recipe.network(), recipe.discriminators()
    terms = recipe.discriminator_loss(network, critics, recipe.batch(np.random.default_rng(0)), 0)
    sum(terms.values()).backward()
    assert terms.keys() == {"critic_whole", "penalty_whole", "critic_part", "penalty_part"}
    assert all(parameter.grad is None for parameter in network.parameters())
    assert all(value.grad.any() for name, value in critics.named_parameters() if name.endswith("weight"))
