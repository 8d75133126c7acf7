"""`MaskSource`: what every kind of mask offers, and `TargetClip`: what it may know about the clip that it is for.

A source holds what the user gave, small: a path, a box, a few settings. Nothing is read before `open`, and afterwards
only the frames that are asked for, so that no more than the window in work is held in memory.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.settings import Settings
from vidinpaint.masks.mask_image import THRESHOLD, MaskSize

CHUNK = 16  # frames of a mask that changes from frame to frame that are held at a time

ReadMasks = Callable[[int, int], np.ndarray]
"""read(start, stop): bool (stop - start, H, W), True = inpaint, of the clip's frames start:stop."""

ReadFrames = Callable[[int, int], np.ndarray]
"""read(start, stop): uint8 (stop - start, H, W, 3) RGB, the clip's frames start:stop."""


class MaskVideo(Protocol):
    """A mask video as far as this package needs it; its maker decodes."""

    @property
    def times(self) -> list[Fraction]:
        """Seconds from its first frame, increasing."""
        ...

    def read(self, start: int, stop: int) -> np.ndarray:
        """uint8 grey (stop - start, h, w) of its frames start:stop."""
        ...


ReadVideo = Callable[[Path], MaskVideo]


@dataclass(frozen=True)
class TargetClip:
    """The clip that a mask is for. Frames are counted from the first one that is worked on.

    name         the mask as messages call it
    size         width and height of the clip in pixels; `size.fit` brings a mask of another size to it, or raises
    pts          int64 (T,), time stamps of its frames, in time_base seconds
    origin       time stamp of the first frame of the whole source, from which times are counted
    before       frames of the source in front of the first one that is worked on
    total        frames of the whole source
    first, stop  the frames first:stop are those that the mask is for
    note         call it with a sentence that the user should read in the report
    read_video   opens a mask video; None where there are none, as for a single image
    frames       reads the clip itself; None where it cannot be read: use `read_frames`
    """

    name: str
    size: MaskSize
    pts: np.ndarray
    time_base: Fraction
    origin: int
    before: int
    total: int
    first: int
    stop: int
    note: Callable[[str], None]
    read_video: ReadVideo | None = None
    frames: ReadFrames | None = None

    @property
    def here(self) -> slice:
        """The frames that are worked on, of those of the whole source."""
        return slice(self.before, self.before + len(self.pts))

    def read_frames(self, start: int, stop: int) -> np.ndarray:
        """uint8 (stop - start, H, W, 3) RGB: the clip's frames start:stop, for a mask that depends on the picture.

        Raises MaskError where there is no clip to read.
        """
        if self.frames is None:
            remedy = "Write the masks to files first, and give these."
            raise MaskError("a mask that does not depend on the frames", f"{self.name}, which reads them", remedy)
        return self.frames(start, stop)


class MaskSource(Settings, ABC):
    """One kind of mask: a frozen dataclass in a file of the same name.

    Its fields are its settings. A mask of another package is asked for by name, as `name:value` or
    `name:field=value,field=value` (see `vidinpaint.masks.specs`), and gets its fields from there.
    """

    @classmethod
    def accepts(cls, given: object) -> bool:
        """Whether a path, a box or an array is of this kind, which then gets it as its only field.

        Only the kinds that come with vidinpaint are asked; those of other packages are chosen by name.
        """
        return False

    @abstractmethod
    def open(self, clip: TargetClip) -> np.ndarray | ReadMasks:
        """The mask bool (H, W), if it is the same in all frames; else a function read(start, stop).

        The function returns bool (stop - start, H, W), True = inpaint, of the clip's frames start:stop, any part of
        clip.first:clip.stop. It must give the same masks for the same frames whatever was read before, as windows are
        worked on in any order and on any machine. Raises MaskError for a mask that cannot be read or does not match.
        """


def as_mask(values: np.ndarray) -> np.ndarray:
    """bool, True = inpaint, of a bool or uint8 array."""
    return values if values.dtype == np.bool_ else values > THRESHOLD
