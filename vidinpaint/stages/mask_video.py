"""What `vidinpaint.masks` reads through `vidinpaint.video`: mask videos, and the frames of the clip itself."""

from pathlib import Path
from threading import Lock

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.video.array_writer import rgb8
from vidinpaint.video.colour import rgb_from_planes
from vidinpaint.video.readers import Reader, open_reader


class MaskVideo:
    """A video as grey pictures; see `vidinpaint.masks.sources.interface.MaskVideo`."""

    def __init__(self, path: Path) -> None:
        self._reader = open_reader(path)
        self._one_at_a_time = (
            Lock()
        )  # windows are read ahead of those in work, which ask for their reference frames' masks
        base = self._reader.info.time_base
        self._pts = np.array([scanned.pts for scanned in self._reader.scan(height=8)], np.int64)
        self.times = [(int(pts) - int(self._pts[0])) * base for pts in self._pts]
        """When each frame is shown, in seconds from the first."""

    def read(self, start: int, stop: int) -> np.ndarray:
        """uint8 (T, H, W): the largest colour channel of frames start:stop."""
        with self._one_at_a_time:
            clip = self._reader.read(self._pts, start, stop)
        whole = Box(0, 0, clip.width, clip.height)
        frames = [rgb_from_planes(clip.cut(t, t + 1), whole)[0].max(-1) for t in range(start, stop)]
        return np.stack([np.clip(frame * 255 + 0.5, 0, 255).astype(np.uint8) for frame in frames])


def read_mask_video(path: Path) -> MaskVideo:
    """Open a mask video; raises `ClipError`."""
    return MaskVideo(path)


class ClipFrames:
    """The frames of a clip for masks that depend on them; read by a reader of its own, opened when it is needed."""

    def __init__(self, reader: Reader, pts: np.ndarray) -> None:
        self._source, self._pts = reader, pts
        self._reader: Reader | None = None
        self._one_at_a_time = Lock()  # as in `MaskVideo`

    def __call__(self, start: int, stop: int) -> np.ndarray:
        """uint8 (stop - start, H, W, 3) RGB: frames start:stop."""
        with self._one_at_a_time:
            self._reader = self._reader or self._source.reopen()
            return rgb8(self._reader.read(self._pts, start, stop))
