"""A mark estimated from clips, written as an image, and un-blended with it; also in clips that players turn."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

import vidinpaint
from tests.marks.scene import H, W, blended, mark, moving, still
from tests.scenes import psnr
from vidinpaint.core.errors import MaskError, OutputError
from vidinpaint.marks.template_file import Place, read_template

BOX = "13,12,69,36"  # about the mark
TRUE = mark(0.5)


def _write(path: Path, frames: np.ndarray, rotation: int = 0) -> Path:
    """A lossless clip, float32 (T, H, W, 3); rotation: degrees counter-clockwise that players turn it by."""
    with av.open(str(path), "w") as container:
        options = {"qp": "0", "preset": "ultrafast"}
        stream = container.add_stream(
            "libx264rgb", rate=25, options=options, width=frames.shape[2], height=frames.shape[1]
        )
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = "rgb24"
        if rotation:
            stream.set_display_rotation(rotation)
        for frame in np.rint(frames * 255).astype(np.uint8):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode(None))
    return path


def _error(path: Path, where: np.ndarray) -> float:
    template = read_template(path).template
    whole = np.zeros((H, W), np.float32)
    place = read_template(path).place
    assert place is not None
    whole[place.y : place.y + template.alpha.shape[0], place.x : place.x + template.alpha.shape[1]] = template.alpha
    return float(np.abs(whole - TRUE.alpha)[where].mean())


def test_a_mark_of_two_clips_is_found_at_its_place(tmp_path: Path) -> None:
    clips = [_write(tmp_path / f"{seed}.mp4", blended(moving(16, seed), TRUE)) for seed in (1, 2)]
    found = vidinpaint.estimate_mark(clips, tmp_path / "mark.png", mask=BOX)
    assert found.clips == 2
    assert found.opacity == pytest.approx(0.5, abs=0.05)
    assert min(found.colour) > 235
    assert found.summary().endswith("2 clips")
    assert _error(tmp_path / "mark.png", TRUE.alpha > 0.2) < 0.04


def test_a_clip_that_players_turn_has_an_upright_template(tmp_path: Path) -> None:
    frames = np.ascontiguousarray(np.rot90(blended(moving(16, 1), TRUE), -1, (1, 2)))  # players turn it back
    clip = _write(tmp_path / "turned.mp4", frames, 90)
    found = vidinpaint.estimate_mark(clip, tmp_path / "mark.png", mask=BOX)
    assert found.box.width > found.box.height
    assert _error(tmp_path / "mark.png", TRUE.alpha > 0.2) < 0.04
    assert read_template(tmp_path / "mark.png").place == Place(found.box.x, found.box.y, W, H)
    report = vidinpaint.inpaint(
        clip, output=tmp_path / "clean.mkv", mark=tmp_path / "mark.png", pipeline="watermark_removal", codec="ffv1"
    )
    assert report.inpainted_pixels > 0
    with av.open(str(tmp_path / "clean.mkv")) as container:
        clean = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    upright = np.rot90(clean, 1, (1, 2)) / 255
    assert psnr(upright, moving(16, 1), np.broadcast_to(TRUE.alpha > 0.02, upright.shape[:3])) > 30


def test_a_still_clip_tells_no_opacity(tmp_path: Path) -> None:
    clip = _write(tmp_path / "still.mp4", blended(still(16, 1), TRUE))
    with pytest.raises(MaskError, match="background moves"):
        vidinpaint.estimate_mark(clip, tmp_path / "mark.png", mask=BOX)
    assert not (tmp_path / "mark.png").exists()


def test_without_a_mark_and_with_an_output_that_exists_it_is_refused(tmp_path: Path) -> None:
    clip = _write(tmp_path / "clip.mp4", moving(16, 1))
    with pytest.raises(MaskError, match="none in these clips"):
        vidinpaint.estimate_mark(clip, tmp_path / "mark.png")
    cv2.imwrite(str(tmp_path / "mark.png"), np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(OutputError, match="exists"):
        vidinpaint.estimate_mark(clip, tmp_path / "mark.png", mask=BOX)


def test_a_known_mark_is_un_blended_on_a_still_clip(tmp_path: Path) -> None:
    background = still(16, 1)
    moved = [_write(tmp_path / f"{seed}.mp4", blended(moving(16, seed), TRUE)) for seed in (2, 3)]
    vidinpaint.estimate_mark(moved, tmp_path / "mark.png", mask=BOX)
    clip = _write(tmp_path / "still.mp4", blended(background, TRUE))
    vidinpaint.inpaint(
        clip, output=tmp_path / "clean.mkv", mark=tmp_path / "mark.png", pipeline="watermark_removal", codec="ffv1"
    )
    with av.open(str(tmp_path / "clean.mkv")) as container:
        clean = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]) / 255
    where = np.broadcast_to(TRUE.alpha > 0.02, clean.shape[:3])
    assert psnr(clean, background, where) > psnr(blended(background, TRUE), background, where) + 10
