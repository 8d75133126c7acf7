"""`vidinpaint image` from the command line: one clear line, the right exit code, no incomplete output."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.images.files import picture, scene, write
from tests.interruptible import posix_only, start
from vidinpaint.cli import main
from vidinpaint.images.reading import read_image_file

MASK = "10,8,9,6"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write(tmp_path / "photo.png", scene(48, 64))


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_image_prints_a_summary(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = photo.with_name("out.jpg")
    assert run("image", photo, "--mask", MASK, "--method", "harmonic", "-o", output) == 0
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0].startswith("harmonic: 54 pixels (1.76% of 64 x 48) in ")
    assert lines[1].startswith("note: JPEG")
    assert lines[2] == f"result: {output}"
    assert "image: 100%" in shown.err
    assert read_image_file(output).pixels.shape == (48, 64, 3)
    assert cv2.PSNR(read_image_file(output).pixels, scene(48, 64)) > 45


def test_quiet_prints_nothing(photo: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("image", photo, "--mask", MASK, "-o", photo.with_name("out.png"), "--quiet") == 0
    shown = capfd.readouterr()
    assert shown.out == shown.err == ""


def test_several_masks_grow_and_settings(photo: Path) -> None:
    output, noise = photo.with_name("out.png"), picture(48, 64)
    write(photo, noise)
    arguments = ("image", photo, "--mask", "10,8,4,4", "--mask", "30,20,4,4", "-o", output, "--quiet", "--overwrite")
    changed = []
    for more in ((), ("--grow", 1), ("--set", "thin=0"), ("--set", "auto.thin=0")):
        assert run(*arguments, *more) == 0
        changed.append((read_image_file(output).pixels != noise).any(-1))
    boxes = np.zeros((48, 64), bool)
    boxes[8:12, 10:14] = boxes[20:24, 30:34] = True
    assert boxes[changed[0]].all()
    assert changed[0].sum() > 24
    assert (changed[1] & ~boxes).sum() > 20
    assert run(*arguments, "--method", "harmonic", "--set", "thin=0") == 2


def test_compare_writes_one_sheet(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = photo.with_name("sheet.png")
    assert run("image", photo, "--mask", MASK, "--compare", "harmonic, telea,auto", "-o", sheet,
               "--set", "auto.thin=2") == 0  # fmt: skip
    shown = capsys.readouterr()
    assert [line.split()[0] for line in shown.out.splitlines()] == ["harmonic", "telea", "auto", "sheet:"]
    assert "compare: 100%" in shown.err
    height, width = read_image_file(sheet).pixels.shape[:2]
    assert min(height, width) > 400
    assert {path.name for path in photo.parent.iterdir()} == {"photo.png", "sheet.png"}


def test_compare_all_takes_every_method_for_photos(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = photo.with_name("sheet.png")
    assert run("image", photo, "--mask", "10,8,3,3", "--compare", "all", "-o", sheet,
               "--set", "repaint.steps=2", "--set", "repaint.resamplings=1") == 0  # fmt: skip
    lines = capsys.readouterr().out.splitlines()
    methods = {line.split()[0] for line in lines}
    assert any(line.startswith("note: without torchscript: expected weights") for line in lines)
    assert {"auto", "harmonic", "patchmatch", "telea"} <= methods
    assert "temporal_median" not in methods


def wrong(folder: Path, kind: str) -> list[str]:
    """The arguments of a command with one mistake."""
    photo, mask, output, more = folder / "photo.png", folder / "mask.png", folder / "out.png", ["--mask", MASK]
    if kind == "missing":
        photo = folder / "nowhere.png"
    elif kind == "empty":
        photo.write_bytes(b"")
    elif kind == "truncated":
        photo.write_bytes(photo.read_bytes()[:500])
    elif kind == "not an image":
        photo.write_text("text\n" * 100)
    elif kind == "mask missing":
        more = ["--mask", str(mask)]
    elif kind == "mask not an image":
        mask.write_text("text")
        more = ["--mask", str(mask)]
    elif kind == "mask size":
        write(mask, np.pad(np.full((9, 9), 255, np.uint8), 5))
        more = ["--mask", str(mask)]
    elif kind == "mask of 0 and 1":
        write(mask, np.eye(48, 64, dtype=np.uint8))
        more = ["--mask", str(mask)]
    elif kind == "mask with a time":
        more = ["--mask", f"{MASK}@0-1"]
    elif kind == "all mask":
        more = ["--mask", "0,0,64,48"]
    elif kind == "box outside":
        more = ["--mask", "100,100,4,4"]
    elif kind == "unknown method":
        more += ["--method", "magic"]
    elif kind == "clip method":
        more += ["--method", "temporal_median"]
    elif kind == "unknown setting":
        more += ["--set", "size=1"]
    elif kind == "bad setting":
        more += ["--set", "thin"]
    elif kind == "absurd setting":
        more += ["--set", "thin=-1"]
    elif kind == "setting of another":
        more += ["--set", "patchmatch.seed=1"]
    elif kind == "compare and method":
        more += ["--compare", "harmonic,telea", "--method", "auto"]
    elif kind == "compare and samples":
        more += ["--compare", "harmonic,telea", "--samples", "2"]
    elif kind == "compare unknown":
        more += ["--compare", "harmonic,magic"]
    elif kind == "compare bare setting":
        more += ["--compare", "harmonic,auto", "--set", "thin=1"]
    elif kind == "compare setting of none":
        more += ["--compare", "harmonic,telea", "--set", "auto.thin=1"]
    elif kind == "compare nothing":
        write(mask, np.zeros((48, 64), np.uint8))
        more = ["--mask", str(mask), "--compare", "harmonic,telea"]
    elif kind == "output not an image":
        output = folder / "out.mp4"
    elif kind == "no folder":
        output = folder / "no" / "out.png"
    elif kind == "exists":
        output = photo
    elif kind == "alpha in jpeg":
        write(photo, picture(48, 64, 4))
        output = folder / "out.jpg"
    elif kind == "16 bit in webp":
        write(photo, picture(48, 64, 3, np.uint16))
        output = folder / "out.webp"
    return [str(photo), *more, "-o", str(output)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("missing", "no such file"),
        ("empty", "empty"),
        ("truncated", "truncated"),
        ("not an image", "photo.png"),
        ("mask missing", "does not exist"),
        ("mask not an image", "mask.png"),
        ("mask size", "--resize-mask"),
        ("mask of 0 and 1", "255"),
        ("mask with a time", "time"),
        ("all mask", "everything"),
        ("box outside", "100,100"),
        ("unknown method", "telea"),
        ("clip method", "telea"),
        ("unknown setting", "thin"),
        ("bad setting", "key=value"),
        ("absurd setting", "thin"),
        ("setting of another", "patchmatch"),
        ("compare and method", "either --compare or --method"),
        ("compare and samples", "either --compare or --samples"),
        ("compare unknown", "magic"),
        ("compare bare setting", "method.key=value"),
        ("compare setting of none", "auto"),
        ("compare nothing", "marks nothing"),
        ("output not an image", ".png"),
        ("no folder", "folder"),
        ("exists", "--overwrite"),
        ("alpha in jpeg", "alpha"),
        ("16 bit in webp", "16 bit"),
    ],
)
def test_a_mistake_is_one_line_with_exit_code_2(
    photo: Path, capfd: pytest.CaptureFixture[str], kind: str, expected: str
) -> None:
    arguments = wrong(photo.parent, kind)
    before = {path.name: path.read_bytes() for path in photo.parent.iterdir()}
    assert run("image", *arguments, "--quiet") == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    lines = shown.err.strip().splitlines()
    assert len(lines) == 1, shown.err
    assert lines[0].startswith("vidinpaint: expected ")
    assert expected in lines[0]
    assert {path.name: path.read_bytes() for path in photo.parent.iterdir()} == before


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1500, 1500, 3), np.uint8)
    photo = write(tmp_path / "photo.bmp", noise)
    command = [sys.executable, "-m", "vidinpaint", "image", str(photo), "--mask", "300,300,900,900",
               "--method", "patchmatch", "-o", str(tmp_path / "out.png")]  # fmt: skip
    process = start(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stderr is not None
    shown = b""
    while b"0/810000" not in shown:  # the progress bar has started, so the method is running
        shown += (byte := process.stderr.read(1))
        assert byte, shown
    time.sleep(0.2)
    process.send_signal(getattr(signal, name))
    _, rest = process.communicate(timeout=120)
    assert process.returncode == 130, rest
    assert b"interrupted; nothing was written" in rest
    assert b"Traceback" not in rest
    assert [path.name for path in tmp_path.iterdir()] == ["photo.bmp"]
