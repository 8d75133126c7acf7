"""A batch whose clips, masks, work and results are all in an object store."""

import csv
import json
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.execution.batch.batches import MASK, QUICK, clips, decoded, pixels
from vidinpaint.cli import main
from vidinpaint.execution.jobs.clip_session import ClipSession
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.inputs import local_copy


def upload(source: Path, bucket: str) -> None:
    folder = open_folder(f"{bucket}/in")
    for path in source.iterdir():
        copy = folder.scratch(".bin")
        copy.write_bytes(path.read_bytes())
        folder.put(copy, path.name)


def batch(*arguments: object) -> int:
    return main(["batch", *(str(argument) for argument in arguments), *QUICK, "--workers", "2"])


def done(place: str) -> list[list[str]]:
    folder = open_folder(f"{place}/.vidinpaint/done")
    return sorted(json.loads(folder.text(name) or "")["pixels"] for name in folder.names())


def test_clips_masks_and_results_by_url(tmp_path: Path, bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    source, local, remote = tmp_path / "in", tmp_path / "out", f"{bucket}/out"
    clips(source, 3)
    mask = np.zeros((64, 96), np.uint8)
    mask[20:30, 20:40] = 255
    cv2.imwrite(str(source / "logo.png"), mask)
    upload(source, bucket)
    options = ["--resize-mask", "--mask"]
    assert batch(f"{source}/*.mp4", *options, f"{source}/logo.png@0-5", "-o", local) == 0
    assert batch(f"{bucket}/in/*.mp4", *options, f"{bucket}/in/logo.png@0-5", "-o", remote) == 0
    assert done(remote) == sorted(pixels(local).values())
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    for name in ("00.mp4", "01.mp4", "02.mp4"):
        (fetched / name).write_bytes(local_copy(f"{remote}/{name}").read_bytes())
    assert decoded(fetched) == decoded(local)
    assert open_folder(f"{remote}/.vidinpaint/clips").names() == []
    assert batch(f"{bucket}/in/*.mp4", *options, f"{bucket}/in/logo.png@0-5", "-o", remote) == 0
    rows = list(csv.DictReader((open_folder(remote).text("summary.csv") or "").splitlines()))
    assert [row["status"] for row in rows] == ["already done"] * 3
    capsys.readouterr()
    assert main(["batch", "--status", remote]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 done, 0 begun, 0 waiting, 0 failed"


def test_a_segment_lost_in_the_store_is_inpainted_again(tmp_path: Path, bucket: str) -> None:
    """Damage that does not change the size is found when the clip is finished."""
    clips(tmp_path / "in", 1, frames=24)
    settings = {"plan": {"length": 6, "context": 1}, "inpaint": {"method": "telea"}}
    job = Job(str(tmp_path / "in" / "00.mp4"), (MASK,), f"{bucket}/out.mp4", f"{bucket}/work", "inpaint_each_frame",
              settings=settings)  # fmt: skip
    with closing(ClipSession(job)) as session:
        for index in range(4):
            session.compute(index)
        record = session._record(session.plan.windows[2], False)
        assert record is not None
        damaged = session.store.folder.scratch(".nut")
        damaged.write_bytes(b"\0" * record.size)
        session.store.folder.put(damaged, record.segment)
        assert session.missing() == []
        assert session.finish() is None
        assert session.missing(thorough=True) == [2]
        session.compute(2)
        report = session.finish()
    assert report is not None
    assert local_copy(f"{bucket}/out.mp4").stat().st_size > 1000
    assert open_folder(f"{bucket}/work").names() == []


def test_a_clip_that_does_not_exist(bucket: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "l.jsonl").write_text(json.dumps({"clip": f"{bucket}/no.mp4", "mask": MASK}) + "\n")
    assert batch(tmp_path / "l.jsonl", "-o", f"{bucket}/out") == 2
    assert "does not exist" in capsys.readouterr().err
