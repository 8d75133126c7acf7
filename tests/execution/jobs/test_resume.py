"""Windows of an earlier run are not computed again unless they are damaged or were made from other inputs."""

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
from vidinpaint.video.files.decoder import Decoder

MASK = "20,16,24,20"
SETTINGS = {"plan": {"length": 6, "context": 1}, "inpaint": {"method": "telea"}, "encode": {"preset": "ultrafast"}}


def job(folder: Path, **changes: Any) -> Job:
    if not (folder / "clip.mp4").exists():
        write(folder / "clip.mp4", Recipe(pts=tuple(range(0, 24 * 512, 512)), size=(64, 96)))
    fields = {"clip": str(folder / "clip.mp4"), "masks": (MASK,), "output": str(folder / "out.mp4"),
             "work": str(folder / "work"), "pipeline": "inpaint_each_frame", "settings": SETTINGS}  # fmt: skip
    return Job(**{**fields, **changes})


def missing(job: Job) -> list[int]:
    with closing(ClipSession(job)) as session:
        return session.missing()


def inpaint(job: Job, *indices: int) -> None:
    with closing(ClipSession(job)) as session:
        for index in indices:
            session.compute(index)


def frames(path: Path) -> list[bytes]:
    with closing(Decoder(path)) as decoder:
        return [frame.to_ndarray().tobytes() for _, frame in decoder.from_start()]


def test_windows_are_inpainted_once_and_in_any_order(tmp_path: Path) -> None:
    undisturbed = job(tmp_path, output=str(tmp_path / "whole.mp4"), work=str(tmp_path / "other"))
    with closing(ClipSession(undisturbed)) as session:
        session.compute_missing(run_serial)
        assert session.finish()
    assert missing(job(tmp_path)) == [0, 1, 2, 3]
    inpaint(job(tmp_path), 3, 1)
    assert missing(job(tmp_path)) == [0, 2]
    with closing(ClipSession(job(tmp_path))) as session:
        assert session.finish() is None  # not before all windows are stored
        session.compute_missing(run_serial)
        report = session.finish()
    assert report is not None
    assert "2 of 4 windows were done already, by an earlier run" in report.notes
    assert report.frames == 24
    assert frames(tmp_path / "out.mp4") == frames(tmp_path / "whole.mp4")
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


def truncate_record(folder: Path) -> None:
    record = folder / "000001.json"
    record.write_text(record.read_text()[:40])


def redirect_record(folder: Path) -> None:
    record = folder / "000001.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "segment": "../../clip.mp4"}))


@pytest.mark.parametrize(
    "damage", [lambda folder: segment_of(folder, 1).unlink(), truncate, corrupt, truncate_record, redirect_record]
)
def test_only_damaged_windows_are_computed_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    inpaint(job(tmp_path), 0, 1, 2, 3)
    damage(tmp_path / "work")
    assert missing(job(tmp_path)) == [1]


def test_a_damaged_plan_is_made_again_without_loss_of_windows(tmp_path: Path) -> None:
    inpaint(job(tmp_path), 0, 1)
    (tmp_path / "work" / "plan.json").write_text("{")
    assert missing(job(tmp_path)) == [2, 3]


def test_a_plan_with_another_fingerprint_is_not_used(tmp_path: Path) -> None:
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
def test_windows_made_from_other_inputs_are_computed_again(tmp_path: Path, changes: dict[str, Any]) -> None:
    inpaint(job(tmp_path), 0, 1, 2, 3)
    if "output" in changes:
        changes = {"output": str(tmp_path / changes["output"])}
    assert missing(job(tmp_path, **changes)) == [0, 1, 2, 3]
    assert missing(job(tmp_path)) == []


def test_another_clip_of_the_same_name_is_another_clip(tmp_path: Path) -> None:
    inpaint(job(tmp_path), 0)
    write(tmp_path / "clip.mp4", Recipe(pts=tuple(range(0, 24 * 512, 512)), size=(64, 96), colour=(1, 1, 1, 1)))
    assert missing(job(tmp_path)) == [0, 1, 2, 3]


def test_a_window_may_be_stored_again(tmp_path: Path) -> None:
    """An orphaned worker of an earlier run stores a window that another session has just read."""
    inpaint(job(tmp_path), 0, 1, 2, 3)
    with closing(ClipSession(job(tmp_path))) as reading, closing(ClipSession(job(tmp_path))) as orphan:
        records = [reading._record(window, True) for window in reading.plan.windows]
        orphan.compute(2)
        assert records[2] is not None
        assert DiskStore(LocalFolder(str(tmp_path / "work"))).segment(records[2])
        assert reading.finish()


def test_a_window_without_a_record_is_not_stored(tmp_path: Path) -> None:
    class Dies(LocalFolder):
        def put_text(self, text: str, name: str) -> None:
            raise KeyboardInterrupt

    with closing(ClipSession(job(tmp_path))) as session:
        session.store.folder = Dies(str(tmp_path / "work"))
        with pytest.raises(KeyboardInterrupt):
            session.compute(0)
    assert missing(job(tmp_path)) == [0, 1, 2, 3]
    assert not [path for path in (tmp_path / "work").iterdir() if path.name.startswith(".new")]


def test_a_page_is_made_from_stored_windows(tmp_path: Path) -> None:
    """Windows stored without images for the page are computed again; windows stored with them are not."""
    inpaint(job(tmp_path), 0)
    with_page = job(tmp_path, page=True, report=str(tmp_path / "report"))
    assert missing(with_page) == [0, 1, 2, 3]
    inpaint(with_page, 0, 1, 2, 3)
    with closing(ClipSession(with_page)) as session:
        assert session.missing() == []
        assert session.finish()
    page = (tmp_path / "report" / "index.html").read_text()
    assert page.count('class="moment"') == 12


def test_an_existing_output_is_refused_before_any_work(tmp_path: Path) -> None:
    chosen = job(tmp_path)
    (tmp_path / "out.mp4").write_text("precious")
    with pytest.raises(OutputError, match="overwrite"):
        vidinpaint.inpaint(chosen.clip, MASK, tmp_path / "out.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "out.mp4"]


def test_a_worker_that_finds_a_plan_reads_no_input_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inpaint(job(tmp_path), 0)

    def refuse(*_: Any) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("vidinpaint.stages.scan.make_timeline", refuse)
    monkeypatch.setattr("vidinpaint.masks.interval.Interval.scan", refuse)
    monkeypatch.setattr("vidinpaint.execution.jobs.clip_identity.content_of", refuse)
    inpaint(job(tmp_path), 1)
    assert missing(job(tmp_path)) == [2, 3]
