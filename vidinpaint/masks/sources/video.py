"""A video whose frames are masks, matched with the frames of the clip by time."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import ClipError, MaskError
from vidinpaint.masks.marked_pixels import marked_pixels
from vidinpaint.masks.mask_size import MaskSize
from vidinpaint.masks.sources.image import Image
from vidinpaint.masks.sources.interface import CHUNK, MaskSource, MaskVideo, ReadMasks, TargetClip
from vidinpaint.masks.timing import match_by_time

EXPECTED = "a mask (an image, a folder of images or a video)"
REMEDY = "Give a file that FFmpeg or OpenCV can read, such as a PNG."
_REMEDY_FOR_ONE = "If it is one mask for all frames, save it as a PNG."

_MOST_BEYOND = Fraction(1, 4)  # seconds by which a mask video may be longer without a note


@dataclass(frozen=True)
class Video(MaskSource):
    """A video file, such as mask.mp4, matched with the clip by time; values over 127 are inpainted."""

    path: Path

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, Path) and source.exists() and not source.is_dir() and not Image.accepts(source)

    def open(self, clip: TargetClip) -> ReadMasks:
        """See `MaskSource`."""
        video = self._video(clip)
        if len(video.times) == 1 < clip.stop - clip.first:
            raise MaskError("a mask for each frame", f"{clip.name} with one picture", _REMEDY_FOR_ONE)
        ticks = [int(stamp) - clip.origin for stamp in clip.pts[clip.first : clip.stop + 1]]
        times = [tick * clip.time_base for tick in ticks]
        count = clip.stop - clip.first
        last = _last_interval(clip, times, count)
        beyond = video.times[-1] - times[-1]
        if len(clip.pts) == clip.total and clip.stop == clip.total and beyond > max(last, _MOST_BEYOND):
            clip.note(f"{clip.name} goes on for {float(beyond):.2f} s behind the last frame: it is matched by time")
        matches = match_by_time(times[:count], video.times, last, clip.name)

        def read(start: int, stop: int) -> np.ndarray:
            shown = matches[start - clip.first : stop - clip.first]
            parts = [shown[at : at + CHUNK] for at in range(0, len(shown), CHUNK)]
            return np.concatenate([_read_masks(video, part, clip.size, clip.name) for part in parts])

        return read

    def _video(self, clip: TargetClip) -> MaskVideo:
        if not self.path.stat().st_size:
            raise MaskError(EXPECTED, f"an empty file {str(self.path)!r}", REMEDY)
        if clip.read_video is None:
            actual = f"{clip.name}, an animation or in a format that cannot be read as an image"
            raise MaskError("a mask (an image or a folder of images)", actual, _REMEDY_FOR_ONE)
        try:
            video = clip.read_video(self.path)
        except ClipError as error:
            raise MaskError(EXPECTED, error.actual, REMEDY) from error
        if not video.times:
            raise MaskError(EXPECTED, f"{clip.name}, a video without frames", REMEDY)
        return video


def _last_interval(clip: TargetClip, times: list[Fraction], count: int) -> Fraction:
    """Duration in seconds of the last of `count` frames; the clip's last frame lasts as long as the one before it."""
    if len(times) > count:
        return times[count] - times[count - 1]
    stamps = clip.pts[-2:]
    return int(stamps[-1] - stamps[0]) * clip.time_base


def _read_masks(video: MaskVideo, numbers: np.ndarray, size: MaskSize, name: str) -> np.ndarray:
    """bool (len(numbers), H, W): the frames of the mask video with these numbers, in increasing order."""
    low, high = int(numbers[0]), int(numbers[-1]) + 1
    shown, masks = set(numbers.tolist()), {}
    for number, frame in enumerate(video.read(low, high), low):
        if number in shown:
            masks[number] = size.fit(marked_pixels(frame, f"frame {number} of {name}"), name)
    if len(masks) < len(shown):
        raise MaskError(
            f"{high} frames in the mask video",
            f"{low + len(masks)} readable frames in {name}",
            "The file may be damaged: write it again.",
        )
    return np.stack([masks[number] for number in numbers.tolist()])
