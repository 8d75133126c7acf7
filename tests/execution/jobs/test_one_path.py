"""Arrays, folders and files go through one session: the same pixels, the same report, and no files left behind."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import box_masks, pan
from vidinpaint.core.graph import RUNNER_INPUTS
from vidinpaint.core.report import Report
from vidinpaint.execution.checkpoints.segment_store import MemoryStore
from vidinpaint.execution.jobs.clip_session import ClipSession
from vidinpaint.execution.jobs.job import Job, mask_texts
from vidinpaint.execution.runners.serial import run_serial
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import open_reader

SETTINGS = {"plan": {"length": 6, "context": 2}}


@pytest.fixture(scope="module")
def frames() -> np.ndarray:
    frames = (pan(14, 64, 96, 2.0, 0.5) * 255 + 0.5).astype(np.uint8)
    frames[box_masks(14, 64, 96, (40, 20, 20, 18))] = 250
    return frames


@pytest.fixture(scope="module")
def mask() -> np.ndarray:
    return box_masks(1, 64, 96, (40, 20, 20, 18))[0]


def folder_of(frames: np.ndarray, folder: Path) -> Path:
    folder.mkdir()
    for t, frame in enumerate(frames):
        cv2.imwrite(str(folder / f"{t:03d}.png"), frame[..., ::-1])
    return folder


def pixels_of(path: Path) -> np.ndarray:
    with open_reader(path) as reader:
        pts = np.array([frame.pts for frame in reader.scan()], np.int64)
        return rgb8(reader.read(pts, 0, len(pts)))


@pytest.mark.parametrize("runner", ["serial", "threads"])
def test_arrays_folders_and_files_get_the_same_pixels_and_report(
    tmp_path: Path, frames: np.ndarray, mask: np.ndarray, runner: str
) -> None:
    clip = folder_of(frames, tmp_path / "in")
    expected = vidinpaint.inpaint(frames, mask, runner=runner, settings=SETTINGS, report=tmp_path / "array.json")
    folder = vidinpaint.inpaint(clip, mask, tmp_path / "out", runner=runner, settings=SETTINGS)
    file = vidinpaint.inpaint(clip, mask, tmp_path / "out.mkv", runner=runner, settings=SETTINGS, codec="ffv1")
    assert np.array_equal(pixels_of(tmp_path / "out"), expected)
    assert np.array_equal(pixels_of(tmp_path / "out.mkv"), expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["array.json", "in", "out", "out.mkv"]
    assert facts(folder) == facts(file)
    assert folder.windows > 1
    assert folder.checks
    assert (folder.output_sha256, len(file.output_sha256)) == ("", 64)


def facts(report: Report) -> Report:
    """The report without what depends on the output."""
    assert report.total_seconds > 0
    seconds = dict.fromkeys(report.seconds, 0.0)
    return replace(report, output="", notes=(), seconds=seconds, total_seconds=0, started="", settings={},
                   source_sha256="", output_sha256="")  # fmt: skip


def test_an_empty_mask_is_reported_for_folders_as_for_files(tmp_path: Path, frames: np.ndarray) -> None:
    clip = folder_of(frames, tmp_path / "in")
    report = vidinpaint.inpaint(clip, np.zeros((64, 96), bool), tmp_path / "out")
    assert "the mask is empty: nothing to inpaint" in report.notes
    assert np.array_equal(pixels_of(tmp_path / "out"), frames)
    assert np.array_equal(vidinpaint.inpaint(frames, np.zeros((64, 96), bool)), frames)


def test_a_page_about_an_array(tmp_path: Path, frames: np.ndarray, mask: np.ndarray) -> None:
    vidinpaint.inpaint(frames, mask, settings=SETTINGS, report=tmp_path / "page")
    assert (tmp_path / "page" / "index.html").read_text().count('class="moment"') == 12


def test_records_in_memory_hold_no_frames(frames: np.ndarray, mask: np.ndarray) -> None:
    job = Job("", mask_texts(mask), "", "", settings=SETTINGS, runner="serial")
    with ClipSession(job, frames) as session:
        assert isinstance(session.store, MemoryStore)
        assert {*RUNNER_INPUTS["plan"], *RUNNER_INPUTS["write"]} <= session.run.values.keys()
        session.compute_missing(run_serial)
        assert session.missing() == []
        records = [session.store.read(window.index, "", True) for window in session.plan.windows]
        assert [(record.frames, record.segment) for record in records if record] == [
            (len(window), "") for window in session.plan.windows
        ]
        assert session.finish()
        assert session.frames.shape == frames.shape


def test_a_folder_that_fails_leaves_nothing(tmp_path: Path, frames: np.ndarray) -> None:
    clip = folder_of(frames, tmp_path / "in")
    with pytest.raises(vidinpaint.MaskError):
        vidinpaint.inpaint(clip, np.ones((64, 96), bool), tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
