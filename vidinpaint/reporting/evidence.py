"""`Evidence`: a few frames of a run, before and after, and where the inpainted pixels of every frame came from.

The frames are chosen from the plan before any window starts and kept as small JPEG files, so memory is bounded and
the choice does not depend on the order of the windows.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np

from vidinpaint.checking.record import WindowCheck
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.clip import Clip
from vidinpaint.core.window import Box, Plan, Window
from vidinpaint.reporting.pictures import SIDE, jpeg, overlay, png, soften, upright
from vidinpaint.video.array_writer import rgb8
from vidinpaint.video.info import VideoInfo

MOMENTS, DOUBTFUL = 12, 4
"""Frames kept at the most: spread over the clip, and one each of the worst windows that are without one so far."""
NARROW = 0.75  # of a side of the frame: where this much would be shown, all of it is
MARGIN, LEAST = 32, 480  # pixels around the masks, and of the longer side of the part shown, at least


Record = dict[str, Any]
"""Evidence of one window or moment as JSON holds it."""


class MaskBoxes(Protocol):
    """What is asked of the masks of a clip."""

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Boxes of the masks in one frame."""
        ...


@dataclass(frozen=True)
class Moment:
    """One frame: its index in the clip, its time from the clip's first frame, its size on the page, its pictures.

    middle         of what was inpainted, from the left, as a share of the width
    before, after  JPEG files
    source         a PNG file to lay over them
    """

    frame: int
    seconds: float
    width: int
    height: int
    middle: float
    before: bytes
    after: bytes
    source: bytes

    def to_json(self) -> Record:
        return {
            name: b64encode(value).decode("ascii") if isinstance(value, bytes) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, record: Record) -> "Moment":
        return cls(**{**record, **{name: b64decode(record[name]) for name in ("before", "after", "source")}})


def choose_moments(masks: MaskBoxes, length: int, most: int = MOMENTS) -> tuple[int, ...]:
    """Up to `most` of the frames that have masks, spread evenly over them."""
    masked = [index for index in range(length) if masks.boxes(index)]
    if len(masked) <= most:
        return tuple(masked)
    return tuple(masked[(2 * k + 1) * len(masked) // (2 * most)] for k in range(most))


def choose_view(boxes: Sequence[Box], width: int, height: int) -> Box:
    """The part of a frame that is worth a look: around all boxes, in the frame's own shape.

    The whole frame where it is no larger than a picture on the page, or the part would not be much smaller.
    """
    whole = Box(0, 0, width, height)
    if not boxes or max(width, height) <= SIDE:
        return whole
    around = reduce(Box.union, boxes)
    margin = max(MARGIN, min(around.width, around.height) // 2)
    scale = max((around.width + 2 * margin) / width, (around.height + 2 * margin) / height, LEAST / max(width, height))
    if scale > NARROW:
        return whole
    size = round(scale * width), round(scale * height)
    x = min(max(0, around.x + (around.width - size[0]) // 2), width - size[0])
    y = min(max(0, around.y + (around.height - size[1]) // 2), height - size[1])
    return Box(x, y, *size)


class Evidence:
    """Collects window by window, in any order.

    view     the part of the frames that the pictures show
    counts   int64 (T, number of sources): inpainted pixels of every frame by `Source`
    """

    def __init__(self, plan: Plan, info: VideoInfo, masks: MaskBoxes) -> None:
        self.plan, self.info = plan, info
        self.counts = np.zeros((len(plan), len(Source)), np.int64)
        boxes = {box for index in range(len(plan)) for box in masks.boxes(index)}
        self.view = choose_view(sorted(boxes), info.width, info.height)
        self._chosen = frozenset(choose_moments(masks, len(plan)))
        self._moments: dict[int, Moment] = {}
        self._doubtful: list[tuple[float, int, Moment]] = []

    @property
    def moments(self) -> tuple[Moment, ...]:
        """In the order of time."""
        moments = [*self._moments.values(), *(moment for _, _, moment in self._doubtful)]
        return tuple(sorted(moments, key=lambda moment: moment.frame))

    def collect(
        self, window: Window, values: Mapping[str, Any], canvases: Sequence[Canvas], check: WindowCheck | None
    ) -> None:
        """Take what is wanted of a finished window.

        values    of all phases up to merge: "mask" bool (T, H, W); the first `Clip` of them is the decoded one, the
                  last the composited one
        canvases  the finished ones, one for each of `window.boxes`
        """
        self.add(self.record(window, values, canvases, check))

    def record(
        self, window: Window, values: Mapping[str, Any], canvases: Sequence[Canvas], check: WindowCheck | None
    ) -> Record:
        """What is wanted of a finished window, see `collect`, as values that JSON can hold; empty for nothing."""
        if not canvases:
            return {}
        source = _inpainted(window, values["mask"][window.owned], canvases)
        counts = [np.bincount(frame[frame != Source.ORIGINAL], minlength=len(Source)).tolist() for frame in source]
        clips = [value for value in values.values() if isinstance(value, Clip)]

        def moment(frame: int) -> Record:
            return self._moment(frame, clips[0], clips[-1], source[frame - window.start]).to_json()

        chosen = self._chosen.intersection(range(window.start, window.stop))
        found = {"start": window.start, "counts": counts, "moments": [moment(frame) for frame in sorted(chosen)]}
        if check and check.verdict != "good" and not chosen:
            middle = check.frames[len(check.frames) // 2].index
            found["doubtful"] = [-check.score, window.index, moment(middle)]
        return found

    def add(self, record: Record) -> None:
        """Take what `record` found, here or elsewhere."""
        if not record:
            return
        for t, counts in enumerate(record["counts"], record["start"]):
            self.counts[t] = counts
        moments = [Moment.from_json(moment) for moment in record["moments"]]
        self._moments |= {moment.frame: moment for moment in moments}
        if "doubtful" in record:
            score, index, moment = record["doubtful"]
            worst = [*self._doubtful, (score, index, Moment.from_json(moment))]
            self._doubtful = sorted(worst, key=lambda item: item[:2])[:DOUBTFUL]

    def _moment(self, frame: int, before: Clip, after: Clip, source: np.ndarray) -> Moment:
        rotation, aspect = self.info.rotation, self.info.sample_aspect
        pictures = [
            upright(rgb8(clip.cut(frame, frame + 1))[0][self.view.slices], rotation, aspect) for clip in (before, after)
        ]
        laid_over = soften(upright(overlay(source[self.view.slices]), rotation, aspect))
        height, width = laid_over.shape[:2]
        columns = np.nonzero(laid_over[..., 3])[1]
        middle = (float(columns.mean()) + 0.5) / width if columns.size else 0.5
        seconds = float((int(self.plan.pts[frame]) - int(self.plan.pts[0])) * self.plan.time_base)
        return Moment(frame, seconds, width, height, middle, jpeg(pictures[0]), jpeg(pictures[1]), png(laid_over))


def _inpainted(window: Window, masks: np.ndarray, canvases: Sequence[Canvas]) -> np.ndarray:
    """uint8 (T, H, W): where the owned frames' pixels came from, `ORIGINAL` outside the masks."""
    source = np.zeros(masks.shape, np.uint8)
    for box, canvas in zip(window.boxes, canvases):
        source[:, *box.slices] = canvas.source
    source *= masks
    return source
