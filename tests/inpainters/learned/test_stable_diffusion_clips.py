"""Stable Diffusion in clips: synthesised once per shot, then propagated along the flow, so that nothing flickers."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from tests.scenes import pan
from tests.small_pipelines import write_small_pipeline
from vidinpaint.cli import main
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.stable_diffusion import StableDiffusion

FRAMES, HEIGHT, WIDTH, SIDE = 12, 72, 112, 24
PAN = 2  # pixels a frame; even, so that the half resolution of colours in the file makes no difference
SMALL = {"size": 64, "steps": 2}


def masks() -> np.ndarray:
    """bool (T, H, W): a region that moves with the background, so that no frame shows what is there."""
    marked = np.zeros((FRAMES, HEIGHT, WIDTH), bool)
    for t in range(FRAMES):
        marked[t, 24 : 24 + SIDE, 60 - PAN * t : 60 - PAN * t + SIDE] = True
    return marked


def write_clip(path: Path, frames: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "8"}, width=WIDTH, height=HEIGHT)
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, 25)
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def read_clip(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def flicker(frames: np.ndarray) -> float:
    """Mean difference of 0 to 255 between the masked pixels of consecutive frames, each followed along the pan."""
    marked, values = masks(), frames.astype(float)
    followed = [values[t][marked[t]] for t in range(FRAMES)]
    return float(np.abs(np.diff(followed, axis=0)).mean())


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The prompt of each run of a pipeline."""
    prompts: list[str] = []
    real = StableDiffusion._run

    def run(self: StableDiffusion, *arguments: Any) -> np.ndarray:
        prompts.append(self.prompt)
        return real(self, *arguments)

    monkeypatch.setattr(StableDiffusion, "_run", run)
    return prompts


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    write_clip(tmp_path / "clip.mp4", (pan(FRAMES, HEIGHT, WIDTH, PAN) * 255 + 0.5).astype(np.uint8))
    (tmp_path / "masks").mkdir()
    for number, mask in enumerate(masks()):
        cv2.imwrite(str(tmp_path / "masks" / f"{number}.png"), mask.astype(np.uint8) * 255)
    write_small_pipeline(tmp_path / "model")
    return tmp_path / "clip.mp4"


def run_on(clip: Path, output: str, **settings: Any) -> int:
    words = ["inpaint", clip, "--mask", clip.parent / "masks", "-o", clip.parent / output, "--codec", "ffv1", "--quiet"]
    words += ["--method", "stable_diffusion", "--runner", "serial"]
    for stage in ("inpaint", "reference_frames"):
        words += ["--set", f"{stage}.detail=1"]
        for key, value in {**SMALL, **settings}.items():
            words += ["--set", f"{stage}.stable_diffusion.{key}={value}"]
    return main([str(word) for word in words])


def test_what_is_synthesised_once_is_propagated_to_all_frames(clip: Path, runs: list[str]) -> None:
    assert run_on(clip, "out.mkv", weights=clip.parent / "model", prompt="grass") in (0, 3)
    result, frames, marked = read_clip(clip.parent / "out.mkv"), read_clip(clip), masks()
    assert {*runs} == {"grass"}
    assert len(runs) <= FRAMES / 4
    inpainter = StableDiffusion(weights=str(clip.parent / "model"), **SMALL)
    separate = np.stack([inpaint_array(replace(inpainter, seed=t), frames[t], marked[t]) for t in range(FRAMES)])
    assert flicker(result) < 0.05 * flicker(separate)
    inside = result[FRAMES // 2][marked[FRAMES // 2]].reshape(SIDE, SIDE, 3).astype(float)
    assert np.abs(np.diff(inside, axis=1)).mean() > 5  # and it is not simply smooth


def test_a_folder_that_is_missing_is_named_in_one_line(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_on(clip, "out.mkv") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "stable-diffusion-inpainting/ from https://" in line
    assert not (clip.parent / "out.mkv").exists()
