"""A small disk fills up in the middle of a batch; with more space, the same command completes the batch."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.execution.batch.batches import MASK, QUICK, clips, decoded, events, pixels
from vidinpaint.cli import main


def batch(source: Path, out: Path) -> int:
    return main(["batch", f"{source}/*.mp4", "--mask", MASK, "-o", str(out), *QUICK, "--workers", "2"])


def disk(place: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)


def test_windows_stored_before_the_disk_was_full_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, small, large = tmp_path / "in", tmp_path / "small", tmp_path / "large"
    clips(source, 3, frames=60)
    assert batch(source, large) == 0
    small.mkdir()
    disk(small, "size=220k")
    assert batch(source, small) == 4
    shown = capsys.readouterr().err
    assert "disk full" in shown or "No space left" in shown
    records = [json.loads(path.read_text()) for path in small.glob(".vidinpaint/clips/*/??????.json")
               if path.stat().st_size]  # fmt: skip
    finished = len(list(small.glob("*.mp4")))
    assert 1 <= len(records) + 10 * finished < 30
    disk(small, "remount,size=64m")
    before = len(events(small, "inpainted"))
    assert batch(source, small) == 0
    assert len(events(small, "inpainted")) - before == 30 - 10 * finished - len(records)
    assert decoded(small) == decoded(large)
    assert pixels(small) == pixels(large)
