"""`Evidence`: a few frames of a run, before and after, and the sources of the inpainted pixels of every frame.

The frames are selected from the plan before any window starts and kept as small JPEG files, so memory is bounded and
the selection does not depend on the order of the windows.
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
from vidinpaint.marks.placed import Marks
from vidinpaint.reporting.images import MAX_SIDE, jpeg, overlay, png, soften, upright
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.info import VideoInfo

MAX_MOMENTS = 12  # frames spread over the clip
MAX_SUSPECT_MOMENTS = 4  # further frames, one for each of the worst windows without a moment
MAX_VIEW_SCALE = 0.75  # of a side of the frame; a larger view becomes the whole frame
MIN_MARGIN, MIN_VIEW_SIDE = 32, 480  # pixels around the masks, and of the longer side of the view


Record = dict[str, Any]
"""Evidence of one window or moment as JSON holds it."""


class MaskBoxes(Protocol):
    """The part of a clip's masks that is needed here."""

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Boxes of the masks in one frame."""
        ...


@dataclass(frozen=True)
class Moment:
    """One frame on the page.

    frame, seconds  index in the clip, and time from the clip's first frame
    width, height   pixels on the page
    middle          horizontal centre of the inpainted pixels, 0..1 of the width
    before, after   JPEG files
    source          PNG file of the provenance colours, to lay over them
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


def select_moments(masks: MaskBoxes, length: int, count: int = MAX_MOMENTS) -> tuple[int, ...]:
    """At most `count` frames with masks, evenly spread over all of them."""
    masked = [index for index in range(length) if masks.boxes(index)]
    if len(masked) <= count:
        return tuple(masked)
    return tuple(masked[(2 * k + 1) * len(masked) // (2 * count)] for k in range(count))


def select_view(boxes: Sequence[Box], width: int, height: int) -> Box:
    """The region of the frames that the page shows: around all boxes, with the frame's aspect ratio.

    The whole frame if it is not larger than an image on the page, or if the region would not be much smaller.
    """
    whole = Box(0, 0, width, height)
    if not boxes or max(width, height) <= MAX_SIDE:
        return whole
    bounds = reduce(Box.union, boxes)
    margin = max(MIN_MARGIN, min(bounds.width, bounds.height) // 2)
    scale = max(
        (bounds.width + 2 * margin) / width, (bounds.height + 2 * margin) / height, MIN_VIEW_SIDE / max(width, height)
    )
    if scale > MAX_VIEW_SCALE:
        return whole
    size = round(scale * width), round(scale * height)
    x = min(max(0, bounds.x + (bounds.width - size[0]) // 2), width - size[0])
    y = min(max(0, bounds.y + (bounds.height - size[1]) // 2), height - size[1])
    return Box(x, y, *size)


class Evidence:
    """Collects moments and pixel counts from windows in any order.

    marks    the half-transparent marks that were un-blended
    view     the region of the frames that the images show
    counts   int64 (T, number of sources): inpainted pixels of every frame by `Source`
    """

    def __init__(self, plan: Plan, info: VideoInfo, masks: MaskBoxes, marks: Marks | None = None) -> None:
        self.plan, self.info, self.marks = plan, info, marks or Marks()
        self.counts = np.zeros((len(plan), len(Source)), np.int64)
        boxes = {box for index in range(len(plan)) for box in masks.boxes(index)}
        self.view = select_view(sorted(boxes), info.width, info.height)
        self._selected = frozenset(select_moments(masks, len(plan)))
        self._moments: dict[int, Moment] = {}
        self._suspect: list[tuple[float, int, Moment]] = []

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All moments in order of time."""
        moments = [*self._moments.values(), *(moment for _, _, moment in self._suspect)]
        return tuple(sorted(moments, key=lambda moment: moment.frame))

    def collect(
        self, window: Window, values: Mapping[str, Any], canvases: Sequence[Canvas], check: WindowCheck | None
    ) -> None:
        """Add the evidence of a finished window.

        values    of all phases up to merge: "mask" bool (T, H, W), True = inpaint; the first `Clip` is the decoded one,
                  the last one the composited one
        canvases  the finished ones, one for each of `window.crops`
        """
        self.add(self.record(window, values, canvases, check))

    def record(
        self, window: Window, values: Mapping[str, Any], canvases: Sequence[Canvas], check: WindowCheck | None
    ) -> Record:
        """The evidence of a finished window, see `collect`, as JSON values; empty for a window without masks."""
        if not canvases:
            return {}
        source = _source_map(window, values["mask"][window.owned], canvases)
        counts = [np.bincount(frame[frame != Source.ORIGINAL], minlength=len(Source)).tolist() for frame in source]
        clips = [value for value in values.values() if isinstance(value, Clip)]

        def moment(frame: int) -> Record:
            return self._moment(frame, clips[0], clips[-1], source[frame - window.start]).to_json()

        selected = self._selected.intersection(range(window.start, window.stop))
        found = {"start": window.start, "counts": counts, "moments": [moment(frame) for frame in sorted(selected)]}
        if check and check.verdict != "good" and not selected:
            middle = check.frames[len(check.frames) // 2].index
            found["suspect"] = [-check.score, window.index, moment(middle)]
        return found

    def add(self, record: Record) -> None:
        """Add a record of a window, made by this process or another one."""
        if not record:
            return
        for t, counts in enumerate(record["counts"], record["start"]):
            self.counts[t] = counts
        moments = [Moment.from_json(moment) for moment in record["moments"]]
        self._moments |= {moment.frame: moment for moment in moments}
        if "suspect" in record:
            score, index, moment = record["suspect"]
            worst = [*self._suspect, (score, index, Moment.from_json(moment))]
            self._suspect = sorted(worst, key=lambda item: item[:2])[:MAX_SUSPECT_MOMENTS]

    def _moment(self, frame: int, before: Clip, after: Clip, source: np.ndarray) -> Moment:
        turn, aspect = self.info.turn, self.info.sample_aspect
        images = [
            upright(rgb8(clip.cut(frame, frame + 1))[0][self.view.slices], turn, aspect) for clip in (before, after)
        ]
        tint = soften(upright(overlay(source[self.view.slices]), turn, aspect))
        height, width = tint.shape[:2]
        columns = np.nonzero(tint[..., 3])[1]
        middle = (float(columns.mean()) + 0.5) / width if columns.size else 0.5
        seconds = float((int(self.plan.pts[frame]) - int(self.plan.pts[0])) * self.plan.time_base)
        return Moment(frame, seconds, width, height, middle, jpeg(images[0]), jpeg(images[1]), png(tint))


def _source_map(window: Window, masks: np.ndarray, canvases: Sequence[Canvas]) -> np.ndarray:
    """uint8 (T, H, W): the `Source` of every pixel of the owned frames, `ORIGINAL` outside the masks."""
    source = np.zeros(masks.shape, np.uint8)
    for crop, canvas in zip(window.crops, canvases):
        source[:, *crop.slices] = canvas.source
    source *= masks
    return source
