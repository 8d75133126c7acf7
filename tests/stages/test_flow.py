"""`--flow auto`: RAFT if its weights are installed, otherwise DIS; resolved before any work and named in the report."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from vidinpaint import inpaint
from vidinpaint.networks.raft import Raft as RaftNetwork
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.weights import catalogue
from vidinpaint.weights.loading import save_weights


@pytest.fixture
def no_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No weights in the package, and an empty user folder for weights."""
    monkeypatch.setattr(catalogue, "BUNDLED_FOLDER", tmp_path / "bundled")
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    return tmp_path


def save_random_weights(folder: Path) -> Path:
    torch.manual_seed(0)
    save_weights(folder / "raft.safetensors", "raft", {"size": "small"}, RaftNetwork("small").state_dict())
    return folder / "raft.safetensors"


def test_without_weights_dis_is_selected_and_the_note_says_why(no_weights: Path) -> None:
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "dis"
    assert "DIS" in resolved["note"]
    assert "raft" in resolved["note"].lower()


def test_with_installed_weights_raft_is_selected_with_exactly_these(no_weights: Path) -> None:
    path = save_random_weights(no_weights)
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "raft"
    assert resolved["raft"]["weights"] == str(path)
    assert str(path) in resolved["note"]


def test_with_bundled_weights_alone_dis_is_selected_unless_they_are_requested(no_weights: Path) -> None:
    (no_weights / "bundled").mkdir()
    save_random_weights(no_weights / "bundled")
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "dis"
    assert "gain nothing" in resolved["note"]
    resolved = EstimateFlow(method="auto", options={"raft": {"weights": "raft"}}).resolved()
    assert resolved["method"] == "raft"
    assert resolved["raft"]["weights"] == "raft"


def test_without_torch_dis_is_selected(no_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_random_weights(no_weights)
    monkeypatch.setattr("vidinpaint.weights.running.find_spec", lambda name: None)
    resolved = EstimateFlow(method="auto").resolved()
    assert resolved["method"] == "dis"
    assert "torch" in resolved["note"]


@pytest.mark.parametrize("installed", [True, False])
def test_the_report_names_the_selected_method_and_why(no_weights: Path, installed: bool) -> None:
    if installed:
        save_random_weights(no_weights)
    frames = np.random.default_rng(0).integers(0, 255, (3, 48, 64, 3), np.uint8)
    (no_weights / "clip").mkdir()
    for number, frame in enumerate(frames):
        cv2.imwrite(str(no_weights / "clip" / f"{number}.png"), frame)
    report = inpaint(
        no_weights / "clip", "20,20,8,8", no_weights / "out", flow="auto", settings=["flow.raft.iterations=1"]
    )
    assert report.settings["flow"]["method"] == ("raft" if installed else "dis")
    assert sum(note.startswith("flow: RAFT" if installed else "flow: DIS") for note in report.notes) == 1
