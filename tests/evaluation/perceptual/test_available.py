"""Which metrics are measured, and what is said about those that are not."""

import shutil
from pathlib import Path

import pytest
import torch

from tests.evaluation.perceptual.test_lpips import backbone, reference
from vidinpaint.core.errors import WeightsError
from vidinpaint.evaluation.perceptual import available
from vidinpaint.evaluation.perceptual.available import perceptual_metrics
from vidinpaint.weights import image_features


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def alexnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "random.pth"
    torch.save(backbone(reference("alex")), path)
    return path


def fields(metrics: list) -> list[str]:
    return [name for metric in metrics for name in metric.values()]


def test_missing_weights_are_named_with_their_place(folder: Path) -> None:
    metrics, notes = perceptual_metrics()
    assert fields(metrics) == ["deep_feature_distance"]
    assert len(notes) == 2
    for note, file in zip(notes, ("alexnet-owt-7be5be79.pth", "vgg16-397923af.pth"), strict=True):
        assert note.startswith("LPIPS: expected the weights ")
        assert f"Get {file} from https://" in note
        assert f"put it into {folder}." in note
        assert "\n" not in note


def test_weights_in_the_folder_are_used(folder: Path, alexnet: Path) -> None:
    shutil.copy(alexnet, folder / "alexnet-owt-7be5be79.pth")
    metrics, notes = perceptual_metrics()
    assert fields(metrics) == ["deep_feature_distance", "lpips_alex"]
    assert ["vgg16" in note for note in notes] == [True]


def test_given_weights_come_before_those_of_the_folder(folder: Path, alexnet: Path) -> None:
    metrics, notes = perceptual_metrics([alexnet])
    assert (fields(metrics), notes) == (["deep_feature_distance", "lpips_alex"], [])
    with pytest.raises(WeightsError, match=r"nothing\.pth"):
        perceptual_metrics([folder / "nothing.pth"])


def test_missing_packages_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image_features.image_features.cache_clear()
    monkeypatch.setattr(image_features, "PACKAGE", "no_such_package")
    metrics, notes = perceptual_metrics()
    assert metrics == []
    assert notes[0].startswith("Deep feature distance: expected the package no_such_package")
    assert "pip install 'vidinpaint[perceptual]'" in notes[0]

    def missing() -> None:
        raise WeightsError("torch", "none", "Install it.")

    monkeypatch.setattr(available, "require_torch", missing)
    assert perceptual_metrics() == ([], ["Perceptual metrics: expected torch, found none. Install it."])
