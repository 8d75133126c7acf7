"""Fingerprints change with everything that pixels depend on, and with nothing else."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from vidinpaint.core.graph import Graph, Phase
from vidinpaint.core.window import Window
from vidinpaint.execution.checkpoints.fingerprint import array_content, content_of, fingerprint, stages_of


@dataclass(frozen=True)
class Inpaint:
    weights: str = ""
    phase: ClassVar[Phase] = "compute"

    def __call__(self, window: Window) -> Window:
        return window


def test_the_order_of_settings_does_not_matter() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1}) != fingerprint({"a": 1, "b": 3})


def test_content_of_files_and_folders(tmp_path: Path) -> None:
    file = tmp_path / "masks" / "0.png"
    file.parent.mkdir()
    file.write_bytes(b"one")
    before = content_of(file), content_of(file.parent)
    assert (content_of(file), content_of(file.parent)) == before
    (tmp_path / "masks" / ".hidden").write_bytes(b"x")
    assert content_of(file.parent) == before[1]
    renamed = file.rename(tmp_path / "masks" / "1.png")
    assert content_of(renamed) == before[0]
    assert content_of(file.parent) != before[1]


@pytest.mark.parametrize("other", [np.ones((2, 3), np.uint8), np.zeros((3, 2), np.uint8), np.zeros((2, 3), bool)])
def test_arrays_differ_by_values_shape_and_type(other: np.ndarray) -> None:
    assert array_content(other) != array_content(np.zeros((2, 3), np.uint8))


def test_settings_and_files_that_they_name(tmp_path: Path) -> None:
    weights = tmp_path / "weights.bin"
    weights.write_bytes(b"one")
    with_weights = Graph(inpainted=Inpaint(str(weights)))
    before = stages_of(with_weights, ["compute"])
    assert before != stages_of(Graph(inpainted=Inpaint()), ["compute"])
    weights.write_bytes(b"two")
    assert stages_of(with_weights, ["compute"]) != before


def test_folders_of_pipelines_that_settings_name(tmp_path: Path) -> None:
    network = tmp_path / "model" / "unet" / "a.safetensors"
    network.parent.mkdir(parents=True)
    network.write_bytes(b"one")
    graph = Graph(inpainted=Inpaint(str(tmp_path / "model")))
    without_index = stages_of(graph, ["compute"])
    (tmp_path / "model" / "model_index.json").write_text("{}")
    before = stages_of(graph, ["compute"])
    assert before != without_index
    (tmp_path / "model" / "README.md").write_text("of no influence")
    assert stages_of(graph, ["compute"]) == before
    network.write_bytes(b"two")
    assert stages_of(graph, ["compute"]) != before
