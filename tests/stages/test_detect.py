"""Masks that search the clip: searched once, in their part of the clip, and found again from the stored plan."""

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest

import vidinpaint
from vidinpaint.core.errors import MaskError
from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection, Detections
from vidinpaint.detection.footage import Footage
from vidinpaint.execution.jobs.plan_file import known_values, read_values
from vidinpaint.masks.masks import open_masks
from vidinpaint.masks.sources.interface import DetectingSource
from vidinpaint.masks.specs import MaskSpec
from vidinpaint.video.arrays.reader import ArrayReader
from vidinpaint.video.footage import open_footage


@dataclass(frozen=True)
class White(DetectingSource):
    """Finds what is white in each frame."""

    searched: ClassVar[list[int]] = []

    def detect(self, footage: Footage) -> list[Detection]:
        self.searched.append(len(footage))
        found = []
        for t in range(len(footage)):
            white = footage.grey(t, t + 1)[0] > 250
            np.testing.assert_array_equal(white, (footage.rgb(t, t + 1)[0] > 250).all(-1))
            if white.any():
                rows, columns = np.nonzero(white)
                box = Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
                found.append(Detection("mark", t, t + 1, box, white[box.slices], 1.0))
        return found


@pytest.fixture
def frames() -> np.ndarray:
    frames = np.random.default_rng(1).integers(0, 200, (8, 40, 56, 3), np.uint8)
    frames[2:6, 10:14, 20:30] = 255
    return frames


def test_only_what_is_found_is_inpainted(frames: np.ndarray) -> None:
    White.searched.clear()
    clean = vidinpaint.inpaint(frames, MaskSpec(White()))
    changed = (clean != frames).any(-1)
    assert changed[2:6, 10:14, 20:30].all()
    changed[2:6, 10:14, 20:30] = False
    assert not changed.any()
    assert White.searched == [8]


def test_a_time_range_limits_the_search(frames: np.ndarray) -> None:
    White.searched.clear()
    clean = vidinpaint.inpaint(frames, MaskSpec(White(), Fraction(4, 25), Fraction(7, 25)), rate=25)
    assert (clean != frames).any((1, 2, 3)).tolist() == [False] * 4 + [True] * 2 + [False] * 2
    assert White.searched == [3]


def test_nothing_found_changes_nothing(frames: np.ndarray) -> None:
    dark = frames // 2
    np.testing.assert_array_equal(vidinpaint.inpaint(dark, MaskSpec(White())), dark)


def test_the_plan_keeps_what_was_found() -> None:
    one = Detection("text", 1, 3, Box(2, 3, 2, 2), np.eye(2, dtype=bool), 0.5, "a")
    written = json.loads(json.dumps(known_values({"detections": Detections((None, (one,), ()))})))
    none, (read,), empty = read_values(written)["detections"].of_mask
    assert (none, empty) == (None, ())
    assert (read.start, read.stop, read.box, read.text) == (1, 3, one.box, "a")
    np.testing.assert_array_equal(read.mask, one.mask)


def test_without_a_search_it_is_refused() -> None:
    with pytest.raises(MaskError, match="vidinpaint detect"):
        open_masks([MaskSpec(White())], 16, 8, np.arange(4), Fraction(1, 25))


def test_a_part_of_the_footage_counts_from_its_first_frame(frames: np.ndarray) -> None:
    reader = ArrayReader(frames, None, None, Fraction(25))
    whole = open_footage(reader, np.arange(8), ((0, 3), (3, 8)), lambda _: None)
    part = whole.cut(2, 6)
    assert (len(part), part.shots) == (4, ((0, 1), (1, 4)))
    assert part.times == tuple(Fraction(t, 25) for t in range(4))
    np.testing.assert_array_equal(part.rgb(1, 3), frames[3:5])
    np.testing.assert_array_equal(part.grey(0, 4), whole.grey(2, 6))
