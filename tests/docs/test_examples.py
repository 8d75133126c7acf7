"""The notebook and the scripts in examples/ run, and the notebook is committed without outputs."""

import json
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTEBOOK = EXAMPLES / "first_clip.ipynb"


def code_cells() -> list[dict[str, Any]]:
    return [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def run_script(monkeypatch: pytest.MonkeyPatch, name: str, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def test_the_notebook_has_no_outputs() -> None:
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code_cells())


def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    monkeypatch.setattr(pyplot, "show", pyplot.close)
    pyplot.switch_backend("agg")
    (tmp_path / "examples").mkdir()
    (tmp_path / "sample_videos").mkdir()
    for name in ("flight.mp4", "flight_truth.mp4", "flight_mask.png"):
        shutil.copy(EXAMPLES.parent / "sample_videos" / name, tmp_path / "sample_videos")
    monkeypatch.chdir(tmp_path / "examples")
    names: dict[str, Any] = {}
    for cell in code_cells():
        exec(compile("".join(cell["source"]), f"<{cell['id']}>", "exec"), names)
    assert names["psnr"](names["clean"]) > names["psnr"](names["frames"]) + 5
    assert "result: flight_clean.mp4" in capsys.readouterr().out


def test_remove_logo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run_script(monkeypatch, "remove_logo.py", tmp_path / "clean.mp4")
    assert (tmp_path / "clean.mp4").stat().st_size > 10_000
    assert "60 frames of 480 x 270" in capsys.readouterr().out


def test_compare_methods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.full((40, 60, 3), 90, np.uint8)
    cv2.imwrite(str(tmp_path / "in.png"), picture)
    run_script(monkeypatch, "compare_methods.py", tmp_path / "in.png", "20,10,8,8", tmp_path / "out.png")
    assert cv2.imread(str(tmp_path / "out.png")).shape == (40, 4 * 60, 3)
