"""Batches from end to end, with the runner `processes`."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import interruptible
from tests.execution.batch.batches import MASK, QUICK, clips, damage, decoded, events, listing, pixels, stable_records
from vidinpaint.cli import main


def batch(*arguments: object) -> int:
    return main(["batch", *(str(argument) for argument in arguments), *QUICK, "--workers", "2"])


def test_clips_that_fail_do_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    clips(source, 20)
    manifest = listing(source, damage(source, [3, 4, 8, 12, 19]))
    assert batch(manifest, "-o", out) == 4
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("vidinpaint: expected all clips to succeed, found 5 of 20 that failed.")
    assert [line.split(":")[0].strip() for line in shown[1:]] == [f"line {n + 1}" for n in (3, 4, 8, 12, 19)]
    for line, part in zip(shown[1:], ("empty", "truncated", "a video file", "known pixels", "inside the frame")):
        assert part in line
    assert len(decoded(out)) == 15
    rows = list(csv.DictReader((out / "summary.csv").read_text().splitlines()))
    assert [row["status"] for row in rows].count("done") == 15
    assert [int(row["line"]) for row in rows] == list(range(1, 21))
    page = (out / "summary.html").read_text()
    assert page.count("<tr>") == 1 + 5 + 1 + 20
    assert "<script" not in page
    before = decoded(out)
    assert batch(manifest, "-o", out) == 4  # the second run finds all results, and the same errors
    assert decoded(out) == before
    assert [event["already_done"] for event in events(out, "finished")] == [False] * 15 + [True] * 15
    assert main(["batch", "--status", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "15 done, 0 begun, 0 waiting, 5 failed"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_only_damaged_or_changed_results_are_computed_again(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    clips(source, 4)
    assert batch(source / "*.mp4", "--mask", MASK, "-o", out) == 0
    first, hashes = decoded(out), pixels(out)
    (out / "00.mp4").unlink()
    data = bytearray((out / "01.mp4").read_bytes())
    data[len(data) // 2] ^= 1
    (out / "01.mp4").write_bytes(data)
    assert batch(source / "*.mp4", "--mask", MASK, "-o", out) == 0
    assert decoded(out) == first
    assert pixels(out) == hashes
    second = events(out, "finished")[4:]
    assert sorted(event["output"] for event in second if not event["already_done"]) == ["00.mp4", "01.mp4"]
    assert batch(source / "*.mp4", "--mask", "10,10,20,20", "-o", out) == 0
    assert [event["already_done"] for event in events(out, "finished")[8:]] == [False] * 4
    assert not set(map(tuple, pixels(out).values())) & set(map(tuple, hashes.values()))


def start(source: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "vidinpaint", "batch", str(source / "*.mp4"), "--mask", MASK, "-o", str(out)]
    return interruptible.start([*command, *QUICK, "--workers", "2", *options], stderr=subprocess.DEVNULL)


def wait_for(out: Path, records: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(out.glob(".vidinpaint/clips/*/??????.json"))) < records:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def stored(out: Path) -> dict[str, str]:
    return {str(path.relative_to(out)): json.loads(path.read_text())["sha256"]
            for path in out.glob(".vidinpaint/clips/*/??????.json")}  # fmt: skip


@interruptible.posix_only
def test_windows_of_a_killed_driver_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The driver is killed, one segment is truncated and one corrupted; then the same command runs again."""
    source, out = tmp_path / "in", tmp_path / "out"
    clips(source, 3, frames=60)
    assert batch(source / "*.mp4", "--mask", MASK, "-o", tmp_path / "undisturbed") == 0
    running = start(source, out)
    wait_for(out, 6)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    stable_records(out)  # its workers end after their current tasks
    before = stored(out)
    finished = len(list(out.glob("*.mp4")))
    assert 6 <= len(before) < 30
    assert main(["batch", "--status", str(out)]) == 0
    assert "begun" in capsys.readouterr().out
    records = sorted(out.glob(".vidinpaint/clips/*/??????.json"))
    for record, change in zip(records, (lambda data: data[:-9], lambda data: data[:50] + b"~" + data[51:])):
        segment = record.with_name(json.loads(record.read_text())["segment"])
        segment.write_bytes(change(segment.read_bytes()))
    assert batch(source / "*.mp4", "--mask", MASK, "-o", out) == 0
    assert decoded(out) == decoded(tmp_path / "undisturbed")
    assert pixels(out) == pixels(tmp_path / "undisturbed")
    assert len(events(out, "begin")) == 2
    second_run = (out / ".vidinpaint" / "events.jsonl").read_text().rpartition('"begin"')[2].splitlines()[1:]
    assert sum(json.loads(line)["event"] == "inpainted" for line in second_run) == 32 - 10 * finished - len(before)


@interruptible.posix_only
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"])
def test_a_worker_that_dies_or_hangs_is_replaced(tmp_path: Path, name: str) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    clips(source, 3, frames=60)
    running = start(source, out, "--stall", "15")
    wait_for(out, 3)
    worker = int(events(out, "inpainted")[0]["by"].rpartition(":")[2])
    os.kill(worker, getattr(signal, name))
    assert running.wait(120) == 0
    assert len(events(out, "lost")) == 1
    assert len(events(out, "inpainted")) == 30
    assert batch(source / "*.mp4", "--mask", MASK, "-o", tmp_path / "undisturbed") == 0
    assert decoded(out) == decoded(tmp_path / "undisturbed")


@interruptible.posix_only
def test_clean_removes_only_work_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    clips(source, 2, frames=60)
    running = start(source, out)
    wait_for(out, 2)
    os.kill(running.pid, signal.SIGINT)
    assert running.wait(60) == 130
    (out / "mine.txt").write_text("precious")
    (out / ".vidinpaint" / "clips" / "other").mkdir()
    assert main(["batch", "--clean", str(out)]) == 0
    assert "work folders removed: " in capsys.readouterr().out
    assert [path.name for path in (out / ".vidinpaint" / "clips").iterdir()] == ["other"]
    assert (out / "mine.txt").exists()
    assert main(["batch", "--clean", str(tmp_path)]) == 2


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    source, out, away = tmp_path / "in", tmp_path / "out", tmp_path / "away"
    clips(source, 1)
    away.mkdir()
    out.mkdir()
    os.symlink(away, out / ".vidinpaint")
    assert batch(source / "*.mp4", "--mask", MASK, "-o", out) == 2
    (out / ".vidinpaint").unlink()
    (out / ".vidinpaint").mkdir()
    (away / "file.mp4").write_text("precious")
    os.symlink(away / "file.mp4", out / ".vidinpaint" / "events.jsonl")
    assert batch(source / "*.mp4", "--mask", MASK, "-o", out) == 2
    (out / ".vidinpaint" / "events.jsonl").unlink()
    os.symlink(away / "file.mp4", out / "00.mp4")
    assert batch(source / "*.mp4", "--mask", MASK, "-o", out, "--overwrite") == 0
    assert (away / "file.mp4").read_text() == "precious"  # the link was replaced, not followed
    assert not (out / "00.mp4").is_symlink()
    assert [path.name for path in away.iterdir()] == ["file.mp4"]
