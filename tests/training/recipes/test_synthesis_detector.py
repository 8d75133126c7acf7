"""A short training of the synthesis detector lowers its error on held-out examples; its figures are what they say."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.drawn import draw_photos
from vidinpaint.core.errors import ImageError
from vidinpaint.core.presets import load_config, training_configs
from vidinpaint.core.registry import build
from vidinpaint.training.data.inpainted_photos import make_inpainted_photos
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.recipes.synthesis_detector import SynthesisDetector, area_under_roc, balanced_error
from vidinpaint.training.trainer import Trainer
from vidinpaint.training.training_settings import Training
from vidinpaint.weights.loading import load_network

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Folders of examples on noisy drawings, with one method that only the validation has."""
    folder = tmp_path_factory.mktemp("examples")
    methods = {"train": ("harmonic", "telea"), "val": ("harmonic", "navier_stokes")}
    for seed, (name, used) in enumerate(methods.items()):
        photos = Photos(draw_photos(folder / f"{name}_photos", 6))
        make_inpainted_photos(photos, folder / name, 12, 80, used, per_photo=2, seed=seed)
    return {"photos": str(folder / "train"), "validation": str(folder / "val")}


def test_a_few_steps_lower_the_error(examples: dict[str, str], tmp_path: Path) -> None:
    recipe = SynthesisDetector(**examples, size=64, batch_size=8, width=4, held_out=8)
    training = Training(steps=40, learning_rate=5e-3, warm_up=0.1, average=0.8, validate_every=40, threads=1)
    trainer = Trainer("synthesis_detector", recipe, training, tmp_path)
    before = recipe.validate(trainer.network)
    after = trainer.run(quiet=True)
    assert after["error"] < before["error"]
    assert after["AUC"] > before["AUC"]
    assert "AUC of methods left out" in after
    network = load_network(tmp_path / "weights.safetensors", "synthesis_detector")
    assert recipe.validate(network)["error"] == pytest.approx(after["error"], rel=1e-4)
    assert recipe.sheet(network).shape == (3 * 80, 2 * 80, 3)


def test_a_batch_is_reproducible_and_has_untouched_photos(examples: dict[str, str]) -> None:
    recipe = SynthesisDetector(**examples, size=64, batch_size=12, untouched=0.5)
    first, second = (recipe.batch(np.random.default_rng(3)) for _ in range(2))
    assert first["image"].shape == (12, 3, 64, 64)
    assert first["mask"].shape == (12, 1, 16, 16)
    assert all(torch.equal(first[name], second[name]) for name in first)
    empty = int((first["mask"].sum((1, 2, 3)) == 0).sum())
    assert 0 < empty < 12


def test_small_examples_are_refused(examples: dict[str, str]) -> None:
    with pytest.raises(ImageError, match="--size 120"):
        SynthesisDetector(**examples, size=96).batch(np.random.default_rng(0))


def test_the_error_weighs_synthesised_and_untouched_pixels_equally() -> None:
    mask = torch.zeros(1, 1, 10, 10)
    mask[..., 0, :2] = 1
    certain = torch.where(mask > 0, 20.0, -20.0)
    assert balanced_error(certain, mask) == pytest.approx(0, abs=1e-6)
    assert balanced_error(torch.zeros_like(mask), mask) == pytest.approx(np.log(2))
    blind = torch.full_like(mask, -4.0)
    assert balanced_error(blind, mask) == pytest.approx((np.log1p(np.exp(4)) + np.log1p(np.exp(-4))) / 2, rel=1e-5)
    assert torch.isfinite(balanced_error(certain, torch.zeros_like(mask)))


def test_the_area_counts_pairs() -> None:
    logits, mask = torch.tensor([3.0, 1.0, 2.0, 0.0, 9.0]), torch.tensor([1.0, 1.0, 0.0, 0.0, 0.5])
    assert area_under_roc(logits, mask) == 3 / 4
    assert area_under_roc(-logits, mask) == 1 / 4


def test_the_config_builds_the_recipe() -> None:
    tables = load_config("synthesis_detector_small", training_configs())
    Training(**tables["training"])
    assert build("recipes", "synthesis_detector", tables["synthesis_detector"]).description()[1] == {"width": 16}
