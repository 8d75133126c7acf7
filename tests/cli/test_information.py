"""The commands that print information: list, settings, models, evaluate."""

import json
from pathlib import Path

import pytest

from tests.video.clips import Recipe, write
from vidinpaint.cli import main

MASK = "10,8,14,12"


def test_list_describes_every_name_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in ("object_removal", "balanced", "telea", "harmonic", "patchmatch", "temporal_median", "dis", "raft"):
        assert any(line.split()[:1] == [name] and len(line.split()) > 3 for line in lines), name


def test_models_lists_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    assert "gated_conv" in capsys.readouterr().out


def test_settings_lists_stages_and_the_chosen_methods(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["setting", "type", "range", "default", "meaning"]
    keys = [line.split()[0] for line in lines[1:]]
    assert {"flow.method", "flow.passes", "flow.dis.preset", "encode.crf", "plan.length"} <= set(keys)
    assert "flow.raft.iterations" not in keys
    assert main(["settings", "--all"]) == 0
    assert "\nflow.raft.iterations " in capsys.readouterr().out
    assert main(["settings", "inpaint_each_frame", "--json"]) == 0
    found = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert found["encode.crf"]["default"] == "16"
    assert "flow.method" not in found
    assert main(["settings", "nothing"]) == 2
    assert "object_removal" in capsys.readouterr().err


def test_evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = tmp_path / "clip.mp4"
    write(clip, Recipe(size=(48, 64)))
    command = ["evaluate", str(clip), "--truth", str(clip), "--mask", MASK]
    assert main([*command, "--json", str(tmp_path / "e.json"), "--grow", "1", "--resize-mask"]) == 0
    assert "PSNR" in capsys.readouterr().out
    assert json.loads((tmp_path / "e.json").read_text())["psnr"] == "inf"
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ssim"] == 1.0
    assert main(["evaluate", str(clip), "--json", "--truth", str(clip), "--mask", MASK]) == 0
    assert json.loads(capsys.readouterr().out)["ssim"] == 1.0


def test_evaluate_with_networks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    clip = tmp_path / "clips" / "clip.mp4"
    clip.parent.mkdir()
    write(clip, Recipe(size=(48, 64)))
    assert main(["evaluate", str(clip), "--truth", str(clip), "--mask", MASK, "--perceptual"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "deep feature distance (EfficientNet-Lite0)     0.0000" in lines
    assert [line for line in lines if line.startswith("Note: LPIPS: ") and "put it into" in line]
    assert [line for line in lines if line.startswith("Note: MS-SSIM needs frames of at least 161 x 161")]
    folder = str(clip.parent)
    assert main(["evaluate", folder, "--truth", folder, "--distribution", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["fid_lite0"] == pytest.approx(0, abs=1e-4)
    assert any("pt_inception" in note for note in figures["notes"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "expected --mask, what was inpainted, found none. Add it, or --distribution"),
        (["--distribution", "--mask", MASK], "found --mask. Leave it out"),
        (["--distribution", "--resize-mask"], "found --resize-mask. Leave it out"),
        (["--mask", MASK, "--weights", "a.pth"], "expected --perceptual with --weights"),
    ],
)
def test_evaluate_names_options_that_do_not_fit(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "out", "--truth", "truth", *options]) == 2
    assert message in capsys.readouterr().err
