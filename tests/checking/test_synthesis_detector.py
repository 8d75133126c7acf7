"""The synthesis detector with its bundled weights: a smooth region in a texture is seen, untouched pixels are not."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from vidinpaint.checking.synthesis_detector import SynthesisDetector, rank, synthesis_score
from vidinpaint.core.errors import WeightsError
from vidinpaint.core.window import Box
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.networks.synthesis_detector import SynthesisDetector as DetectorNetwork
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import open_reader
from vidinpaint.weights.loading import save_weights

SAMPLES = Path(__file__).parent.parent.parent / "sample_videos"


@pytest.fixture(autouse=True)
def only_bundled_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    """uint8 (160, 224, 3): a part of a sample clip."""
    with open_reader(SAMPLES / "garden_truth.mp4") as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        (frame,) = rgb_from_planes(reader.read(pts, 0, 1), Box(60, 60, 224, 160))
        return np.rint(np.clip(frame, 0, 1) * 255).astype(np.uint8)


def disc(height: int, width: int, radius: int = 30) -> np.ndarray:
    drawn = np.zeros((height, width), np.uint8)
    return cv2.circle(drawn, (width // 2, height // 2), radius, 1, -1) > 0


def texture() -> np.ndarray:
    grains = np.random.default_rng(0).normal(size=(160, 160, 3)).astype(np.float32)
    return np.clip(0.5 + 0.5 * cv2.GaussianBlur(grains, (0, 0), 1), 0, 1)


def test_a_smooth_region_is_more_visible_than_none(photo: np.ndarray) -> None:
    for image in (photo, texture()):
        mask = disc(*image.shape[:2])
        smooth = inpaint_array(Harmonic(), image, mask)
        assert synthesis_score(smooth, mask) > synthesis_score(image, mask) + 0.2


def test_the_probability_is_greater_where_the_image_was_inpainted(photo: np.ndarray) -> None:
    mask = disc(*photo.shape[:2])
    probability = SynthesisDetector().probability(inpaint_array(Harmonic(), photo, mask))
    assert probability.dtype == np.float32
    assert probability.shape == mask.shape
    assert 0 <= probability.min() <= probability.max() <= 1
    assert probability[mask].mean() > 0.6
    assert SynthesisDetector().probability(photo).mean() < 0.4


def test_the_truth_ranks_first_and_equal_results_stay_in_order(photo: np.ndarray) -> None:
    mask = disc(*photo.shape[:2])
    smooth = inpaint_array(Harmonic(), photo, mask)
    assert rank([smooth, photo, smooth, photo], mask) == [1, 3, 0, 2]
    assert rank([], mask) == []


def test_types_of_pixels_and_positions_hardly_matter(photo: np.ndarray) -> None:
    mask = disc(*photo.shape[:2])
    smooth = inpaint_array(Harmonic(), photo, mask)
    score = synthesis_score(smooth, mask)
    assert synthesis_score(smooth.astype(np.float32) / 255, mask) == pytest.approx(score, abs=1e-4)
    assert synthesis_score(smooth.astype(np.uint16) * 257, mask) == pytest.approx(score, abs=1e-4)
    mirrored = np.ascontiguousarray(smooth[:, ::-1]), np.ascontiguousarray(mask[:, ::-1])
    assert synthesis_score(*mirrored) == pytest.approx(score, abs=0.1)
    surrounded = np.pad(smooth, ((150, 90), (70, 110), (0, 0)), mode="reflect"), np.pad(mask, ((150, 90), (70, 110)))
    assert synthesis_score(*surrounded) == pytest.approx(score, abs=0.1)


def test_a_mask_without_surroundings_has_a_score() -> None:
    mask = np.ones((20, 20), bool)
    assert 0.5 <= synthesis_score(texture()[:20, :20], mask) <= 1


@pytest.mark.parametrize("mask", [np.zeros((40, 40), bool), np.ones((40, 39), bool), np.ones((40, 40), np.uint8)])
def test_other_masks_are_refused(mask: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"a bool mask \(40, 40\) with some pixels"):
        synthesis_score(np.zeros((40, 40, 3), np.float32), mask)


def test_grey_images_are_refused() -> None:
    with pytest.raises(ValueError, match=r"an image \(H, W, 3\)"):
        SynthesisDetector().probability(np.zeros((40, 40), np.float32))


def test_damaged_and_other_weights_are_refused(tmp_path: Path) -> None:
    image, mask = texture()[:40, :40], disc(40, 40, 10)
    network = DetectorNetwork(4)
    state = network.state_dict()
    files = {name: tmp_path / f"{name}.safetensors" for name in ("damaged", "nan", "huge", "other")}
    files["damaged"].write_bytes(b"\xff" * 64)
    save_weights(files["nan"], "synthesis_detector", {"width": 4}, {**state, "last.bias": state["last.bias"] * np.nan})
    save_weights(files["huge"], "synthesis_detector", {"width": 10**9}, state)
    save_weights(files["other"], "raft", {"size": "small"}, state)
    faults = {
        "damaged": "a safetensors file",
        "nan": "finite weights",
        "huge": "can be built",
        "other": "weights of raft",
    }
    for name, fault in faults.items():
        with pytest.raises(WeightsError, match=fault):
            synthesis_score(image, mask, SynthesisDetector(str(files[name])))
    with pytest.raises(WeightsError, match="which does not exist"):
        synthesis_score(image, mask, SynthesisDetector("nowhere"))
