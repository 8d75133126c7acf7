"""`Masks`: the union of all masks of a clip, read frame by frame when they are needed."""

import logging
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.window import Box
from vidinpaint.masks.interval import Found, Interval
from vidinpaint.masks.layers import Layer, open_layer
from vidinpaint.masks.mask_image import MaskSize
from vidinpaint.masks.morphology import check_grow, dilate
from vidinpaint.masks.sources.interface import ReadFrames, ReadVideo, TargetClip
from vidinpaint.masks.specs import KINDS, MaskSpec

log = logging.getLogger(__name__)


class Masks:
    """The union of all masks of a clip: bool, True = inpaint. To be read by one thread at a time.

    What is asked about frames is looked up when it is asked for, an interval at a time: a worker that is told the plan
    need not read the masks of the whole clip.
    """

    def __init__(self, intervals: list[Interval], notes: list[str]) -> None:
        """`intervals` in order, without gaps, from frame 0 on."""
        self._notes = notes
        self._intervals = intervals
        self._starts = [interval.start for interval in intervals]
        self._scanned: dict[int, list[Found]] = {}

    def __len__(self) -> int:
        return self._intervals[-1].stop

    @property
    def notes(self) -> list[str]:
        """What the user should read: masks that mark nothing, boxes that reach out of the frame."""
        return [*self._notes, "the masks mark nothing in the whole clip"] if self.empty else self._notes

    @property
    def empty(self) -> bool:
        """Whether there is nothing to inpaint in the whole clip."""
        return not any(boxes for number in range(len(self._intervals)) for boxes, _ in self._scan(number))

    def read(self, start: int, stop: int) -> np.ndarray:
        """bool (stop - start, H, W), read-only: the masks of the frames start:stop."""
        first = bisect_right(self._starts, start) - 1
        pieces = []
        for interval in self._intervals[first:]:
            if interval.start >= stop:
                break
            pieces.append(interval.read(max(start, interval.start), min(stop, interval.stop)))
        masks = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        masks.flags.writeable = False
        return masks

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Boxes that hold the mask of one frame, one per connected part; the same tuple wherever nothing moves."""
        return self._found(index)[0]

    def share(self, index: int) -> float:
        """Share of one frame that is masked, 0 to 1."""
        return self._found(index)[1]

    def _found(self, index: int) -> Found:
        number = bisect_right(self._starts, index) - 1
        return self._scan(number)[index - self._starts[number]]

    def _scan(self, number: int) -> list[Found]:
        if number not in self._scanned:
            self._scanned[number] = self._intervals[number].scan()
        return self._scanned[number]


def open_masks(
    specs: Sequence[MaskSpec],
    width: int,
    height: int,
    pts: np.ndarray,
    time_base: Fraction,
    *,
    grow: int = 0,
    resize: bool = False,
    read_video: ReadVideo | None = None,
    read_frames: ReadFrames | None = None,
    origin: int | None = None,
    before: int = 0,
    total: int | None = None,
) -> Masks:
    """The union of all `specs` for a clip of width x height pixels with the time stamps pts (int64, in time_base s).

    grow         pixels by which every mask is grown (a disc), 0 to 1000
    resize       scale masks of another size (nearest) instead of refusing them
    read_video   how to open a mask video; without it mask videos are refused
    read_frames  how to read the clip's frames; without it masks that depend on the frames are refused
    origin, before, total  where the frames lie in their whole source (time stamp of its first frame, frames in front of
                           them, frames in all), for masks that go with all of it; None: they are all

    Raises MaskError for a mask that cannot be read or does not match the clip, SettingError for `grow` out of range.
    """
    check_grow(grow)
    if not specs:
        raise MaskError("at least one mask", "none", KINDS)
    notes: list[str] = []

    def note(text: str) -> None:
        notes.append(text)
        log.warning(text)

    clip = TargetClip(
        "", MaskSize(width, height, resize), pts, time_base, int(pts[0]) if origin is None else origin, before,
        len(pts) if total is None else total, 0, len(pts), note, read_video, read_frames,
    )  # fmt: skip
    layers = [open_layer(spec, clip) for spec in specs]
    return Masks(_intervals(layers, [spec.name for spec in specs], len(pts), (height, width), grow), notes)


def _intervals(layers: list[Layer], names: list[str], length: int, shape: tuple[int, int], grow: int) -> list[Interval]:
    """The clip cut wherever a mask begins or ends."""
    grown = [dilate(layer.mask, grow) if isinstance(layer.mask, np.ndarray) else layer.mask for layer in layers]
    inner = {edge for layer in layers for edge in (layer.first, layer.stop) if 0 < edge < length}
    intervals = []
    for start, stop in pairwise([0, *sorted(inner), length]):
        still, moving = np.zeros(shape, bool), []
        for layer, name, mask in zip(layers, names, grown):
            if not layer.covers(start):
                continue
            if isinstance(mask, np.ndarray):
                still |= mask
            else:
                moving.append((name, mask))
        intervals.append(Interval(start, stop, still, tuple(moving), grow))
    return intervals
