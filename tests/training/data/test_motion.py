"""Synthetic motion: its flow is exact."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.drawn import draw_photos
from vidinpaint.training.data.camera import filmed
from vidinpaint.training.data.motion import Layer, Scene, random_scene, textures
from vidinpaint.training.data.photos import Photos

STILL = np.zeros((0, 5)), np.zeros((2, 0))


def translated(dx: float, dy: float) -> np.ndarray:
    """Poses of two frames: the second shows everything moved by (dx, dy)."""
    return np.stack([np.eye(3), [[1, 0, -dx], [0, 1, -dy], [0, 0, 1]]])


def test_flow_is_the_translation_of_the_topmost_layer() -> None:
    disc = np.zeros((40, 60), np.float32)
    disc[10:20, 10:20] = 1
    scene = Scene((Layer(None, translated(2, -1), *STILL), Layer(disc, translated(-3, 4), *STILL)), 40, 60)
    owner = scene.owner(0)
    np.testing.assert_array_equal(owner, disc > 0.5)
    flow = scene.flow(0, 1, owner)
    np.testing.assert_allclose(flow[owner == 0], np.float32([(2, -1)] * (owner == 0).sum()), atol=1e-5)
    np.testing.assert_allclose(flow[owner == 1], np.float32([(-3, 4)] * (owner == 1).sum()), atol=1e-5)
    back = scene.flow(1, 0, scene.owner(1))
    np.testing.assert_allclose(back[scene.owner(1) == 1][0], (3, -4), atol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_flow_agrees_with_the_frames(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    scene = random_scene(random, 3, 96, 128)
    layer_textures = textures(scene, Photos(draw_photos(tmp_path)), random)
    first, last = (scene.frame(t, layer_textures) for t in (0, 2))
    owner = scene.owner(0)
    flow = scene.flow(0, 2, owner)
    y, x = np.mgrid[:96, :128].astype(np.float32) + 0
    at_x, at_y = x + flow[..., 0], y + flow[..., 1]
    inside = (at_x > 0) & (at_x < 127) & (at_y > 0) & (at_y < 95)
    owner_at_target = cv2.remap(scene.owner(2).astype(np.float32), at_x, at_y, cv2.INTER_NEAREST, borderValue=-1)
    seen = inside & (owner_at_target == owner)
    edges = cv2.dilate((cv2.morphologyEx(owner.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3)))), np.ones((3, 3)))
    seen &= edges == 0
    warped = cv2.remap(last, at_x, at_y, cv2.INTER_LINEAR)
    assert seen.mean() > 0.2
    assert np.median(np.abs(warped - first)[seen]) < 0.01
    assert np.quantile(np.abs(warped - first)[seen], 0.95) < 0.06


def test_forward_and_backward_flow_cancel() -> None:
    scene = random_scene(np.random.default_rng(5), 2, 64, 80, max_layers=0)
    y, x = np.mgrid[:64, :80].astype(np.float64)
    layer = scene.layers[0]
    forward = layer.flow(0, 1, x, y)
    backward = layer.flow(1, 0, x + forward[..., 0], y + forward[..., 1])
    assert np.abs(forward + backward).max() < 1e-2


def test_a_coarse_grid_samples_the_same_motion() -> None:
    fine = random_scene(np.random.default_rng(3), 2, 64, 80)
    coarse = random_scene(np.random.default_rng(3), 2, 64, 80, step=4)
    owner = fine.owner(0)
    np.testing.assert_array_equal(coarse.owner(0), owner[::4, ::4])
    np.testing.assert_allclose(coarse.flow(0, 1, coarse.owner(0)), fine.flow(0, 1, owner)[::4, ::4], atol=1e-4)


def test_the_generator_determines_the_recording() -> None:
    frames = np.random.default_rng(0).random((2, 32, 40, 3), np.float32)
    one, other = (filmed(frames, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert one.dtype == np.float32
    assert 0 <= one.min() <= one.max() <= 1
