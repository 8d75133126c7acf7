"""`--flow auto`: RAFT where its weights are, DIS where not, resolved before any work and said in the report."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from vidinpaint import inpaint
from vidinpaint.networks.raft import Raft as Net
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.weights import catalogue
from vidinpaint.weights.loading import save_weights


@pytest.fixture
def nothing_ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No weights in the package, and an empty folder of the user's own."""
    monkeypatch.setattr(catalogue, "BUNDLED_FOLDER", tmp_path / "shipped")
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    return tmp_path


def put_weights(folder: Path) -> Path:
    torch.manual_seed(0)
    save_weights(folder / "raft.safetensors", "raft", {"size": "small"}, Net("small").state_dict())
    return folder / "raft.safetensors"


def test_without_weights_it_is_dis_and_says_why(nothing_ships: Path) -> None:
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "dis"
    assert "DIS" in resolved["note"]
    assert "raft" in resolved["note"].lower()


def test_with_weights_it_is_raft_with_just_these(nothing_ships: Path) -> None:
    path = put_weights(nothing_ships)
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "raft"
    assert resolved["raft"]["weights"] == str(path)
    assert str(path) in resolved["note"]


def test_with_what_ships_alone_it_is_dis_unless_asked_for(nothing_ships: Path) -> None:
    (nothing_ships / "shipped").mkdir()
    put_weights(nothing_ships / "shipped")
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "dis"
    assert "gain nothing" in resolved["note"]
    resolved = EstimateFlow(method="auto", options={"raft": {"weights": "raft"}}).resolved()
    assert resolved["method"] == "raft"
    assert resolved["raft"]["weights"] == "raft"


def test_without_torch_it_is_dis(nothing_ships: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_weights(nothing_ships)
    monkeypatch.setattr("vidinpaint.weights.running.find_spec", lambda name: None)
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "dis"
    assert "torch" in resolved["note"]


@pytest.mark.parametrize("there", [True, False])
def test_a_run_says_what_it_took_and_why(nothing_ships: Path, there: bool) -> None:
    if there:
        put_weights(nothing_ships)
    frames = np.random.default_rng(0).integers(0, 255, (3, 48, 64, 3), np.uint8)
    (nothing_ships / "clip").mkdir()
    for number, frame in enumerate(frames):
        cv2.imwrite(str(nothing_ships / "clip" / f"{number}.png"), frame)
    report = inpaint(
        nothing_ships / "clip", "20,20,8,8", nothing_ships / "out", flow="auto", settings=["flow.raft.iterations=1"]
    )
    assert report.settings["flow"]["method"] == ("raft" if there else "dis")
    assert sum(note.startswith("flow: RAFT" if there else "flow: DIS") for note in report.notes) == 1
