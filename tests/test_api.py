"""`inpaint` from end to end, on files and on arrays."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import box_masks, pan, psnr
from tests.video.clips import Recipe, packets_of, times_of, write
from vidinpaint.core.errors import (
    ClipError,
    MaskCoverageError,
    MaskError,
    OutputError,
    SettingError,
    VidinpaintError,
)
from vidinpaint.video.readers import open_reader

MASK = "10,8,14,12"
FAST = {"preset": "ultrafast"}


@pytest.fixture(scope="module")
def moving() -> tuple[np.ndarray, np.ndarray]:
    """A pan as uint8 (T, H, W, 3), and a mask in its middle."""
    frames = (pan(24, 96, 160, 3.0, 0.7) * 255 + 0.5).astype(np.uint8)
    return frames, box_masks(24, 96, 160, (64, 32, 28, 30))


def planes_of(path: Path) -> list[np.ndarray]:
    with open_reader(path) as reader:
        pts = np.array([frame.pts for frame in reader.scan()], np.int64)
        return list(reader.read(pts, 0, len(pts)).planes)


def test_arrays(moving: tuple[np.ndarray, np.ndarray]) -> None:
    truth, masks = moving
    frames = truth.copy()
    frames[masks] = 255
    before = frames.copy()
    result = vidinpaint.inpaint(frames, masks)
    assert result.dtype == np.uint8
    assert np.array_equal(frames, before)
    assert np.array_equal(result[~masks], truth[~masks])
    assert psnr(result / 255, truth / 255, masks) > 30
    assert np.array_equal(vidinpaint.inpaint(frames, masks), result)


def test_one_mask_serves_all_frames_and_masks_add_up(moving: tuple[np.ndarray, np.ndarray]) -> None:
    truth, masks = moving
    together = vidinpaint.inpaint(truth, masks, config="preview")
    split = [masks[0].copy(), masks[0].copy()]
    split[0][:, 80:] = False
    split[1][:, :80] = False
    assert np.array_equal(vidinpaint.inpaint(truth, split, config="preview"), together)


@pytest.mark.parametrize("length", [6, 10])
def test_runners_agree_for_any_window_length(moving: tuple[np.ndarray, np.ndarray], length: int) -> None:
    truth, masks = moving
    settings = {"plan": {"length": length, "context": 3}}
    serial = vidinpaint.inpaint(truth, masks, runner="serial", settings=settings)
    for _ in range(2):
        assert np.array_equal(vidinpaint.inpaint(truth, masks, runner="threads", settings=settings), serial)
    assert psnr(serial / 255, truth / 255, masks) > 26


def test_all_windows_show_the_same_synthesis() -> None:
    """A still camera and a mask that never opens: one synthesis for the shot, no jump between windows."""
    frames = np.repeat((pan(1, 80, 120, 0.0) * 255).astype(np.uint8), 20, 0)
    masks = box_masks(20, 80, 120, (40, 30, 24, 20))
    result = vidinpaint.inpaint(frames, masks, settings={"plan": {"length": 5, "context": 2}})
    assert np.abs(result.astype(int) - result[0]).max() <= 1  # solved frame by frame: rounding may differ


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv420p10le", "yuv422p", "yuv444p10le", "gray"])
def test_lossless_output_keeps_every_sample_outside_the_masks(tmp_path: Path, pixels: str) -> None:
    source = tmp_path / "in.mkv"
    write(source, Recipe(codec="ffv1", format=pixels, size=(45, 63)))
    report = vidinpaint.inpaint(source, MASK, tmp_path / "out.mkv", codec="ffv1")
    assert report.inpainted_pixels > 0
    before, after = planes_of(source), planes_of(tmp_path / "out.mkv")
    for plane, (old, new) in enumerate(zip(before, after, strict=True)):
        columns = -(-63 // old.shape[2]) if plane else 1
        rows = -(-45 // old.shape[1]) if plane else 1
        touched = np.zeros(old.shape[1:], bool)  # samples that hold colour from under the mask
        top, left = (8 - rows + 1) // rows, (10 - columns + 1) // columns
        touched[top : -(-(20 + rows - 1) // rows), left : -(-(24 + columns - 1) // columns)] = True
        assert np.array_equal(old[:, ~touched], new[:, ~touched])
        assert not np.array_equal(old[:, touched], new[:, touched]) or plane


def test_sound_times_and_report(tmp_path: Path) -> None:
    uneven = tuple(np.cumsum([0, *np.random.default_rng(1).integers(100, 1500, 39)]).tolist())
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source, Recipe(size=(48, 64), pts=uneven, audio=("eng",)))
    report = vidinpaint.inpaint(source, MASK, output, report=tmp_path / "report.json", settings={"encode": FAST})
    assert times_of(output) == times_of(source)
    assert packets_of(output, "audio") == packets_of(source, "audio")
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["frames"] == report.frames == 40
    assert written["share"]["unfilled"] == 0
    assert written["settings"]["encode"]["preset"] == "ultrafast"
    assert len(written["source_sha256"]) == 64
    assert {"flow", "propagate", "inpaint"} <= written["seconds"].keys()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4", "report.json"]


def test_a_range_is_cut_out(tmp_path: Path) -> None:
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source, Recipe(size=(48, 64)))
    times = times_of(source)
    vidinpaint.inpaint(source, MASK, output, start=times[5], end=times[18], settings={"encode": FAST})
    assert times_of(output) == [time - times[5] for time in times[5:18]]


def test_times_and_rates_are_exact_also_as_floats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.4 as a float is a little more than two fifths, at which a frame would be missed."""
    jobs: list[Any] = []
    monkeypatch.setattr("vidinpaint.execution.run_job.run_job", lambda job, *_: jobs.append(job))
    vidinpaint.inpaint(tmp_path / "in.mp4", MASK, tmp_path / "out.mp4", start=0.4, end=1.1, rate=29.97)
    assert (jobs[0].start, jobs[0].end, jobs[0].rate) == (Fraction(2, 5), Fraction(11, 10), Fraction(2997, 100))


