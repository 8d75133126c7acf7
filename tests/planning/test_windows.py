"""Each frame belongs to one window; windows stay in their shots, hold all masks and respect the memory limit."""

import itertools
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from vidinpaint.core.errors import MaskCoverageError, SettingError
from vidinpaint.core.window import Box, Window
from vidinpaint.planning.windows import WindowSettings, make_windows

WIDTH, HEIGHT = 640, 360
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2
MASK = Box(300, 100, 40, 30)


@dataclass(frozen=True)
class Masks:
    """The mask MASK (or others) in some frames; `full` frames are mask altogether."""

    frames: Mapping[int, tuple[Box, ...]]
    full: frozenset[int] = frozenset()

    def boxes(self, index: int) -> tuple[Box, ...]:
        return (Box(0, 0, WIDTH, HEIGHT),) if index in self.full else self.frames.get(index, ())

    def share(self, index: int) -> float:
        return 1.0 if index in self.full else sum(box.area for box in self.boxes(index)) / (WIDTH * HEIGHT)


def _in_frames(*ranges: tuple[int, int]) -> Masks:
    boxes = (MASK,)
    return Masks({frame: boxes for start, stop in ranges for frame in range(start, stop)})


def _windows(shots: list[tuple[int, int]], masks: Masks, **settings: float) -> tuple[Window, ...]:
    return make_windows(
        shots,
        masks,
        WIDTH,
        HEIGHT,
        FRAME_BYTES,
        WindowSettings(**{"length": 80, "context": 20, "memory": 1200.0, **settings}),
    )  # type: ignore[arg-type]


def _owned(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    return [(window.start, window.stop) for window in windows]


def _read(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    return [(window.read_start, window.read_stop) for window in windows]


def test_a_short_shot_is_one_window() -> None:
    windows = _windows([(0, 100)], _in_frames((0, 100)))
    assert _owned(windows) == _read(windows) == [(0, 100)]
    assert windows[0].crops == (Box(236, 36, 168, 158),)


def test_a_long_shot_is_cut_evenly_with_context() -> None:
    windows = _windows([(0, 101)], _in_frames((0, 101)))
    assert _owned(windows) == [(0, 50), (50, 101)]
    assert _read(windows) == [(0, 70), (30, 101)]


def test_context_ends_at_the_cut() -> None:
    windows = _windows([(0, 30), (30, 31), (31, 200)], _in_frames((0, 200)))
    assert [window.shot for window in windows] == [0, 1, 2, 2, 2]
    assert _read(windows)[:3] == [(0, 30), (30, 31), (31, 107)]
    assert [window.index for window in windows] == list(range(5))


def test_a_clip_without_masks_passes_through() -> None:
    windows = _windows([(0, 250)], Masks({}))
    assert _owned(windows) == _read(windows)
    assert max(map(len, windows)) <= 80
    assert not any(window.crops for window in windows)


def test_a_mask_that_starts_late() -> None:
    windows = _windows([(0, 150)], _in_frames((110, 150)))
    assert _owned(windows) == [(0, 55), (55, 110), (110, 150)]
    assert _read(windows) == [(0, 55), (55, 110), (90, 150)]
    assert [bool(window.crops) for window in windows] == [False, False, True]


def test_short_stretches_without_masks_stay_with_their_neighbours() -> None:
    assert _owned(_windows([(0, 90)], _in_frames((20, 30), (70, 80)))) == [(0, 90)]
    assert _owned(_windows([(0, 92)], _in_frames((21, 30), (71, 81)))) == [(0, 21), (21, 30), (30, 71), (71, 92)]


def test_only_the_owned_frames_decide_about_boxes() -> None:
    late = (Box(20, 20, 10, 10),)
    frames = dict.fromkeys(range(60), (MASK,)) | dict.fromkeys(range(60, 120), late)
    windows = _windows([(0, 120)], Masks(frames), length=60)
    assert [len(window.crops) for window in windows] == [1, 1]
    assert windows[0].crops != windows[1].crops


@pytest.mark.parametrize("seed", range(40))
def test_properties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 400))
    cuts = sorted({0, count, *rng.integers(0, count + 1, rng.integers(0, 5)).tolist()})
    shots = list(itertools.pairwise(cuts))
    starts = rng.integers(0, count, 4).tolist()
    masks = _in_frames(*((start, min(count, start + int(rng.integers(1, 120)))) for start in starts))
    length, context = int(rng.integers(2, 90)), int(rng.integers(0, 30))
    windows = _windows(shots, masks, length=length, context=context)
    assert [frame for window in windows for frame in range(window.start, window.stop)] == list(range(count))
    for window in windows:
        first, last = shots[window.shot]
        assert first <= window.read_start
        assert window.read_stop <= last
        assert len(window) <= length + context
        has_mask = any(masks.boxes(frame) for frame in range(window.start, window.stop))
        assert has_mask == bool(window.crops)
        if has_mask:
            assert window.read_start == max(first, window.start - context)
            assert window.read_stop == min(last, window.stop + context)
        else:
            assert (window.read_start, window.read_stop) == (window.start, window.stop)


