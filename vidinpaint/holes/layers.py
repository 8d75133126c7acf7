"""Opens one mask after the other: checks each against the clip and says which frames it is for."""

import logging
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidinpaint.errors import ClipError, MaskError
from vidinpaint.holes.picture import PICTURES, MaskSize, is_picture, read_picture
from vidinpaint.holes.sources import Folder, Frames, ReadVideo, Source, Video, as_holes
from vidinpaint.holes.specs import MaskSpec
from vidinpaint.holes.timing import frames_between, match_by_time
from vidinpaint.natural_order import natural_order
from vidinpaint.window import Box

log = logging.getLogger(__name__)
KINDS = "Name a picture, a folder, a video or a box x,y,width,height."


@dataclass(frozen=True)
class Layer:
    """One mask and the frames first:stop it is for; an array (H, W) is the same in all of them."""

    first: int
    stop: int
    mask: np.ndarray | Source

    def covers(self, frame: int) -> bool:
        return self.first <= frame < self.stop


@dataclass(frozen=True)
class Opener:
    """Opens the masks of one clip, one after the other, and notes what the user should hear about."""

    size: MaskSize
    pts: np.ndarray
    time_base: Fraction
    read_video: ReadVideo | None
    notes: list[str]
    origin: int
    before: int
    total: int

    @property
    def _range(self) -> slice:
        """The frames at hand, of those of the whole clip."""
        return slice(self.before, self.before + len(self.pts))

    def note(self, text: str) -> None:
        self.notes.append(text)
        log.warning(text)

    def open(self, spec: MaskSpec) -> Layer:
        first, stop = frames_between(spec.start, spec.stop, self.pts, self.time_base, self.origin)
        if first >= stop:
            self.note(f"{spec.name} is for a time in which the clip has no frame")
            return Layer(0, 0, np.zeros((self.size.height, self.size.width), bool))
        mask = self._mask(spec, first, stop)
        if isinstance(mask, np.ndarray) and not mask.any():
            self.note(f"{spec.name} marks nothing: values over 127 mean paint")
        return Layer(first, stop, mask)

    def _mask(self, spec: MaskSpec, first: int, stop: int) -> np.ndarray | Source:
        if isinstance(spec.source, Box):
            return self._box(spec.source, spec.name)
        if isinstance(spec.source, np.ndarray):
            return self._array(spec.source, spec.name)
        return self._file(spec.source, spec.name, first, stop)

    def _box(self, box: Box, name: str) -> np.ndarray:
        hole = np.zeros((self.size.height, self.size.width), bool)
        if not box.overlaps(Box(0, 0, self.size.width, self.size.height)):
            raise MaskError(
                f"a box inside the frame of {self.size.width} x {self.size.height}",
                name,
                "Count x and y in pixels from the upper left corner.",
            )
        if box.x + box.width > self.size.width or box.y + box.height > self.size.height:
            self.note(f"{name} is cut at the frame of {self.size.width} x {self.size.height}")
        hole[box.slices] = True
        return hole

    def _array(self, array: np.ndarray, name: str) -> np.ndarray | Source:
        if array.ndim == 2:
            return self.size.fit(as_holes(array), name)
        if len(array) == self.total:
            array = array[self._range]
        if len(array) != len(self.pts):
            raise MaskError(
                f"a mask array with a mask for each of the {self.total} frames",
                f"{len(array)}",
                "Give (H, W) if one mask is for all frames.",
            )
        self.size.fit(as_holes(array[0]), name)
        return Frames(array, self.size, name)

    def _file(self, path: Path, name: str, first: int, stop: int) -> np.ndarray | Source:
        if path.is_dir():
            return self._folder(path)
        if not path.exists():
            raise MaskError("a mask", f"{str(path)!r}, which does not exist", KINDS)
        if path.suffix.lower() in PICTURES - {".gif"} or is_picture(path):
            return read_picture(path, self.size)
        return self._video(path, name, first, stop)

    def _folder(self, path: Path) -> np.ndarray | Source:
        try:
            files = natural_order(file for file in path.iterdir() if file.is_file())
        except OSError as error:
            raise MaskError("a folder of masks", f"{str(path)!r}, which cannot be read", "Check its rights.") from error
        pictures = tuple(file for file in files if file.suffix.lower() in PICTURES and not file.name.startswith("."))
        others = [file.name for file in files if file not in pictures and not file.name.startswith(".")]
        if others:
            self.note(f"{len(others)} files in {path.name!r} are no pictures and are not used, such as {others[0]!r}")
        if len(pictures) == 1:
            return read_picture(pictures[0], self.size)
        if len(pictures) == self.total:
            pictures = pictures[self._range]
        if len(pictures) != len(self.pts):
            raise MaskError(
                f"a folder with one picture or with {self.total}, one for each frame of the clip",
                f"{len(pictures)} pictures in {str(path)!r}",
                "Write one mask for every frame; a mask for some of them only is given with @START-END.",
            )
        return Folder(pictures, self.size)

    def _video(self, path: Path, name: str, first: int, stop: int) -> Source:
        expected = "a mask (a picture, a folder of pictures or a video)"
        remedy = "Give a file that opens in an image viewer or a video player."
        if not path.stat().st_size:
            raise MaskError(expected, f"an empty file {str(path)!r}", remedy)
        if self.read_video is None:
            raise MaskError(expected, f"{name} where no video can be read", remedy)
        try:
            video = self.read_video(path)
        except ClipError as error:
            raise MaskError(expected, error.actual, remedy) from error
        if not video.times:
            raise MaskError(expected, f"{name}, a video without frames", remedy)
        ticks = [int(stamp) - self.origin for stamp in self.pts[first : stop + 1]]
        times = [tick * self.time_base for tick in ticks]
        matches = match_by_time(times[: stop - first], video.times, self._interval(times, stop - first), name)
        return Video(video, matches, first, self.size, name)

    def _interval(self, times: list[Fraction], count: int) -> Fraction:
        """How long the last of the frames lasts, seconds; the clip's last frame as long as the one before it."""
        if len(times) > count:
            return times[count] - times[count - 1]
        stamps = self.pts[-2:]
        return int(stamps[-1] - stamps[0]) * self.time_base
