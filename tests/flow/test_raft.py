"""RAFT as a flow method: the network's own function, frames of any size, the same flow in every window."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.flow.raft import Raft
from vidinpaint.networks.raft import Raft as Net
from vidinpaint.weights.loading import save_weights


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Random weights of both sizes."""
    folder = tmp_path_factory.mktemp("raft")
    for size in ("small", "large"):
        torch.manual_seed(0)
        save_weights(folder / f"{size}.safetensors", "raft", {"size": size}, Net(size).state_dict())
    return {size: str(folder / f"{size}.safetensors") for size in ("small", "large")}


def frames(count: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).random((count, height, width, 3), np.float32)


def every(count: int) -> np.ndarray:
    return np.ones(count - 1, bool)


@pytest.mark.parametrize(("size", "count"), [("small", 3), ("large", 2)])
def test_it_computes_what_torchvisions_forward_pass_does(files: dict[str, str], size: str, count: int) -> None:
    shown = frames(count, 136, 144)
    ahead, behind = Raft(files[size], iterations=2, refinement=0, device="cpu").estimate(shown, every(count))
    torch.manual_seed(0)
    network = Net(size).eval()
    images = torch.from_numpy(shown).permute(0, 3, 1, 2) * 2 - 1
    with torch.inference_mode():
        there = network(images[:-1], images[1:], num_flow_updates=2)[-1].permute(0, 2, 3, 1).numpy()
        back = network(images[1:], images[:-1], num_flow_updates=2)[-1].permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(ahead, there, atol=1e-4)
    np.testing.assert_allclose(behind, back, atol=1e-4)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (17, 33), (131, 250)])
def test_frames_of_any_size(files: dict[str, str], height: int, width: int) -> None:
    ahead, behind = Raft(files["small"], iterations=2).estimate(frames(2, height, width), every(2))
    assert ahead.shape == behind.shape == (1, height, width, 2)
    assert np.isfinite(ahead).all()
    assert np.isfinite(behind).all()


def test_padding_is_removed_where_it_was_added(files: dict[str, str]) -> None:
    shown = frames(2, 136, 144)
    method = Raft(files["small"], iterations=2, refinement=0)
    whole, _ = method.estimate(np.pad(shown[:, :132, :140], ((0, 0), (2, 2), (2, 2), (0, 0)), mode="edge"), every(2))
    cut, _ = method.estimate(shown[:, :132, :140], every(2))
    np.testing.assert_allclose(cut, whole[:, 2:-2, 2:-2], atol=1e-5)


def test_large_frames_are_downscaled_and_their_flow_is_in_their_own_pixels(files: dict[str, str]) -> None:
    small = frames(2, 128, 160)
    large = small.repeat(2, 1).repeat(2, 2)
    flow, _ = Raft(files["small"], iterations=2, refinement=0).estimate(small, every(2))
    capped, _ = Raft(files["small"], iterations=2, refinement=0, largest=128 * 160).estimate(large, every(2))
    np.testing.assert_allclose(capped[:, 1:-1:2, 1:-1:2], 2 * flow[:, :-1, :-1], atol=0.2 * np.abs(flow).max())


def test_flow_of_a_pair_is_the_same_in_any_window_and_on_any_number_of_threads(files: dict[str, str]) -> None:
    shown = frames(4, 40, 50)
    method = Raft(files["small"], iterations=2)
    whole, _ = method.estimate(shown, every(4))
    part, _ = method.estimate(shown[1:3], every(2))
    np.testing.assert_array_equal(part[0], whole[1])
    before = torch.get_num_threads()
    torch.set_num_threads(1 if before > 1 else 2)
    again, _ = method.estimate(shown, every(4))
    torch.set_num_threads(before)
    np.testing.assert_array_equal(again, whole)


def test_pairs_that_are_not_wanted_stay_zero(files: dict[str, str]) -> None:
    ahead, behind = Raft(files["small"], iterations=2).estimate(frames(4, 20, 20), np.array([False, True, False]))
    for flow in (ahead, behind):
        assert not flow[[0, 2]].any()
        assert flow[1].any()
    none, _ = Raft(files["small"], iterations=2).estimate(frames(3, 20, 20), np.zeros(2, bool))
    assert not none.any()


def test_refinement_finds_a_motion_that_the_network_missed(files: dict[str, str]) -> None:
    texture = cv2.GaussianBlur(np.random.default_rng(1).random((140, 140, 3), np.float32), (0, 0), 2) * 3 - 1
    shown = np.clip(np.stack([texture[:130, :130], texture[1:131, 1:131]]), 0, 1)
    silent = Net("small")
    for parameter in silent.update_block.flow_head.parameters():
        torch.nn.init.zeros_(parameter)
    path = Path(files["small"]).with_name("silent.safetensors")
    save_weights(path, "raft", {"size": "small"}, silent.state_dict())
    plain, _ = Raft(str(path), iterations=1, refinement=0).estimate(shown, every(2))
    refined, _ = Raft(str(path), iterations=1, refinement=4).estimate(shown, every(2))
    assert not plain.any()
    assert np.linalg.norm(refined[0, 30:-30, 30:-30] - (-1, -1), axis=-1).mean() < 0.5


def test_errors_are_reported_in_one_line(files: dict[str, str], tmp_path: Path) -> None:
    for settings, word in (
        ({"iterations": 0}, "iterations"),
        ({"precision": "int4"}, "precision"),
        ({"largest": 10}, "largest"),
        ({"batch": 0}, "batch"),
    ):
        with pytest.raises(SettingError, match=word):
            Raft(files["small"], **settings)
    with pytest.raises(WeightsError, match="does not exist"):
        Raft(str(tmp_path / "none.pth")).estimate(frames(2, 20, 20), every(2))
    with pytest.raises(WeightsError, match="raft"):
        Raft("no such name").estimate(frames(2, 20, 20), every(2))
    assert not os.listdir(tmp_path)
