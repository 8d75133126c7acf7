"""`--strict`, the verdicts in the report and the check stage, on whole clips."""

import json
from pathlib import Path

import pytest

from tests.video.clips import Recipe, write
from vidinpaint.cli import main
from vidinpaint.core.errors import SettingError
from vidinpaint.stages.check import Check

MASK = "20,14,20,16"
NOISE = '''
"""Writes noise under the mask: a result that everybody notices."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.graph import Graph
from vidinpaint.stages.check import Check
from vidinpaint.stages.composite import Composite
from vidinpaint.stages.crop import CropFrames, CropMask
from vidinpaint.stages.decode import Decode
from vidinpaint.stages.encode import Encode
from vidinpaint.stages.detect import Detect
from vidinpaint.stages.mask import OpenMasks, ReadMask
from vidinpaint.stages.plan import MakePlan
from vidinpaint.stages.scan import Scan


@dataclass(frozen=True)
class Noise:
    phase: ClassVar = "compute"

    def __call__(self, frames, crop_mask):
        noise = np.random.default_rng(0).random(frames.shape, np.float32)
        pixels = np.where(crop_mask[..., None], noise, frames)
        return Canvas(pixels, np.where(crop_mask, np.uint8(Source.PROPAGATED), np.uint8(0)))


graph = Graph(
    timeline=Scan(), detections=Detect(), masks=OpenMasks(), plan=MakePlan(), clip=Decode(), mask=ReadMask(),
    crop_mask=CropMask(), frames=CropFrames(), finished=Noise(), CHECK result=Composite(), segment=Encode(),
)
'''


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    write(path, Recipe(size=(72, 96)))
    return path


def pipeline(folder: Path, check: str) -> Path:
    path = folder / "noise.py"
    path.write_text(NOISE.replace("CHECK", check))
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in (*arguments, "--set", "encode.preset=ultrafast")])


def test_a_good_clip_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = tmp_path / "clip.mp4"
    write(clip, Recipe(size=(72, 96)))
    report = clip.parent / "r.json"
    arguments = ["--mask", MASK, "-o", clip.parent / "o.mp4", "--strict", "--report", report]
    tolerance = (
        "check.tolerance=1.3"  # so small a clip is near the limit of sharpness, and is not encoded alike everywhere
    )
    assert run("inpaint", clip, *arguments, "--set", tolerance) == 0
    assert "\ncheck: 1 window checked, 1 good\n" in capsys.readouterr().out
    written = json.loads(report.read_text())
    assert (written["windows_good"], written["windows_suspect"], written["windows_bad"]) == (1, 0, 0)
    (check,) = written["checks"]
    assert (check["start"], check["stop"], check["verdict"], check["attempt"]) == (0, 20, "good", "requested")
    assert len(check["frames"]) == 20
    assert check["inpainted"] == sum(frame["inpainted"] for frame in check["frames"]) == written["inpainted_pixels"]


def test_a_bad_clip_is_written_and_exits_with_3(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output, arguments = clip.parent / "o.mp4", ["inpaint", clip, "--mask", MASK, "--overwrite"]
    arguments += ["--pipeline", pipeline(clip.parent, "checked=Check(),"), "-o", output]
    assert run(*arguments) == 0
    printed = capsys.readouterr()
    assert "\ncheck: 1 window checked, 1 to look at\n" in printed.out
    assert "\nframes 0 to 19: a seam is visible" in printed.out
    output.unlink()
    assert run(*arguments, "--strict") == 3
    message = capsys.readouterr().err.splitlines()[-1]
    assert "1 of 1 bad (frames 0 to 19: a seam is visible" in message
    assert str(output) in message
    assert output.exists()
    assert run(*arguments, "--strict", "--set", "check.tolerance=100") == 0


def test_strict_needs_a_check(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = pipeline(clip.parent, "")
    assert run("inpaint", clip, "--mask", MASK, "-o", clip.parent / "o.mp4", "--pipeline", path, "--strict") == 3
    assert "expected a pipeline that checks" in capsys.readouterr().err


def test_a_tolerance_of_zero_is_refused() -> None:
    with pytest.raises(SettingError, match="tolerance"):
        Check(tolerance=0.0)
