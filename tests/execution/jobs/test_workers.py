"""One clip by processes of this machine: as by one process, and wrong things are said in the same words."""

from pathlib import Path

import numpy as np
import pytest

import vidinpaint
from tests.execution.batch.batches import MASK, clips, decoded
from vidinpaint.core.errors import MaskCoverageError, SettingError

SETTINGS = {"plan": {"length": 6, "context": 2}, "encode": {"preset": "ultrafast"}}


def test_the_same_result_with_the_same_report(tmp_path: Path) -> None:
    clips(tmp_path / "in", 1, frames=24)
    reports = {}
    for runner in ("serial", "processes"):
        reports[runner] = vidinpaint.inpaint(
            tmp_path / "in" / "00.mp4", MASK, tmp_path / f"{runner}.mp4", runner=runner, workers=2, settings=SETTINGS,
            report=tmp_path / f"{runner}-report",
        )  # fmt: skip
    results = decoded(tmp_path)
    assert results["serial.mp4"] == results["processes.mp4"]
    one, two = reports["serial"], reports["processes"]
    assert (one.frames, one.windows, one.share, one.checks) == (two.frames, two.windows, two.share, two.checks)
    assert one.seconds.keys() == two.seconds.keys()
    pages = [(tmp_path / f"{runner}-report" / "index.html").read_text() for runner in reports]
    assert [page.count('class="moment"') for page in pages] == [12, 12]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in", "processes-report", "processes.mp4", "serial-report", "serial.mp4",
    ]  # fmt: skip


def test_what_is_wrong_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    clips(tmp_path / "in", 1)
    clip, output = tmp_path / "in" / "00.mp4", tmp_path / "out.mp4"
    with pytest.raises(MaskCoverageError, match="something known"):
        vidinpaint.inpaint(clip, "0,0,999,999", output, runner="processes", workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_what_workers_are_not_given(tmp_path: Path) -> None:
    clips(tmp_path / "in", 1)
    clip, output, mask = tmp_path / "in" / "00.mp4", tmp_path / "out.mp4", np.ones((64, 96), bool)
    frames = np.zeros((4, 64, 96, 3), np.uint8)
    with pytest.raises(SettingError, match="video file as output"):
        vidinpaint.inpaint(frames, mask, runner="processes")
    with pytest.raises(SettingError, match="video file as output"):
        vidinpaint.inpaint(clip, MASK, tmp_path / "frames", runner="processes")
    with pytest.raises(SettingError, match="an array"):
        vidinpaint.inpaint(clip, mask, output, runner="processes")
    with pytest.raises(SettingError, match="debug"):
        vidinpaint.inpaint(clip, MASK, output, runner="processes", debug=tmp_path / "in")
    for wrong in ({"workers": -1}, {"gpus_per_worker": 0.0}):
        with pytest.raises(SettingError):
            vidinpaint.inpaint(clip, MASK, output, runner="processes", **wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
