"""`Masks`: the holes of a clip, the union of all its masks, read frame by frame when they are needed."""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from vidinpaint.errors import MaskError
from vidinpaint.holes.grow import check_grow, grow_hole
from vidinpaint.holes.layers import KINDS, Layer, Opener
from vidinpaint.holes.picture import MaskSize
from vidinpaint.holes.sources import ReadVideo
from vidinpaint.holes.specs import MaskSpec
from vidinpaint.holes.stretch import Found, Stretch
from vidinpaint.window import Box


class Masks:
    """The union of all masks of a clip: bool, True = paint. To be read by one thread at a time.

    What is asked about frames is looked up when it is asked for, a stretch at a time: a worker that is told the plan
    need not read the masks of the whole clip.
    """

    def __init__(self, stretches: list[Stretch], notes: list[str]) -> None:
        """`stretches` in order, without gaps, from frame 0 on."""
        self._notes = notes
        self._stretches = stretches
        self._starts = [stretch.start for stretch in stretches]
        self._looked: dict[int, list[Found]] = {}

    def __len__(self) -> int:
        return self._stretches[-1].stop

    @property
    def notes(self) -> list[str]:
        """What the user should hear about: masks that mark nothing, boxes that stick out of the frame."""
        return [*self._notes, "the masks mark nothing in the whole clip"] if self.empty else self._notes

    @property
    def empty(self) -> bool:
        """Whether there is nothing to paint in the whole clip."""
        return not any(boxes for number in range(len(self._stretches)) for boxes, _ in self._look(number))

    def read(self, start: int, stop: int) -> np.ndarray:
        """bool (stop - start, H, W), read-only: the holes of the frames start:stop."""
        first = bisect_right(self._starts, start) - 1
        pieces = []
        for stretch in self._stretches[first:]:
            if stretch.start >= stop:
                break
            pieces.append(stretch.read(max(start, stretch.start), min(stop, stretch.stop)))
        holes = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        holes.flags.writeable = False
        return holes

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Boxes that hold all holes of one frame, one a connected part; the same tuple wherever nothing moves."""
        return self._found(index)[0]

    def share(self, index: int) -> float:
        """Share of one frame that is hole, 0 to 1."""
        return self._found(index)[1]

    def _found(self, index: int) -> Found:
        number = bisect_right(self._starts, index) - 1
        return self._look(number)[index - self._starts[number]]

    def _look(self, number: int) -> list[Found]:
        if number not in self._looked:
            self._looked[number] = self._stretches[number].scan()
        return self._looked[number]


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
    origin: int | None = None,
    before: int = 0,
    total: int | None = None,
) -> Masks:
    """The union of all `specs` for a clip of width x height pixels with the time stamps pts (int64, in time_base s).

    grow        pixels by which every hole is grown (a disc), 0 to 1000
    resize      scale masks of another size (nearest) instead of refusing them
    read_video  how to open a mask video; without it mask videos are refused
    origin, before, total  where the frames lie in their whole source (time stamp of its first frame, frames in front of
                           them, frames in all), for masks that go with all of it; None: they are all

    Raises MaskError for a mask that cannot be read or does not match the clip, SettingError for an absurd `grow`.
    """
    check_grow(grow)
    if not specs:
        raise MaskError("at least one mask", "none", KINDS)
    origin, total = int(pts[0]) if origin is None else origin, len(pts) if total is None else total
    opener = Opener(MaskSize(width, height, resize), pts, time_base, read_video, [], origin, before, total)
    layers = []
    for spec in specs:
        layer = opener.open(spec)
        if isinstance(layer.mask, np.ndarray):
            layer = Layer(layer.first, layer.stop, grow_hole(layer.mask, grow))
        layers.append(layer)
    return Masks(_stretches(layers, len(pts), (height, width), grow), opener.notes)


def _stretches(layers: list[Layer], length: int, shape: tuple[int, int], grow: int) -> list[Stretch]:
    """The clip cut wherever a mask begins or ends."""
    inner = {edge for layer in layers for edge in (layer.first, layer.stop) if 0 < edge < length}
    edges = [0, *sorted(inner), length]
    stretches = []
    for start, stop in pairwise(edges):
        active = [layer.mask for layer in layers if layer.covers(start)]
        still = np.zeros(shape, bool)
        for mask in active:
            if isinstance(mask, np.ndarray):
                still |= mask
        moving = tuple(mask for mask in active if not isinstance(mask, np.ndarray))
        stretches.append(Stretch(start, stop, still, moving, grow))
    return stretches
