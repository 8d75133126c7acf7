"""`MaskSource`: the interface of each kind of mask; `TargetClip`: the facts about the clip that a mask is opened for.

A source holds only what the user gave: a path, a box, a few settings. Nothing is read before `open`, and then only the
frames that are requested, so that no more than the current window is held in memory.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.settings import Settings
from vidinpaint.detection.detection import Detection, draw
from vidinpaint.detection.footage import Footage
from vidinpaint.masks.marked_pixels import THRESHOLD
from vidinpaint.masks.mask_size import MaskSize

CHUNK = 16  # frames that are held at a time, of a mask that changes from frame to frame

ReadMasks = Callable[[int, int], np.ndarray]
"""read(start, stop): bool (stop - start, H, W), True = inpaint, of the clip's frames start:stop."""

ReadFrames = Callable[[int, int], np.ndarray]
"""read(start, stop): uint8 (stop - start, H, W, 3) RGB, the clip's frames start:stop."""


class MaskVideo(Protocol):
    """A mask video; its opener provides the decoding."""

    @property
    def times(self) -> list[Fraction]:
        """Seconds from its first frame, increasing."""
        ...

    def read(self, start: int, stop: int) -> Iterable[np.ndarray]:
        """Its frames start:stop, upright: each uint8 (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA."""
        ...


ReadVideo = Callable[[Path], MaskVideo]


@dataclass(frozen=True)
class TargetClip:
    """The clip that a mask applies to. Frames are counted from the first one that is processed.

    name         the mask as messages call it
    size         width and height of the clip in pixels, as players show it, which is what masks refer to; `size.fit`
                 scales a mask of another size, or raises MaskError
    pts          int64 (T,), time stamps of its frames, in time_base seconds
    zero         time stamp at which a player shows 0:00, from which the times of masks are counted
    origin       time stamp of the first frame of the whole source, which belongs to the first frame of a mask video
    before       number of frames of the source before the first one that is processed
    total        number of frames of the whole source
    first, stop  the mask applies to the frames first:stop
    note         adds a sentence to the report
    read_video   opens a mask video. Default: None, mask videos are not supported, as for a single image
    frames       reads the clip itself, see `read_frames`. Default: None, it cannot be read
    numbers      the number in the file name of each frame of the whole source. Default: None, there are none
    detections   what a `DetectingSource` has found in the clip. Default: None, nobody has searched it
    """

    name: str
    size: MaskSize
    pts: np.ndarray
    time_base: Fraction
    zero: int
    origin: int
    before: int
    total: int
    first: int
    stop: int
    note: Callable[[str], None]
    read_video: ReadVideo | None = None
    frames: ReadFrames | None = None
    numbers: Sequence[int] | None = None
    detections: Sequence[Detection] | None = None

    @property
    def processed(self) -> slice:
        """The frames that are processed, as a slice of those of the whole source."""
        return slice(self.before, self.before + len(self.pts))

    def read_frames(self, start: int, stop: int) -> np.ndarray:
        """uint8 (stop - start, H, W, 3) RGB: the clip's frames start:stop, upright, for a mask that depends on them.

        Raises MaskError where there is no clip to read.
        """
        if self.frames is None:
            remedy = "Write the masks to files, and give these files instead."
            raise MaskError("a mask that does not depend on the frames", f"{self.name}, which reads them", remedy)
        return self.frames(start, stop)


class MaskSource(Settings, ABC):
    """One kind of mask: a frozen dataclass in a file of the same name.

    Its fields are its settings. It is chosen by name, as `name:value` or `name:field=value,field=value` (see
    `vidinpaint.masks.specs`), which gives the values of its fields, unless it `accepts` what the user gave.
    """

    @classmethod
    def accepts(cls, source: object) -> bool:
        """Whether a path, a box or an array is of this kind; it is then the only field of the mask source.

        Asked only of the kinds that come with vidinpaint. Default: of none, the mask source is chosen by name.
        """
        return False

    @abstractmethod
    def open(self, clip: TargetClip) -> np.ndarray | ReadMasks:
        """The mask bool (H, W) if it is the same in all frames, otherwise a function read(start, stop).

        The function returns bool (stop - start, H, W), True = inpaint, of the clip's frames start:stop, any part of
        clip.first:clip.stop. It must return the same masks for the same frames whatever was read before, because
        windows are computed in any order and on any machine. Raises MaskError for a mask that is unreadable or does
        not match.
        """


class DetectingSource(MaskSource):
    """A kind of mask that looks at the clip. It searches once, before anything else; workers get what it found."""

    @abstractmethod
    def detect(self, footage: Footage) -> list[Detection]:
        """What is to be inpainted, in the order in which it appears; an empty list if nothing is found."""

    def open(self, clip: TargetClip) -> ReadMasks:
        """See `MaskSource`."""
        if clip.detections is None:
            remedy = "Write the masks with `vidinpaint detect`, and give their folder instead."
            raise MaskError("a mask that does not search the clip", clip.name, remedy)
        found, height, width = clip.detections, clip.size.height, clip.size.width
        clip.note(f"{clip.name} has found {len(found)} to inpaint" if found else f"{clip.name} has found nothing")
        return lambda start, stop: draw(found, start, stop, height, width)


def as_mask(values: np.ndarray) -> np.ndarray:
    """bool, True = inpaint, of a bool or uint8 array."""
    return values if values.dtype == np.bool_ else values > THRESHOLD