def test_a_mask_folder_counts_the_whole_clip_also_for_a_range(tmp_path: Path) -> None:
    source = tmp_path / "in.mkv"
    write(source, Recipe(codec="ffv1", size=(45, 64)))
    times = times_of(source)
    (tmp_path / "masks").mkdir()
    for t in range(len(times)):
        mask = np.zeros((45, 64), np.uint8)
        if t == 7:
            mask[10:20, 10:20] = 255
        cv2.imwrite(str(tmp_path / "masks" / f"{t}.png"), mask)
    report = vidinpaint.inpaint(
        source, tmp_path / "masks", tmp_path / "out.mkv", start=times[5], end=times[12], codec="ffv1"
    )
    before, after = planes_of(source)[0], planes_of(tmp_path / "out.mkv")[0]
    changed = [t for t in range(7) if not np.array_equal(before[5 + t], after[t])]
    assert changed == [2]
    assert report.frames == 7


def test_folders_of_frames(tmp_path: Path) -> None:
    truth = (pan(6, 40, 56, 2.0) * 255).astype(np.uint8)
    (tmp_path / "in").mkdir()
    for t, frame in enumerate(truth):
        cv2.imwrite(str(tmp_path / "in" / f"shot_{t}.png"), frame[..., ::-1])
    vidinpaint.inpaint(tmp_path / "in", MASK, tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"shot_{t}.png" for t in range(6)]
    outside = ~box_masks(1, 40, 56, (10, 8, 14, 12))[0]
    for t, name in enumerate(names):
        result = cv2.imread(str(tmp_path / "out" / name))[..., ::-1]
        assert np.array_equal(result[outside], truth[t][outside])


def test_an_empty_mask_copies_the_file_and_says_so(tmp_path: Path) -> None:
    source, output = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write(source, Recipe(size=(48, 64)))
    nothing = np.zeros((48, 64), np.uint8)
    report = vidinpaint.inpaint(source, nothing, output)
    assert packets_of(output, "video") == packets_of(source, "video")
    assert any("nothing to inpaint" in note for note in report.notes)
    cv2.imwrite(str(tmp_path / "mask.png"), nothing)
    with pytest.raises(MaskError, match="which marks nothing"):
        vidinpaint.inpaint(source, tmp_path / "mask.png", tmp_path / "new.mp4")
    assert not (tmp_path / "new.mp4").exists()


