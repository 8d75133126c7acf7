"""The stages of EdgeConnect: each lowers its validation error, and their weights follow one another."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.scenes import texture
from tests.training.drawn import draw_photos
from tests.training.recipes.test_smoke import TRAINING
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.core.registry import build
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.training.recipes.edgeconnect import EdgeConnect
from vidinpaint.training.trainer import Trainer
from vidinpaint.weights.loading import load_network, save_weights

torch.set_num_threads(1)

SMALL: dict[str, Any] = {
    "size": 32, "batch_size": 4, "held_out": 8, "width": 8, "blocks": 1, "spectral": False, "discriminator_width": 4,
    "style": 1.0,
}  # fmt: skip
NETWORKS = {"edges": "edge_generator", "completion": "edge_completion", "joint": "edgeconnect"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("photos")
    return {"photos": draw_photos(folder / "train"), "validation": draw_photos(folder / "val", 3)}


def recipe(folders: dict[str, str], stage: str, **settings: object) -> EdgeConnect:
    built: EdgeConnect = build("recipes", "edgeconnect", {**folders, **SMALL, "stage": stage, **settings})
    return built


@pytest.mark.parametrize("stage", NETWORKS)
def test_a_few_steps_of_each_stage_lower_its_validation_error(
    stage: str, folders: dict[str, str], tmp_path: Path
) -> None:
    built = recipe(folders, stage)
    trainer = Trainer("edgeconnect", built, TRAINING, tmp_path)
    before = next(iter(built.validate(trainer.network).values()))
    figures = trainer.run(quiet=True)
    assert next(iter(figures.values())) < before
    network = load_network(tmp_path / "weights.safetensors", NETWORKS[stage])
    assert next(iter(built.validate(network).values())) == pytest.approx(next(iter(figures.values())), rel=1e-4)
    sheet = built.sheet(network)
    assert (sheet.dtype, sheet.shape) == (np.uint8, (4 * 32, 8 * 32, 3))


@pytest.mark.parametrize("stage", NETWORKS)
def test_an_interrupted_run_continues_bit_for_bit(stage: str, folders: dict[str, str], tmp_path: Path) -> None:
    built = recipe(folders, stage, spectral=True)
    for folder, lengths in (("whole", [4]), ("parts", [2, 4])):
        for steps in lengths:
            training = replace(TRAINING, steps=steps, warm_up=0.0, last_rate=1.0, validate_every=2)
            Trainer("edgeconnect", built, training, tmp_path / folder).run(quiet=True)
    states = [torch.load(tmp_path / folder / "checkpoint.pt", weights_only=True) for folder in ("whole", "parts")]
    for part in ("network", "discriminators"):
        assert states[0][part]
        for name, value in states[0][part].items():
            assert torch.equal(value, states[1][part][name]), f"{part}.{name}"


def test_the_last_stage_starts_from_the_weights_of_the_others_and_trains_both(
    folders: dict[str, str], tmp_path: Path
) -> None:
    files = {}
    for stage in ("edges", "completion"):
        before = recipe(folders, stage)
        files[stage] = tmp_path / f"{stage}.safetensors"
        save_weights(files[stage], *before.description(), before.network().state_dict())
    built = recipe(folders, "joint", edge_weights=str(files["edges"]), completion_weights=str(files["completion"]))
    trainer = Trainer("edgeconnect", built, replace(TRAINING, steps=1), tmp_path / "run")
    start = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    for part, stage in (("edges", "edges"), ("completion", "completion")):
        for name, value in load_network(files[stage], NETWORKS[stage]).state_dict().items():
            assert torch.equal(start[f"{part}.{name}"], value)
    trainer.run(quiet=True)
    changed = {name for name, value in trainer.network.state_dict().items() if not torch.equal(value, start[name])}
    assert {"edges.encoder.1.weight", "completion.encoder.1.weight"} <= changed
    with pytest.raises(WeightsError, match="weights of edge_generator"):
        recipe(folders, "joint", edge_weights=str(files["completion"])).network()


def test_what_a_stage_writes_is_what_the_method_loads(folders: dict[str, str], tmp_path: Path) -> None:
    """One file with both networks, or two with one each; a file of edges alone does not inpaint."""
    image, mask = texture(40, 48), np.zeros((40, 48), bool)
    mask[10:20, 12:30] = True
    edges = recipe(folders, "edges", spectral=True)
    save_weights(tmp_path / "edges.safetensors", *edges.description(), edges.network().state_dict())
    completion, joint = recipe(folders, "completion"), recipe(
        folders, "joint", spectral=True, edge_weights=str(tmp_path / "edges.safetensors"),
    )  # fmt: skip
    both = joint.network()
    save_weights(tmp_path / "both.safetensors", *joint.description(), both.state_dict())
    save_weights(
        tmp_path / "colours.safetensors", *completion.description(), both.get_submodule("completion").state_dict()
    )
    one = build("inpainters", "edgeconnect", {"weights": str(tmp_path / "both.safetensors")})
    files = {"weights": str(tmp_path / "colours.safetensors"), "edge_weights": str(tmp_path / "edges.safetensors")}
    two = build("inpainters", "edgeconnect", files)
    result = inpaint_array(one, image, mask)
    assert np.abs(result - inpaint_array(two, image, mask)).max() < 1e-5
    assert np.abs(result - image).max() > 0.01
    with pytest.raises(WeightsError, match="with weights of edge_generator"):
        inpaint_array(build("inpainters", "edgeconnect", {"weights": files["edge_weights"]}), image, mask)


def test_edges_under_the_mask_are_those_of_the_truth(folders: dict[str, str]) -> None:
    batch = recipe(folders, "edges").batch(np.random.default_rng(0))
    assert batch["edges"].shape == batch["mask"].shape
    assert (batch["edges"] * batch["mask"]).any()


def test_stages_have_names(folders: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=r"edgeconnect\.stage"):
        recipe(folders, "both")
