"""`Masks`: the union of all masks of a clip, read frame by frame when they are needed."""

import logging
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import MaskError, SettingError
from vidinpaint.core.orientation import UPRIGHT, Turn
from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detections
from vidinpaint.masks.interval import Interval, MaskExtent
from vidinpaint.masks.layers import Layer, open_layer
from vidinpaint.masks.mask_size import MaskSize
from vidinpaint.masks.sources.interface import ReadFrames, ReadVideo, TargetClip
from vidinpaint.masks.specs import KINDS, MaskSpec
from vidinpaint.numerics.morphology import dilate

log = logging.getLogger(__name__)

MAX_GROW = 1000  # pixels
MAX_SHARE = 0.5  # of the picture: masks that cover more may be negatives, and are noted


class Masks:
    """The union of all masks of a clip: bool, True = inpaint. To be read by one thread at a time.

    The extents of the masks are measured when they are first needed, one interval at a time: a worker that receives
    the plan need not read the masks of the whole clip.
    """

    def __init__(self, intervals: list[Interval], notes: list[str], files: Sequence[str] = ()) -> None:
        """`intervals` in order, without gaps, from frame 0 on; `notes` for the report; `files`: names, if all are."""
        self._notes, self._files = notes, files
        self._intervals = intervals
        self._starts = [interval.start for interval in intervals]
        self._extents_of: dict[int, list[MaskExtent]] = {}

    def __len__(self) -> int:
        return self._intervals[-1].stop

    def edited(self, edges: Sequence[int], edit: Callable[[int, int, np.ndarray], np.ndarray]) -> "Masks":
        """Masks that differ from these between some frames.

        edges   the frames from which on `edit` does something else
        edit    edit(start, stop, masks): the masks of the frames start:stop, bool (stop - start, H, W) or, where they
                are all the same, (H, W), and the same for all frames between two edges
        """
        inner = {edge for edge in edges if 0 < edge < len(self)}
        pieces = []
        for interval in self._intervals:
            bounds = sorted({interval.start, interval.stop, *(inner & set(range(interval.start, interval.stop)))})
            pieces += [interval.edited(start, stop, edit) for start, stop in pairwise(bounds)]
        return Masks(pieces, self._notes, self._files)

    @property
    def notes(self) -> list[str]:
        """Sentences for the report: masks that mark nothing or nearly everything, boxes that reach out of the frame."""
        if self.empty:
            return [*self._notes, "the masks mark nothing in the whole clip"]
        share = sum(map(self.share, range(len(self)))) / len(self)
        if share <= MAX_SHARE:
            return self._notes
        return [*self._notes, f"the masks cover {share:.0%} of the picture: what is white, or opaque, is inpainted"]

    def check_that_files_mark_something(self) -> None:
        """Raise MaskError for masks from files that mark nothing in the whole clip: that is hardly meant."""
        if self._files and self.empty:
            raise MaskError(
                "a mask that marks something",
                f"{' and '.join(self._files)}, which marks nothing in any frame",
                "Values over 127 mean inpaint, or opaque pixels where the opacity varies.",
            )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to inpaint in the whole clip."""
        return not any(boxes for number in range(len(self._intervals)) for boxes, _ in self._extents(number))

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
        return self._extent(index)[0]

    def share(self, index: int) -> float:
        """Share of one frame that is masked, 0 to 1."""
        return self._extent(index)[1]

    def _extent(self, index: int) -> MaskExtent:
        number = bisect_right(self._starts, index) - 1
        return self._extents(number)[index - self._starts[number]]

    def _extents(self, number: int) -> list[MaskExtent]:
        if number not in self._extents_of:
            self._extents_of[number] = self._intervals[number].scan()
        return self._extents_of[number]


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
    zero: int | None = None,
    turn: Turn = UPRIGHT,
    pixel_aspect: Fraction = Fraction(1),
    origin: int | None = None,
    before: int = 0,
    total: int | None = None,
    numbers: Sequence[int] | None = None,
    detections: Detections | None = None,
) -> Masks:
    """The union of all `specs` for a clip of width x height pixels with the time stamps pts (int64, in time_base s).

    The masks refer to the clip as players show it, with this width and height; those that are read have the orientation
    of the stored frames.

    grow         pixels by which every mask is dilated with a disc, 0 to 1000. Default: 0
    resize       scale masks of another size (nearest neighbour) instead of refusing them. Default: False
    read_video   opens a mask video. Default: None, mask videos are refused
    read_frames  reads the clip's frames. Default: None, masks that depend on the frames are refused
    zero         time stamp from which the times of masks are counted, at which a player shows 0:00. Default: `origin`
    turn         what players do with the stored frames. Default: nothing
    pixel_aspect  width of a pixel divided by its height, as players show the clip. Default: 1
    origin, before, total  where these frames lie in the source that they are a part of: the time stamp of its first
                           frame, its number of frames before these, and in all. Default: they are the whole source
    numbers      the numbers in the file names of all frames of the source, with which masks are paired by their
                 numbers. Default: None, the frames have none
    detections   what masks that search the clip have found. Default: None, such masks are refused

    Raises MaskError for a mask that cannot be read or does not match the clip, SettingError for `grow` out of range.
    """
    if not 0 <= grow <= MAX_GROW:
        raise SettingError(f"grow from 0 to {MAX_GROW} pixels", str(grow), "Give a number of pixels in this range.")
    if not specs:
        raise MaskError("at least one mask", "none", KINDS)
    notes: list[str] = []

    def note(text: str) -> None:
        if text not in notes:
            notes.append(text)
            log.warning(text)

    first = int(pts[0]) if origin is None else origin
    size = MaskSize(width, height, resize, pixel_aspect, note)
    clip = TargetClip(
        "", size, pts, time_base, first if zero is None else zero, first, before,
        len(pts) if total is None else total, 0, len(pts), note, read_video, read_frames, numbers,
    )  # fmt: skip
    found = detections.of_mask if detections else [None] * len(specs)
    layers = [
        open_layer(spec, replace(clip, detections=of_mask)).turned(turn.inverse())
        for spec, of_mask in zip(specs, found)
    ]
    if not any(layer.first < layer.stop for layer in layers):
        times = f"{len(pts)} frames that no mask applies to: {'; '.join(notes)}"
        raise MaskError("a mask for some frame of the clip", times, "Correct the time behind the @ of the mask.")
    stored_width, stored_height = turn.inverse().size(width, height)
    names, shape = [spec.name for spec in specs], (stored_height, stored_width)
    files = names if all(isinstance(spec.source, Path) for spec in specs) else ()
    return Masks(_intervals(layers, names, len(pts), shape, grow), notes, files)


def _intervals(layers: list[Layer], names: list[str], length: int, shape: tuple[int, int], grow: int) -> list[Interval]:
    """The clip, divided wherever a mask begins or ends."""
    dilated = [
        dilate(layer.mask, grow, "disc") if isinstance(layer.mask, np.ndarray) else layer.mask for layer in layers
    ]
    inner = {edge for layer in layers for edge in (layer.first, layer.stop) if 0 < edge < length}
    intervals = []
    for start, stop in pairwise([0, *sorted(inner), length]):
        still, moving = np.zeros(shape, bool), []
        for layer, name, mask in zip(layers, names, dilated):
            if not layer.covers(start):
                continue
            if isinstance(mask, np.ndarray):
                still |= mask
            else:
                moving.append((name, mask))
        intervals.append(Interval(start, stop, still, tuple(moving), grow))
    return intervals
