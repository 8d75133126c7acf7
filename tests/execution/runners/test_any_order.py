"""Windows get the same pixels in any order, alone, and with either runner, and join without a visible jump."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import vidinpaint
from tests.scenes import box_masks, pan
from vidinpaint.core.progress import SilentProgress
from vidinpaint.execution.options import resolved_settings
from vidinpaint.execution.runners.window_run import WindowRun
from vidinpaint.masks.specs import mask_specs
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import open_reader

LENGTH = {"plan": {"length": 16, "context": 6}}


@dataclass(frozen=True)
class Scene:
    frames: np.ndarray
    masks: np.ndarray
    truth: np.ndarray


@pytest.fixture(scope="module")
def scene() -> Scene:
    """60 frames of a slow pan; the masked square moves with it for half of them, so some pixels are never visible."""
    truth = (pan(60, 96, 144, 0.7) * 255 + 0.5).astype(np.uint8)
    masks = box_masks(60, 96, 144, (60, 40, 24, 18))
    for t in range(30, 60):
        masks[t] = np.roll(masks[t], -round(0.7 * (t - 30)), 1)
    return Scene(np.where(masks[..., None], np.uint8(250), truth), masks, truth)


def inpainted_in_order(scene: Scene, order: list[int]) -> dict[int, np.ndarray]:
    """The frames of each window by its index, computed in this order."""
    _, graph = resolved_settings("object_removal", "balanced", LENGTH, {})
    inpainted: dict[int, np.ndarray] = {}

    def keep(values: dict[str, Any]) -> None:
        inpainted[values["window"].index] = rgb8(values["result"])

    with open_reader(scene.frames) as reader:
        specs = mask_specs(scene.masks)
        run = WindowRun(
            graph,
            {"reader": reader, "mask_specs": specs, "writer": None, "progress": SilentProgress()},
            SilentProgress(),
            lambda *_: None,
        )
        run.make_plan({})
        assert len(run.plan.windows) == 4
        for index in order:
            run.compute(run.read(run.plan.windows[index]), keep)
    return inpainted


@pytest.fixture(scope="module")
def in_sequence(scene: Scene) -> np.ndarray:
    return vidinpaint.inpaint(scene.frames, scene.masks, settings=LENGTH, runner="serial")


@pytest.mark.parametrize("order", [[2, 0, 3, 1], [3]])
def test_windows_shuffled_or_alone_give_the_same_pixels(
    scene: Scene, in_sequence: np.ndarray, order: list[int]
) -> None:
    edges = [0, 15, 30, 45, 60]
    for index, pixels in inpainted_in_order(scene, order).items():
        assert np.array_equal(pixels, in_sequence[edges[index] : edges[index + 1]])


def test_threads_give_the_same_pixels(scene: Scene, in_sequence: np.ndarray) -> None:
    assert np.array_equal(vidinpaint.inpaint(scene.frames, scene.masks, settings=LENGTH), in_sequence)


def test_no_jump_between_windows(scene: Scene, in_sequence: np.ndarray) -> None:
    """Between windows the error under the mask changes at most twice as much as between frames of one window.

    Windows of 15 frames with 6 frames of context are a hard case: the presets use 60 and 16.
    """
    error = in_sequence.astype(int) - scene.truth
    both = scene.masks[1:] & scene.masks[:-1]
    change = np.array([np.abs(error[t + 1] - error[t])[both[t]].mean() for t in range(59)])
    borders = np.isin(np.arange(1, 60), (15, 30, 45))
    assert change[borders].mean() < 2 * change[~borders].mean() + 0.5


def test_known_pixels_are_identical(scene: Scene, in_sequence: np.ndarray) -> None:
    assert np.array_equal(in_sequence[~scene.masks], scene.frames[~scene.masks])
