"""Cuts a clip into windows: frames that are finished together, with what may be looked at for them.

Windows never cross a shot, so that no motion is followed over a cut. Their number of frames times the size of their
crops is bounded, so that the memory of a run does not rise with the length of the clip.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box, Window
from vidinpaint.planning.crops import crop_boxes
from vidinpaint.planning.spans import Span, cut_evenly, find_spans

log = logging.getLogger(__name__)

FRAME_COPIES = (
    4  # planes of a window that are alive at once: decoding ahead, in work, inpainted, waiting for the encoder
)
CROP_BYTES = 75  # a crop pixel at the peak, flow at half size: float RGB, flow, what masks need (measured)
FLOW_BYTES = 40  # more, where flow is estimated at full size
SHORTEST_LENGTH, SHORTEST_CONTEXT = 8, 4
REACH = 16  # frames for which what moves past a mask is kept in view; half of it cost 3.7 dB on a fast pan


@dataclass(frozen=True)
class WindowSettings(Settings):
    """How windows are cut."""

    length: int = setting(60, "Largest number of frames that a window produces.", low=2, unit="frames")
    context: int = setting(16, "Frames before and after those that a window also reads.", low=0, unit="frames")
    margin: int = setting(
        64, "Surroundings of the mask in a crop, at least; more where the picture moves fast.", low=0, unit="pixels"
    )
    memory: float = setting(
        1600.0, "Limit for the frames and crops of a window, in 1e6 bytes.", low=50, unit="megabytes"
    )


class MaskBoxes(Protocol):
    """What is asked of the masks of a clip."""

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Boxes of the masks in one frame."""
        ...

    def share(self, index: int) -> float:
        """Share of one frame that is mask, 0 to 1."""
        ...


def make_windows(
    shots: Sequence[tuple[int, int]],
    masks: MaskBoxes,
    width: int,
    height: int,
    frame_bytes: int,
    settings: WindowSettings,
    motion: np.ndarray | None = None,
    large: bool = False,
) -> tuple[Window, ...]:
    """Windows that own every frame of the shots once, in order.

    shots         half-open frame ranges, in order and without gaps
    width, height pixels of a frame
    frame_bytes   bytes of a frame as it is decoded
    motion        float32 (T,): shift of every frame against the one before, as a share of the height; None: still
    large         whether flow is estimated on downscaled frames

    `boxes` of a window hold all masks of the frames that it owns; where there are none it reads nothing else.
    Raises MaskCoverageError where a shot shows nothing at all.
    """
    planner = _Planner(masks, width, height, frame_bytes, settings, motion, CROP_BYTES + (0 if large else FLOW_BYTES))
    windows: list[Window] = []
    for shot, (start, stop) in enumerate(shots):
        planner.check_something_known(start, stop)
        for window in planner.windows(shot, start, stop):
            windows.append(replace(window, index=len(windows)))
    return tuple(windows)


@dataclass(frozen=True)
class _Planner:
    masks: MaskBoxes
    width: int
    height: int
    frame_bytes: int
    settings: WindowSettings
    motion: np.ndarray | None
    crop_bytes: int

    def check_something_known(self, start: int, stop: int) -> None:
        if all(self.masks.share(index) >= 1 for index in range(start, stop)):
            raise MaskCoverageError(
                "something known in every shot",
                f"a mask that covers frames {start} to {stop - 1} completely",
                "Inpaint less of these frames, or limit the mask to another time with @START-END.",
            )

    def windows(self, shot: int, start: int, stop: int) -> Iterator[Window]:
        """The windows of one shot, each span of it with windows as long as memory allows; not numbered yet."""
        masks = [bool(self.masks.boxes(index)) for index in range(start, stop)]
        for span in find_spans(masks, start, self.settings.context):
            yield from self._span_windows(shot, span, start, stop)

    def _span_windows(self, shot: int, span: Span, start: int, stop: int) -> list[Window]:
        length, context = self.settings.length, self.settings.context
        while True:
            pieces = cut_evenly(span[0], span[1], length, context)
            windows = [self._window(shot, piece, start, stop, context) for piece in pieces]
            if max(map(self._bytes, windows)) <= self.settings.memory * 1e6:
                return windows
            if length <= SHORTEST_LENGTH and context <= SHORTEST_CONTEXT:
                log.warning(
                    "frames %d to %d: windows of %d frames still take %.0f MB, more than memory = %g MB",
                    *(span[0], span[1] - 1, length, max(map(self._bytes, windows)) / 1e6, self.settings.memory),
                )
                return windows
            length = min(length, max(SHORTEST_LENGTH, length // 2))
            context = min(context, max(SHORTEST_CONTEXT, context // 2))

    def _window(self, shot: int, piece: tuple[int, int], start: int, stop: int, context: int) -> Window:
        first, last = piece
        masks = map(self.masks.boxes, range(first, last))
        reach = self._reach(first, last)
        boxes = crop_boxes(masks, self.width, self.height, self.settings.margin, reach)
        if not boxes:
            return Window(0, shot, first, last, first, last)
        return Window(0, shot, first, last, max(start, first - context), min(stop, last + context), boxes)

    def _reach(self, first: int, last: int) -> int:
        """Pixels that the picture moves in REACH frames, when it moves fast."""
        if self.motion is None or last - first < 2:
            return 0
        return round(REACH * float(np.quantile(self.motion[first + 1 : last], 0.9)) * self.height)

    def _bytes(self, window: Window) -> int:
        crops = sum(crop.area for crop in window.crops)
        return (FRAME_COPIES * self.frame_bytes + self.crop_bytes * crops) * (window.read_stop - window.read_start)
