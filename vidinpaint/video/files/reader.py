"""`FileReader`: reads frames of a video file in any order, with exact samples and time stamps."""

import logging
from array import array
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import av
import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.errors import ClipError
from vidinpaint.core.times import time_range
from vidinpaint.video.files.decoder import Decoder, ShapeError, Stamped
from vidinpaint.video.files.demuxing import decoding_errors
from vidinpaint.video.files.probing import probe
from vidinpaint.video.files.reading_notes import clock_notes, end_notes, frame_notes, gap_notes
from vidinpaint.video.files.tag_encoding import tag_note
from vidinpaint.video.files.truncation import announced_seconds, is_truncated
from vidinpaint.video.info import SourceRange
from vidinpaint.video.pixels.planes import Layout, fits, layout_of, planes_of
from vidinpaint.video.thumbnails import ScannedFrame, thumbnail

_log = logging.getLogger(__name__)
_MAX_GAP_SECONDS = 5  # decoding through a shorter gap costs less than seeking to a key frame


class FileReader:
    """Reads `path`. The frames of the last window are kept, so overlapping windows in order decode nothing twice."""

    def __init__(
        self, path: str | Path, start: Fraction | None = None, end: Fraction | None = None, strict: bool = True
    ) -> None:
        self.start, self.end, self.strict = start, end, strict
        self._decoder = Decoder(path)
        try:
            first = next(self._decoder.from_start(), None)
            if first is None:
                raise ClipError("a video with at least one frame", f"'{path}' without any frame", "Check the file.")
        except BaseException:
            self._decoder.close()
            raise
        self._layout: Layout = layout_of(first[1])
        self.info = probe(path, self._decoder.stream, first[1], self._layout)
        if note := tag_note(self._decoder.container):
            self.info = replace(self.info, notes=(*self.info.notes, note))
        self._first, self._clock = first[0], self._decoder.clock
        self._zero = min(floor(self._clock.zero / self.info.time_base), self._first)
        self._frames: Iterator[Stamped] | None = None
        self._position = 0
        self._last: Clip | None = None

    def reopen(self) -> "FileReader":
        return FileReader(self.info.path, self.start, self.end, self.strict)

    def close(self) -> None:
        self._frames = self._last = None
        self._decoder.close()

    def __enter__(self) -> "FileReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def scan(self, height: int = 72) -> Iterator[ScannedFrame]:
        """Every frame of the range; see `Reader`."""
        if self.strict:
            self._check_complete()
        begin = self._zero + ceil((self.start or 0) / self.info.time_base)
        stop = None if self.end is None else self._zero + ceil(self.end / self.info.time_base)
        decoder = Decoder(self.info.path)
        stamps, to_end = array("q"), False
        try:
            for pts, frame in decoder.from_before(begin) if self.start else decoder.from_start():
                if pts < begin:
                    continue
                if stop is not None and pts >= stop:
                    break
                if self.strict:
                    self._check_undamaged(decoder)
                stamps.append(pts)
                yield ScannedFrame(pts, thumbnail(self._planes(frame), self._layout.format, height))
            else:
                to_end = True
            self._note(decoder, np.array(stamps, np.int64), to_end)
        except ClipError as error:
            end = self._seconds(stamps[-1] if stamps else self._first)
            other = "split the clip there" if isinstance(error, ShapeError) else "repair the file"
            remedy = f"Take the part before that with --end {end:.2f}, or {other}."
            raise ClipError(error.expected, f"{error.actual} after {len(stamps)} frames", remedy) from error
        finally:
            decoder.close()
        if not stamps:
            raise ClipError(
                f"a time range inside '{self.info.path}', whose frames lie between {self._seconds(self._first):.2f} "
                f"and {self._seconds(int(self._clock.stamps.max(initial=self._first))):.2f} s",
                f"{time_range(self.start, self.end)}, without any frame",
                "Give another --start or --end, as a player shows the time.",
            )

    def _seconds(self, pts: int) -> float:
        """The time that a player shows for a time stamp."""
        return float((pts - self._zero) * self.info.time_base)

    def locate(self, pts: np.ndarray) -> SourceRange:
        """See `Reader`; packets are counted, nothing is decoded."""
        if self.start is None and self.end is None:
            return SourceRange(self._zero, self._first, 0, len(pts))
        stamps = self._clock.stamps
        return SourceRange(self._zero, self._first, int((stamps < pts[0]).sum()), len(stamps))

    def _note(self, decoder: Decoder, stamps: np.ndarray, to_end: bool) -> None:
        """Add what the scan found to `info.notes`; to_end: the range reaches to the end of the file."""
        base, last = self.info.time_base, int(stamps[-1]) if len(stamps) else self._first
        notes = [*clock_notes(self._clock), *frame_notes(decoder, base), *gap_notes(decoder, stamps, base)]
        announced = announced_seconds(decoder.container, decoder.stream)
        if to_end and is_truncated(self.info.path):
            end = self._seconds(last)
            whole = f" of {float(announced):.2f} s" if announced is not None and announced > end else ""
            notes.append(f"the file is cut off: its frames end at {end:.2f} s{whole}")
        elif to_end and self.start is None and (missing := end_notes(self._clock, stamps, decoder.stream, announced)):
            notes += missing
        elif self._clock.unreadable:
            notes.append(
                f"the file cannot be read in places ({self._clock.unreadable}): what was stored there is missing"
            )
        for note in notes:
            _log.warning("%s: %s", self.info.path, note)
        self.info = replace(self.info, notes=(*self.info.notes, *notes))

    def _check_undamaged(self, decoder: Decoder) -> None:
        if decoder.concealed or decoder.damaged:
            seconds = self._seconds(min(decoder.concealed | decoder.damaged))
            actual = f"'{self.info.path}' with damaged pictures from {seconds:.2f} s on"
            raise ClipError("a video file without damage", actual, "Repair the file.")

    def _check_complete(self) -> None:
        """Raise `ClipError` for a truncated file, unless the requested range lies in its readable part."""
        if not is_truncated(self.info.path):
            return
        frames, seconds = self._readable()
        if self.end is not None and self.end <= seconds:
            return
        raise ClipError(
            "a complete video file",
            f"'{self.info.path}', which ends early: about {frames} frames ({float(seconds):.2f} seconds) can be read",
            "Copy or download it again"
            + (f", or take the readable part with --end {float(seconds):.2f}." if seconds > 0 else "."),
        )

    def _readable(self) -> tuple[int, Fraction]:
        """Complete packets before the end, and the seconds (rounded down) up to which all frames are present."""
        frames, last = 0, self._zero
        with (
            closing(Decoder(self.info.path)) as decoder,
            suppress(av.FFmpegError, OSError, IndexError),
        ):  # it ends at an error
            for packet in decoder.container.demux(decoder.stream):
                if packet.is_corrupt or not packet.size:
                    break
                frames += 1
                stamp = packet.dts if packet.dts is not None else packet.pts
                last = last if stamp is None else max(last, stamp)
        return frames, Fraction(int((last - self._zero) * self.info.time_base * 100), 100)

    def _planes(self, frame: av.VideoFrame) -> list[np.ndarray]:
        if not fits(frame, self._layout):
            raise ClipError(
                f"one pixel format in the whole of '{self.info.path}'",
                f"{self._layout.name} and then {frame.format.name} with opacity",
                "Split the clip where the format changes and process the parts separately.",
            )
        return planes_of(frame, self._layout)

    def read(self, pts: np.ndarray, start: int, stop: int) -> Clip:
        """Frames start:stop, found by their time stamps alone."""
        last = self._last
        if last is not None and last.first <= start and stop <= last.first + len(last):
            return last.cut(start, stop)
        window_pts = np.asarray(pts[start:stop], np.int64)
        format, shape = self.info.format, (self.info.height, self.info.width)
        planes = tuple(
            np.empty((len(window_pts), *format.plane_shape(index, *shape)), format.dtype)
            for index in range(format.colour_planes + format.alpha)
        )
        done = 0
        if last is not None and last.first <= start < last.first + len(last):
            overlap = last.cut(start, last.first + len(last))
            done = len(overlap)
            for plane, old in zip(planes, overlap.planes):
                plane[:done] = old
        self._last = None
        for index in range(done, len(window_pts)):
            for plane, new in zip(planes, self._planes(self._frame_at(int(window_pts[index])))):
                plane[index] = new
        self._last = Clip(planes, format, self.info.colour, window_pts, self.info.time_base, start)
        return self._last

    def _frame_at(self, pts: int) -> av.VideoFrame:
        """The frame with exactly this time stamp: by decoding on, by seeking, or by decoding from the start."""
        ahead = (pts - self._position) * self.info.time_base
        if self._frames is not None and 0 < ahead <= _MAX_GAP_SECONDS and (found := self._decode_until(pts)):
            return found
        with decoding_errors(self.info.path, "Repair the file, or take a part of it with --end."):
            self._frames = self._decoder.from_before(pts)
        if found := self._decode_until(pts):
            return found
        _log.info("%s: time stamp %d not found by seeking, decoding from the start", self.info.path, pts)
        self._frames = self._decoder.from_start()
        if found := self._decode_until(pts):
            return found
        raise ClipError(
            f"a frame at {float(pts * self.info.time_base):.3f} seconds of '{self.info.path}'",
            "no frame at this time",
            "The file seems to have changed since it was scanned; run the command again.",
        )

    def _decode_until(self, pts: int) -> av.VideoFrame | None:
        assert self._frames is not None
        for stamp, frame in self._frames:
            self._position = stamp
            if stamp == pts:
                return frame
            if stamp > pts:
                break
        self._frames = None
        return None
