"""What an earlier run has committed is not done again, unless it is broken or was made from something else."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import vidinpaint
from tests.video.clips import Recipe, write
from vidinpaint.core.errors import OutputError
from vidinpaint.execution.checkpoints.segment_store import DiskStore
from vidinpaint.execution.jobs.clip_session import ClipSession
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.runners.serial import run_serial
from vidinpaint.execution.storage.folder import LocalFolder
from vidinpaint.video.decoder import Decoder

MASK = "20,16,24,20"
SETTINGS = {"plan": {"length": 6, "context": 1}, "inpaint": {"method": "telea"}, "encode": {"preset": "ultrafast"}}


def job(folder: Path, **changes: Any) -> Job:
    if not (folder / "clip.mp4").exists():
        write(folder / "clip.mp4", Recipe(pts=tuple(range(0, 24 * 512, 512)), size=(64, 96)))
    given = {"clip": str(folder / "clip.mp4"), "masks": (MASK,), "output": str(folder / "out.mp4"),
             "work": str(folder / "work"), "pipeline": "inpaint_each_frame", "settings": SETTINGS}  # fmt: skip
    return Job(**{**given, **changes})


def missing(job: Job) -> list[int]:
    with closing(ClipSession(job)) as work:
        return work.missing()


def inpaint(job: Job, *indices: int) -> None:
    with closing(ClipSession(job)) as work:
        for index in indices:
            work.compute(index)


def pictures(path: Path) -> list[bytes]:
    with closing(Decoder(path)) as decoder:
        return [frame.to_ndarray().tobytes() for _, frame in decoder.from_start()]


def test_windows_are_inpainted_once_and_in_any_order(tmp_path: Path) -> None:
    undisturbed = job(tmp_path, output=str(tmp_path / "whole.mp4"), work=str(tmp_path / "other"))
    with closing(ClipSession(undisturbed)) as work:
        work.compute_missing(run_serial)
        assert work.finish()
    assert missing(job(tmp_path)) == [0, 1, 2, 3]
    inpaint(job(tmp_path), 3, 1)
    assert missing(job(tmp_path)) == [0, 2]
    with closing(ClipSession(job(tmp_path))) as work:
        assert work.finish() is None  # not before all are there
        work.compute_missing(run_serial)
        report = work.finish()
    assert report is not None
    assert "2 of 4 windows were done already, by an earlier run" in report.notes
    assert report.frames == 24
    assert pictures(tmp_path / "out.mp4") == pictures(tmp_path / "whole.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "out.mp4", "whole.mp4"]


def segment_of(folder: Path, index: int) -> Path:
    return folder / json.loads((folder / f"{index:06d}.json").read_text())["segment"]


def truncate(folder: Path) -> None:
    file = segment_of(folder, 1)
    file.write_bytes(file.read_bytes()[:-7])


def corrupt(folder: Path) -> None:
    file = segment_of(folder, 1)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def half_a_record(folder: Path) -> None:
    record = folder / "000001.json"
    record.write_text(record.read_text()[:40])


def strange_record(folder: Path) -> None:
    record = folder / "000001.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "segment": "../../clip.mp4"}))


@pytest.mark.parametrize(
    "harm", [lambda folder: segment_of(folder, 1).unlink(), truncate, corrupt, half_a_record, strange_record]
)
def test_what_is_broken_is_done_again_and_nothing_else(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    inpaint(job(tmp_path), 0, 1, 2, 3)
    harm(tmp_path / "work")
    assert missing(job(tmp_path)) == [1]


def test_a_broken_plan_is_made_again_without_loss_of_windows(tmp_path: Path) -> None:
    inpaint(job(tmp_path), 0, 1)
    (tmp_path / "work" / "plan.json").write_text("{")
    assert missing(job(tmp_path)) == [2, 3]


def test_another_plan_key_is_not_trusted(tmp_path: Path) -> None:
    inpaint(job(tmp_path), 0)
    assert missing(job(tmp_path, settings={**SETTINGS, "plan": {"length": 12, "context": 1}})) == [0, 1]


@pytest.mark.parametrize(
    "changes",
    [
        {"masks": ("20,16,24,21",)},
        {"masks": (MASK, "0,0,4,4@0-1")},
        {"settings": {**SETTINGS, "inpaint": {"method": "harmonic"}}},
        {"settings": {**SETTINGS, "encode": {"preset": "ultrafast", "crf": 17}}},
        {"pipeline": "static_camera"},
        {"output": "out.mkv"},
    ],
)
def test_what_was_made_from_something_else_is_done_again(tmp_path: Path, changes: dict[str, Any]) -> None:
    inpaint(job(tmp_path), 0, 1, 2, 3)
    if "output" in changes:
        changes = {"output": str(tmp_path / changes["output"])}
    assert missing(job(tmp_path, **changes)) == [0, 1, 2, 3]
    assert missing(job(tmp_path)) == []


def test_another_clip_of_the_same_name_is_another_clip(tmp_path: Path) -> None:
    inpaint(job(tmp_path), 0)
    write(tmp_path / "clip.mp4", Recipe(pts=tuple(range(0, 24 * 512, 512)), size=(64, 96), colour=(1, 1, 1, 1)))
    assert missing(job(tmp_path)) == [0, 1, 2, 3]


def test_committing_again_hurts_nobody(tmp_path: Path) -> None:
    """An orphan of an earlier run writes the same window while the record of it is being read."""
    inpaint(job(tmp_path), 0, 1, 2, 3)
    with closing(ClipSession(job(tmp_path))) as reading, closing(ClipSession(job(tmp_path))) as orphan:
        records = [reading._record(window, True) for window in reading.plan.windows]
        orphan.compute(2)
        assert records[2] is not None
        assert DiskStore(LocalFolder(str(tmp_path / "work"))).segment(records[2])
        assert reading.finish()


def test_nobody_is_told_of_a_window_before_its_frames_are_there(tmp_path: Path) -> None:
    class Dies(LocalFolder):
        def put_text(self, text: str, name: str) -> None:
            raise KeyboardInterrupt

    with closing(ClipSession(job(tmp_path))) as work:
        work.store.folder = Dies(str(tmp_path / "work"))
        with pytest.raises(KeyboardInterrupt):
            work.compute(0)
    assert missing(job(tmp_path)) == [0, 1, 2, 3]
    assert not [path for path in (tmp_path / "work").iterdir() if path.name.startswith(".new")]


def test_a_page_is_made_of_what_windows_left(tmp_path: Path) -> None:
    """Windows of a run without a page are done again for one; those of a run with one are not."""
    inpaint(job(tmp_path), 0)
    wanted = job(tmp_path, page=True, report=str(tmp_path / "report"))
    assert missing(wanted) == [0, 1, 2, 3]
    inpaint(wanted, 0, 1, 2, 3)
    with closing(ClipSession(wanted)) as work:
        assert work.missing() == []
        assert work.finish()
    page = (tmp_path / "report" / "index.html").read_text()
    assert page.count('class="moment"') == 12


def test_an_output_in_the_way_is_refused_before_any_work(tmp_path: Path) -> None:
    chosen = job(tmp_path)
    (tmp_path / "out.mp4").write_text("precious")
    with pytest.raises(OutputError, match="overwrite"):
        vidinpaint.inpaint(chosen.clip, MASK, tmp_path / "out.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "out.mp4"]


def test_a_worker_that_finds_a_plan_looks_at_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inpaint(job(tmp_path), 0)

    def refuse(*_: Any) -> None:
        raise AssertionError("looked again")

    monkeypatch.setattr("vidinpaint.stages.scan.make_timeline", refuse)
    monkeypatch.setattr("vidinpaint.masks.interval.Interval.scan", refuse)
    monkeypatch.setattr("vidinpaint.execution.jobs.clip_identity.content_of", refuse)
    inpaint(job(tmp_path), 1)
    assert missing(job(tmp_path)) == [2, 3]
