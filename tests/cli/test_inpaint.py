"""`vidinpaint inpaint` from the command line: one clear line, the right exit code, no incomplete output."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.interruptible import posix_only, start
from tests.video.clips import Recipe, write
from vidinpaint.cli import main

MASK = "10,8,14,12"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    write(path, Recipe(size=(48, 64)))
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_inpaint_prints_a_summary(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = clip.parent
    code = run("inpaint", clip, "--mask", MASK, "-o", folder / "out.mp4", "--report", folder / "r.json",
               "--debug", folder / "debug", "--set", "encode.preset=ultrafast")  # fmt: skip
    assert code == 0
    shown = capsys.readouterr()
    assert "20 frames of 64 x 48" in shown.out
    assert "propagated from other frames" in shown.out
    assert str(folder / "r.json") in shown.out
    assert "inpaint: 100%" in shown.err
    images = {path.name for path in (folder / "debug").iterdir()}
    assert {"flow", "crop_mask", "propagated_source", "inpainted"} <= images
    assert len(list((folder / "debug" / "inpainted_source").glob("*.png"))) == 20


@pytest.mark.parametrize("option", ["--method", "--fill"])
def test_every_option_reaches_the_settings(clip: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = clip.parent / "r.json"
    words = f"{option} telea --flow dis --codec libx264 --crf 30 --grow 1 --feather 2 --start 0.1 --end 0:00.5"
    words += " --config preview --pipeline object_removal --runner serial --resize-mask"
    words += " --overwrite --quiet --verbose --strict"
    given = ("--mask", f"{MASK}@0-0:00.3", "--mask", "30,30,4,4", "-o", clip.parent / "out.mkv", "--report", report)
    assert run("inpaint", clip, *given, *words.split()) in (0, 3)
    written = json.loads(report.read_text())
    settings = written["settings"]
    assert (settings["encode"]["codec"], settings["encode"]["crf"]) == ("h264", 30)
    assert (settings["mask"]["grow"], settings["mask"]["resize"], settings["composite"]["feather"]) == (1, True, 2)
    assert settings["inpaint"]["method"] == settings["reference_frames"]["method"] == "telea"
    assert (written["runner"], written["config"]) == ("serial", "preview")
    assert written["frames"] < 12
    assert capsys.readouterr().out == ""


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def broken(folder: Path, kind: str) -> tuple[Path, list[str]]:
    """A clip or mask that is wrong in one way, and the options for it."""
    clip, mask = folder / "clip.mp4", folder / "mask.png"
    options = ["--mask", MASK]
    if kind == "missing":
        clip = folder / "nowhere.mp4"
    elif kind == "empty":
        clip.write_bytes(b"")
    elif kind == "truncated":
        clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    elif kind == "not a video":
        clip.write_text("this is text, not video\n" * 50)
    elif kind == "mask missing":
        options = ["--mask", str(mask)]
    elif kind == "mask not an image":
        mask.write_text("words")
        options = ["--mask", str(mask)]
    elif kind == "mask size":
        cv2.imwrite(str(mask), np.full((24, 32), 255, np.uint8))
        options = ["--mask", str(mask)]
    elif kind == "mask count":
        (folder / "masks").mkdir()
        for t in range(3):
            cv2.imwrite(str(folder / "masks" / f"{t}.png"), np.full((48, 64), 255, np.uint8))
        options = ["--mask", str(folder / "masks")]
    elif kind == "all masked":
        options = ["--mask", "0,0,64,48"]
    elif kind == "bad time":
        options = ["--mask", MASK, "--start", "soon"]
    elif kind == "seconds over 60":
        options = ["--mask", MASK, "--start", "1:75"]
    elif kind == "mask seconds over 60":
        options = ["--mask", f"{MASK}@1:75-"]
    elif kind == "end before start":
        options = ["--mask", MASK, "--start", "0.9", "--end", "0.5"]
    elif kind == "unknown codec":
        options = ["--mask", MASK, "--codec", "prores_ks"]
    elif kind == "unknown key":
        options = ["--mask", MASK, "--set", "flow.iterations=20"]
    elif kind == "old key":
        options = ["--mask", MASK, "--set", "filled.filler=telea"]
    elif kind == "old table in a file":
        (folder / "old.toml").write_text("[segment]\ncrf = 20\n")
        options = ["--mask", MASK, "--config", str(folder / "old.toml")]
    elif kind == "old pipeline":
        options = ["--mask", MASK, "--pipeline", "fill_each_frame"]
    elif kind == "unknown method":
        options = ["--mask", MASK, "--method", "magic"]
    elif kind == "unknown config":
        options = ["--mask", MASK, "--config", "quick"]
    return clip, options


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("missing", "nowhere.mp4"),
        ("empty", "empty"),
        ("truncated", "'"),
        ("not a video", "video"),
        ("mask missing", "does not exist"),
        ("mask not an image", "mask"),
        ("mask size", "--resize-mask"),
        ("mask count", "3 images"),
        ("all masked", "mask"),
        ("bad time", "12.5"),
        ("seconds over 60", "--start as a time in seconds or as [hh:]mm:ss, with each part after a colon below 60"),
        ("mask seconds over 60", "a time in seconds or as [hh:]mm:ss, with each part after a colon below 60"),
        ("end before start", "found 0.90 to 0.50 s"),
        ("unknown codec", "libx264"),
        ("unknown key", "iterations"),
        ("old key", "expected the setting inpaint.method, found its old name filled.filler. Write inpaint.method"),
        ("old table in a file", "expected the setting encode.crf, found its old name segment.crf. Write encode.crf"),
        ("old pipeline", "expected the pipeline 'inpaint_each_frame', found its old name 'fill_each_frame'. Write"),
        ("unknown method", "telea"),
        ("unknown config", "preview"),
    ],
)
def test_a_mistake_is_one_line_with_exit_code_2(
    clip: Path, capsys: pytest.CaptureFixture[str], kind: str, expected: str
) -> None:
    source, options = broken(clip.parent, kind)
    before = files(clip.parent)
    assert run("inpaint", source, *options, "-o", clip.parent / "out.mp4", "--quiet") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.strip().splitlines()
    assert len(lines) == 1, shown.err
    assert lines[0].startswith("vidinpaint: expected ")
    assert expected in lines[0]
    assert "Traceback" not in shown.err
    assert files(clip.parent) == before


def test_verbose_shows_the_traceback(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("inpaint", clip.parent / "no.mp4", "--mask", MASK, "-o", clip.parent / "out.mp4", "--verbose") == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_existing_output_is_kept_without_overwrite(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = clip.parent / "out.mp4"
    output.write_text("precious")
    assert run("inpaint", clip, "--mask", MASK, "-o", output, "--quiet") == 2
    assert "--overwrite" in capsys.readouterr().err
    assert output.read_text() == "precious"
    assert run("inpaint", clip, "--mask", "nowhere.png", "-o", output, "--quiet", "--overwrite") == 2
    assert output.read_text() == "precious"
    assert run("inpaint", clip, "--mask", MASK, "-o", output, "--quiet", "--overwrite") == 0
    assert output.stat().st_size > 100


def test_places_that_cannot_be_written(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for output in (clip.parent / "no" / "out.mp4", clip, clip.parent / "out.xyz"):
        assert run("inpaint", clip, "--mask", MASK, "-o", output, "--quiet") == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_an_interrupted_run_continues_where_it_stopped(tmp_path: Path, name: str) -> None:
    clip, output, work = tmp_path / "clip.mp4", tmp_path / "out.mp4", tmp_path / ".out.mp4.work"
    write(clip, Recipe(size=(120, 160), pts=tuple(range(0, 200 * 512, 512))))
    options = ["inpaint", str(clip), "--mask", "40,30,60,50", "-o", str(output), "--pipeline", "inpaint_each_frame",
               "--fill", "telea", "--set", "plan.length=10", "--set", "plan.context=1", "--report",
               str(tmp_path / "r.json")]  # fmt: skip
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "vidinpaint", *options]
    process = start(command, stderr=subprocess.PIPE, text=True, env=environment)
    deadline = time.monotonic() + 120
    while not (work / "000001.json").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(getattr(signal, name))
    _, shown = process.communicate(timeout=120)
    if name != "SIGKILL":
        assert process.returncode == 130
        assert "interrupted; the same command continues" in shown
        assert "Traceback" not in shown
    assert not output.exists()
    stored = len(list(work.glob("??????.json")))
    assert 2 <= stored < 20
    assert run(*options, "--quiet") == 0
    notes = json.loads((tmp_path / "r.json").read_text())["notes"]
    assert f"{stored} of 20 windows were done already, by an earlier run" in notes
    assert files(tmp_path) == {"clip.mp4", "out.mp4", "r.json"}
