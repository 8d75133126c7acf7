"""The bundled weights load, are small, have a card, and do what it says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from vidinpaint.flow.raft import Raft
from vidinpaint.inpainters.interface import inpaint_array, inpaint_frames
from vidinpaint.inpainters.learned.gated_conv import GatedConv
from vidinpaint.inpainters.learned.partial_conv import PartialConv
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.video.conv3d import Conv3d
from vidinpaint.training.data.masks import irregular
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import open_reader
from vidinpaint.weights.catalogue import BUNDLED_FOLDER, known_weights
from vidinpaint.weights.loading import load_network

NETWORKS = (
    "gated_generator",
    "partial_unet",
    "diffusion_unet",
    "gated_generator3d",
    "raft",
    "flow_completion",
    "structure",
    "synthesis_detector",
)
SAMPLES = Path(__file__).parent.parent.parent / "sample_videos"


@pytest.fixture(autouse=True)
def only_bundled_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))


def sample(name: str, frames: int) -> np.ndarray:
    """float32 (T, 128, 192, 3): a part of a sample clip."""
    from vidinpaint.core.window import Box

    with open_reader(SAMPLES / f"{name}_truth.mp4") as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        clip = reader.read(pts, 0, frames)
        return np.clip(rgb_from_planes(clip, Box(100, 90, 192, 128)), 0, 1)


@pytest.mark.parametrize("name", [entry.name for entry in known_weights() if entry.bundled and not entry.page])
def test_every_bundled_file_has_a_card_and_loads(name: str) -> None:
    file = BUNDLED_FOLDER / f"{name}.safetensors"
    assert file.stat().st_size <= 12_000_000
    assert "## Curve" in file.with_suffix(".md").read_text(encoding="utf-8")
    load_network(file, *NETWORKS)


@pytest.mark.parametrize("inpainter", [GatedConv(), PartialConv()])
def test_inpainters_are_closer_to_the_truth_than_smooth_interpolation(inpainter: GatedConv | PartialConv) -> None:
    errors = []
    for name in ("flight", "garden", "lake"):
        (truth,) = sample(name, 1)
        mask = irregular(np.random.default_rng(1), 128, 192, (0.1, 0.3))
        errors.append([np.abs(inpaint_array(one, truth, mask) - truth)[mask].mean() for one in (inpainter, Harmonic())])
    ours, smooth = np.mean(errors, 0)
    assert ours < smooth


def test_conv3d_flickers_less_on_windows_than_on_single_frames() -> None:
    truth = np.ascontiguousarray(sample("flight", 5)[:, 20:108, 40:152])
    masks = np.zeros(truth.shape[:3], bool)
    masks[:, 20:70, 20:90] = True
    whole_window, single_frames = (inpaint_frames(Conv3d(window=window, overlap=0), truth, masks) for window in (5, 1))
    steps = [np.abs(np.diff(inpainted, axis=0))[masks[1:]].mean() for inpainted in (whole_window, single_frames)]
    assert steps[0] < steps[1]


def test_raft_estimates_a_known_translation() -> None:
    (frame,) = sample("garden", 1)
    frame = cv2.GaussianBlur(frame, (0, 0), 0.7)
    shown = np.stack([frame[8:-8, 8:-8], frame[5:-11, 13:-3]])  # a pixel at p is at p + (-5, 3) in the second frame
    flow, back = Raft("raft").estimate(shown, np.ones(1, bool))
    middle = np.s_[0, 12:-12, 12:-12]
    assert np.median(np.abs(flow[middle] - (-5, 3))) < 0.25
    assert np.median(np.abs(back[middle] - (5, -3))) < 0.25
