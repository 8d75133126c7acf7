"""The network that completes motion under masks, and when its hypothesis is used."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vidinpaint.flow.learned_completion import LearnedCompletion
from vidinpaint.flow.planar import fit_planar
from vidinpaint.flow.trajectory_completion import GRID, join_sides
from vidinpaint.networks.flow_completion import FlowCompletion
from vidinpaint.weights.loading import save_weights


@pytest.fixture(scope="module")
def by_chance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    network = FlowCompletion(8)
    torch.nn.init.normal_(network.leave.weight)
    path = tmp_path_factory.mktemp("completion") / "by_chance.safetensors"
    save_weights(path, "flow_completion", {"width": 8}, network.state_dict())
    return path


def window(frames: int, height: int, width: int) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(0)
    leaving, coming = (random.normal(size=(frames, height, width, 2)).astype(np.float32) for _ in range(2))
    mask = np.zeros((frames, height, width), bool)
    mask[:, height // 4 : height // 2, width // 4 : width // 2] = True
    return leaving, coming, mask, mask


@pytest.mark.parametrize("size", [(1, 9, 9), (5, 33, 50), (60, 24, 24)])
def test_known_velocities_stay_and_unknown_ones_are_estimated(by_chance: Path, size: tuple[int, int, int]) -> None:
    leaving, coming, unknown, masks = window(*size)
    found = LearnedCompletion(by_chance)(leaving, coming, unknown, masks)
    on_grid = unknown[:, ::GRID, ::GRID]
    assert found.shape == (*on_grid.shape, 2)
    np.testing.assert_array_equal(found[~on_grid], leaving[:, ::GRID, ::GRID][~on_grid])
    if on_grid.any():
        assert (found[on_grid] != leaving[:, ::GRID, ::GRID][on_grid]).all()
    again = LearnedCompletion(by_chance)(leaving, coming, unknown, masks)
    np.testing.assert_array_equal(found, again)


def test_a_guess_is_used_only_where_the_frames_support_it() -> None:
    """A textured patch moves by 3 pixels per frame past a still background, behind a mask in its way."""
    random = np.random.default_rng(1)
    frames, height, width, speed = 9, 80, 160, 5.0
    background = random.uniform(0, 90, (height, width)).astype(np.float32)
    patch = random.uniform(160, 255, (40, 30)).astype(np.float32)
    grey = np.repeat(background[None], frames, 0)
    velocity = np.zeros((frames, height, width, 2), np.float32)
    for t in range(frames):
        at = 20 + int(speed * t)
        grey[t, 20:60, at : at + 30] = patch
        velocity[t, 20:60, at : at + 30, 0] = speed
    mask = np.zeros((frames, height, width), bool)
    mask[3:6, 16:64, 30:90] = True
    seen = np.where(mask[..., None], 0, velocity)
    planes = fit_planar(
        np.zeros((frames - 1, height, width, 2), np.float32), np.ones((frames - 1, height, width), bool)
    )
    right = velocity[:, ::GRID, ::GRID]
    middle = np.zeros_like(mask)
    middle[4, 28:52, 46:62] = True

    def joined(*third: np.ndarray) -> np.ndarray:
        return join_sides(seen, seen, mask, mask, np.where(mask, 0, grey), planes, planes, *third)[middle][:, 0]

    assert np.abs(joined(right) - speed).mean() < 0.5
    wrong = np.abs(joined(np.full_like(right, -7.0)) - speed).mean()
    assert wrong <= np.abs(joined() - speed).mean() + 0.25