def _megabytes(window: Window) -> float:
    crops = sum(crop.area for crop in window.crops)
    return (4 * FRAME_BYTES + 110 * crops) * (window.read_stop - window.read_start) / 1e6


def test_memory_bounds_the_windows() -> None:
    everywhere = Masks({frame: (Box(20, 20, 600, 320),) for frame in range(300)})
    free = _windows([(0, 300)], everywhere, memory=5000)
    bounded = _windows([(0, 300)], everywhere, memory=1200)
    assert max(map(_megabytes, free)) > 1200 >= max(map(_megabytes, bounded)) > 300
    assert len(bounded) > len(free)
    assert max(map(len, bounded)) - min(map(len, bounded)) <= 1


def test_windows_without_masks_keep_to_the_memory() -> None:
    windows = make_windows([(0, 100)], Masks({}), 7680, 4320, 49_766_400, WindowSettings())
    assert max(map(len, windows)) * 4 * 49_766_400 <= 1200e6 * 4


def test_memory_that_is_too_small_is_said(caplog: pytest.LogCaptureFixture) -> None:
    everywhere = Masks({frame: (Box(20, 20, 600, 320),) for frame in range(60)})
    with caplog.at_level(logging.WARNING):
        windows = _windows([(0, 60)], everywhere, memory=50)
    assert max(map(len, windows)) == 8
    assert windows[1].read_start == windows[1].start - 4
    assert "memory" in caplog.text


def test_a_shot_that_is_mask_altogether_is_refused() -> None:
    masks = Masks({}, frozenset(range(10, 20)))
    with pytest.raises(MaskCoverageError, match="frames 10 to 19 completely"):
        _windows([(0, 10), (10, 20), (20, 30)], masks)
    assert len(_windows([(0, 21)], masks)) == 1


@pytest.mark.parametrize("settings", [{"length": 1}, {"context": -1}, {"margin": -1}, {"memory": 49}])
def test_absurd_settings(settings: dict[str, float]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        WindowSettings(**{"length": 80, "context": 20, "memory": 1200.0, **settings})  # type: ignore[arg-type]


def test_a_fast_camera_needs_larger_crops() -> None:
    clip_masks = _in_frames((0, 60))
    still = make_windows([(0, 60)], clip_masks, WIDTH, HEIGHT, FRAME_BYTES, WindowSettings())
    fast = np.full(60, 8 / HEIGHT, np.float32)
    moving = make_windows([(0, 60)], clip_masks, WIDTH, HEIGHT, FRAME_BYTES, WindowSettings(), fast)
    mask = MASK
    assert still[0].crops[0].x <= mask.x - 64
    assert moving[0].crops[0].x == mask.x - 128
    assert moving[0].crops[0].area > 2 * still[0].crops[0].area
