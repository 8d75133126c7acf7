"""One clip by several processes: the result and the errors are those of one process."""

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
    a, b = reports["serial"], reports["processes"]
    assert (a.frames, a.windows, a.share, a.checks) == (b.frames, b.windows, b.share, b.checks)
    assert a.seconds.keys() == b.seconds.keys()
    pages = [(tmp_path / f"{runner}-report" / "index.html").read_text() for runner in reports]
    assert [page.count('class="moment"') for page in pages] == [12, 12]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in", "processes-report", "processes.mp4", "serial-report", "serial.mp4",
    ]  # fmt: skip


def test_an_error_leaves_no_files(tmp_path: Path) -> None:
    clips(tmp_path / "in", 1)
    clip, output = tmp_path / "in" / "00.mp4", tmp_path / "out.mp4"
    with pytest.raises(MaskCoverageError, match="expected known pixels"):
        vidinpaint.inpaint(clip, "0,0,999,999", output, runner="processes", workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_jobs_that_workers_cannot_do_are_refused(tmp_path: Path) -> None:
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