def test_feather_and_grow(moving: tuple[np.ndarray, np.ndarray]) -> None:
    truth, masks = moving
    marked = truth.copy()
    marked[masks] = 255
    dilated = vidinpaint.inpaint(marked, masks, grow=4, feather=3, config="preview")
    changed = (dilated != marked).any(-1)
    wide = cv2.dilate(masks[0].astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert not changed[:, ~wide].any()
    inside = psnr(dilated / 255, truth / 255, masks)
    assert inside > 26


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"method": "magic"}, SettingError, "magic.*telea"),
        ({"flow": "magic"}, SettingError, "magic.*dis"),
        ({"pipeline": "object_remval"}, SettingError, "Did you mean 'object_removal'"),
        ({"config": "fastest"}, SettingError, "balanced, best, cluster, preview"),
        ({"config": "no.toml"}, SettingError, "does not exist"),
        ({"runner": "spark"}, SettingError, "processes, ray, serial, threads"),
        ({"settings": ["flow.presett=1"]}, SettingError, "presett.*method"),
        ({"settings": ["flo.passes=1"]}, SettingError, "Did you mean 'flow'"),
        ({"settings": ["flow.passes=99"]}, SettingError, "1 to 4"),
        ({"settings": ["plan.length=0"]}, SettingError, "length"),
        ({"codec": "mpeg9"}, SettingError, "h264"),
        ({"crf": 99}, SettingError, "crf"),
        ({"feather": -1}, SettingError, "feather"),
        ({"grow": -1}, SettingError, "grow"),
        ({"rate": 0}, SettingError, "0.001 to 1000"),
        ({"start": 100.0}, ClipError, "frame"),
        ({"start": 2.0, "end": 1.0}, ClipError, "start"),
        ({"report": "/nowhere/r.json"}, OutputError, "folder"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(
    tmp_path: Path, options: dict, kind: type[VidinpaintError], message: str
) -> None:
    source = tmp_path / "in.mp4"
    write(source, Recipe(size=(48, 64)))
    with pytest.raises(kind, match=message):
        vidinpaint.inpaint(source, MASK, tmp_path / "out.mp4", **options)
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


@pytest.mark.parametrize(
    ("mask", "kind"),
    [("0,0,64,48", MaskCoverageError), ("nowhere.png", MaskError), ("900,900,5,5", MaskError), ("1,2,3", MaskError)],
)
def test_wrong_masks_are_refused(tmp_path: Path, mask: str, kind: type[VidinpaintError]) -> None:
    source = tmp_path / "in.mp4"
    write(source, Recipe(size=(48, 64)))
    with pytest.raises(kind):
        vidinpaint.inpaint(source, mask, tmp_path / "out.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


def test_pipelines_and_configs_by_path(tmp_path: Path, moving: tuple[np.ndarray, np.ndarray]) -> None:
    truth, masks = moving
    preset = Path(__file__).parent.parent / "pipelines" / "inpaint_each_frame.py"
    (tmp_path / "mine.py").write_text(preset.read_text())
    (tmp_path / "mine.toml").write_text('[inpaint]\nmethod = "telea"\n[inpaint.telea]\nradius = 2.0\n')
    result = vidinpaint.inpaint(
        truth[:3], masks[:3], pipeline=str(tmp_path / "mine.py"), config=str(tmp_path / "mine.toml")
    )
    expected = cv2.inpaint(
        np.where(masks[0][..., None], 0, truth[0]).astype(np.uint8), masks[0].astype(np.uint8), 2, cv2.INPAINT_TELEA
    )
    assert np.abs(result[0].astype(int) - expected).mean() < 0.5


@pytest.mark.parametrize("pipeline", ["object_removal", "static_camera", "inpaint_each_frame"])
@pytest.mark.parametrize("config", ["preview", "balanced", "best"])
def test_every_preset_pipeline_runs_with_every_config(
    moving: tuple[np.ndarray, np.ndarray], pipeline: str, config: str
) -> None:
    truth, masks = moving
    result = vidinpaint.inpaint(truth[:4], masks[:4], pipeline=pipeline, config=config)
    assert np.array_equal(result[~masks[:4]], truth[:4][~masks[:4]])
    assert Fraction(int((result != truth[:4]).any()), 1) == 1
