"""A few steps of each recipe on generated images lower its validation error, and its weights can be loaded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.drawn import draw_photos
from vidinpaint.core.registry import build
from vidinpaint.training.trainer import Trainer
from vidinpaint.training.training_settings import Training
from vidinpaint.weights.loading import load_network

torch.set_num_threads(1)

TRAINING = Training(steps=30, learning_rate=3e-3, warm_up=0.1, average=0.5, validate_every=30, threads=1, device="cpu")
OTHERS = {
    "glcic": replace(TRAINING, steps=150, learning_rate=5e-3, last_rate=0.1, average=0.9, validate_every=150),
    "structure": replace(TRAINING, learning_rate=1e-3),
    "contextual_attention": replace(TRAINING, steps=60, validate_every=60),
    "context_encoder": replace(TRAINING, steps=50, learning_rate=1e-2, validate_every=50),
}
"""Other lengths and rates: a context encoder has no start to add to and begins with grey, and
`structure` with a good one."""
SMALL: dict[str, tuple[str, dict[str, Any]]] = {
    "gated_conv": ("gated_generator", {"size": 32, "batch_size": 4, "held_out": 12, "width": 8, "residual": False}),
    "partial_conv": (
        "partial_unet",
        {"size": 32, "batch_size": 4, "held_out": 12, "width": 8, "depth": 3, "style": 1.0},
    ),
    "repaint": (
        "diffusion_unet",
        {"size": 16, "batch_size": 8, "held_out": 12, "width": 16, "multipliers": "1,2", "attention": "2", "head": 8},
    ),
    "conv3d": ("gated_generator3d", {"size": 32, "frames": 3, "held_out": 6, "width": 4}),
    "contextual_attention": (
        "attention_generator",
        {"size": 32, "batch_size": 4, "held_out": 12, "width": 8, "discriminator_width": 4, "critic_steps": 2},
    ),
    "lama": (
        "lama",
        {
            "size": 32,
            "batch_size": 4,
            "held_out": 12,
            "width": 8,
            "blocks": 1,
            "halvings": 2,
            "features": "derivatives",
            "discriminator_width": 4,
            "adversarial": 1.0,
            "matching": 1.0,
        },
    ),
    "glcic": (
        "glcic",
        {
            "size": 32,
            "batch_size": 4,
            "held_out": 12,
            "width": 8,
            "kinds": "irregular",
            "network_steps": 140,
            "discriminator_steps": 5,
            "discriminator_width": 4,
        },
    ),
    "structure": (
        "structure",
        {"size": 32, "batch_size": 4, "held_out": 12, "width": 8, "blocks": 2, "features": "derivatives"},
    ),
    "context_encoder": (
        "context_encoder",
        {"batch_size": 4, "held_out": 6, "width": 8, "bottleneck": 0, "discriminator_width": 4},
    ),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("photos")
    return {"photos": draw_photos(folder / "train"), "validation": draw_photos(folder / "val", 3)}


def recipe(name: str, folders: dict[str, str], **settings: object) -> Any:
    return build("recipes", name, {**folders, **SMALL[name][1], **settings})


@pytest.mark.parametrize("name", SMALL)
def test_a_few_steps_lower_the_validation_error(name: str, folders: dict[str, str], tmp_path: Path) -> None:
    built = recipe(name, folders)
    trainer = Trainer(name, built, OTHERS.get(name, TRAINING), tmp_path)
    before = next(iter(built.validate(trainer.network).values()))
    figures = trainer.run(quiet=True)
    assert next(iter(figures.values())) < before
    network = load_network(tmp_path / "weights.safetensors", SMALL[name][0])
    assert next(iter(built.validate(network).values())) == pytest.approx(next(iter(figures.values())), rel=1e-4)
    sheet = built.sheet(network)
    assert sheet.dtype == np.uint8
    assert sheet.shape[2] == 3


ADVERSARIAL: dict[str, dict[str, Any]] = {
    "gated_conv": {
        "sketch": True,
        "perceptual": 0.1,
        "adversarial": 0.1,
        "adversarial_from": 1,
        "discriminator_width": 4,
    },
    "context_encoder": {"bottleneck": 8},
    "contextual_attention": {"critic_steps": 3},
    "lama": {},
    "glcic": {"network_steps": 1, "discriminator_steps": 1},
    "structure": {"adversarial_from": 1, "discriminator_width": 4, "r1_every": 2},
    "conv3d": {
        "perceptual": 0.1,
        "style": 1.0,
        "adversarial": 0.1,
        "discriminator_width": 4,
        "discriminator_layers": 3,
    },
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_an_interrupted_run_with_a_discriminator_continues_bit_for_bit(
    name: str, folders: dict[str, str], tmp_path: Path
) -> None:
    built = recipe(name, folders, **ADVERSARIAL[name])
    for folder, lengths in (("whole", [4]), ("parts", [2, 4])):
        for steps in lengths:
            training = replace(TRAINING, steps=steps, warm_up=0.0, last_rate=1.0, validate_every=2)
            trainer = Trainer(name, built, training, tmp_path / folder)
            before = {key: value.clone() for key, value in trainer.discriminators.state_dict().items()}
            trainer.run(quiet=True)
            changed = [
                key for key, value in trainer.discriminators.state_dict().items() if not torch.equal(value, before[key])
            ]
            assert any(key.endswith("weight.original") or "weight" in key for key in changed)
    first, second = (
        torch.load(tmp_path / folder / "checkpoint.pt", weights_only=True) for folder in ("whole", "parts")
    )
    for part in ("network", "average", "discriminators"):
        assert first[part].keys() == second[part].keys()
        for key, value in first[part].items():
            assert torch.equal(value, second[part][key]), f"{part}.{key}"
