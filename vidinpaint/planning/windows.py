"""Divides a clip into windows: frames that are inpainted together, with the context that is read for them.

A window lies in one shot, so that no motion is followed across a cut. The number of its frames times the area of its
crops is limited, so that the memory of a run does not depend on the length of the clip.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.settings import Settings, setting
from vidinpaint.core.window import Box, Window
from vidinpaint.planning.crops import find_crops
from vidinpaint.planning.spans import Span, find_spans, split_evenly

log = logging.getLogger(__name__)

FRAME_COPIES = 4  # of a window's planes in memory: read ahead, being computed, inpainted, waiting for the encoder
CROP_BYTES = 75  # per crop pixel at the peak, with flow at half size: float RGB, flow, masks (measured)
FLOW_BYTES = 40  # more per crop pixel where flow is estimated at full size
MIN_LENGTH, MIN_CONTEXT = 8, 4  # frames
REACH = 16  # frames for which the background stays in view as the camera moves; 8 cost 3.7 dB on a fast pan


@dataclass(frozen=True)
class WindowSettings(Settings):
    """The sizes of windows and crops."""

    length: int = setting(60, "Largest number of frames that a window produces.", low=2, unit="frames")
    context: int = setting(16, "Frames before and after those that a window also reads.", low=0, unit="frames")
    margin: int = setting(
        64, "Surroundings of the mask in a crop, at least; more where the picture moves fast.", low=0, unit="pixels"
    )
    memory: float = setting(
        1600.0, "Limit for the frames and crops of a window, in 1e6 bytes.", low=50, unit="megabytes"
    )


class MaskBoxes(Protocol):
    """The part of a clip's masks that `make_windows` needs."""

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Boxes of the masks in one frame."""
        ...

    def share(self, index: int) -> float:
        """Share of one frame that is masked, 0 to 1."""
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
    """Windows, in order, such that each frame of the shots belongs to one of them.

    shots         half-open frame ranges, in order and without gaps
    width, height pixels of a frame
    frame_bytes   bytes of a frame as it is decoded
    motion        float32 (T,): shift of each frame from the previous one, relative to the height. Default: no motion
    large         whether flow is estimated on downscaled frames. Default: False

    The crops of a window hold all masks of its own frames; a window without masks reads no context.
    Raises MaskCoverageError where masks cover a shot completely.
    """
    planner = _Planner(masks, width, height, frame_bytes, settings, motion, CROP_BYTES + (0 if large else FLOW_BYTES))
    windows: list[Window] = []
    for shot, (start, stop) in enumerate(shots):
        planner.check_known_pixels(start, stop)
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

    def check_known_pixels(self, start: int, stop: int) -> None:
        if all(self.masks.share(index) >= 1 for index in range(start, stop)):
            raise MaskCoverageError(
                "known pixels in every shot",
                f"a mask that covers frames {start} to {stop - 1} completely",
                "Give a smaller mask, or limit it to other frames with @START-END.",
            )

    def windows(self, shot: int, start: int, stop: int) -> Iterator[Window]:
        """The windows of one shot, not numbered yet, each as long as `length` and `memory` allow."""
        masks = [bool(self.masks.boxes(index)) for index in range(start, stop)]
        for span in find_spans(masks, start, self.settings.context):
            yield from self._span_windows(shot, span, start, stop)

    def _span_windows(self, shot: int, span: Span, start: int, stop: int) -> list[Window]:
        length, context = self.settings.length, self.settings.context
        while True:
            pieces = split_evenly(span[0], span[1], length, context)
            windows = [self._window(shot, piece, start, stop, context) for piece in pieces]
            if max(map(self._bytes, windows)) <= self.settings.memory * 1e6:
                return windows
            if length <= MIN_LENGTH and context <= MIN_CONTEXT:
                log.warning(
                    "frames %d to %d: windows of %d frames need %.0f MB, more than plan.memory = %g MB",
                    *(span[0], span[1] - 1, length, max(map(self._bytes, windows)) / 1e6, self.settings.memory),
                )
                return windows
            length = min(length, max(MIN_LENGTH, length // 2))
            context = min(context, max(MIN_CONTEXT, context // 2))

    def _window(self, shot: int, piece: tuple[int, int], start: int, stop: int, context: int) -> Window:
        first, last = piece
        masks = map(self.masks.boxes, range(first, last))
        reach = self._reach(first, last)
        crops = find_crops(masks, self.width, self.height, self.settings.margin, reach)
        if not crops:
            return Window(0, shot, first, last, first, last)
        return Window(0, shot, first, last, max(start, first - context), min(stop, last + context), crops)

    def _reach(self, first: int, last: int) -> int:
        """Pixels that the camera moves in REACH frames at its highest speeds in the window (90 % quantile)."""
        if self.motion is None or last - first < 2:
            return 0
        return round(REACH * float(np.quantile(self.motion[first + 1 : last], 0.9)) * self.height)

    def _bytes(self, window: Window) -> int:
        pixels = sum(crop.area for crop in window.crops)
        return (FRAME_COPIES * self.frame_bytes + self.crop_bytes * pixels) * (window.read_stop - window.read_start)
