"""`Decoder`: decodes the frames of a file in display order, from the start or from a key frame.

Time stamps are the file's own integers, corrected by its `Clock`. A frame without one, or with one that does not lie
between its neighbours', gets a stamp of its own. A picture that cannot be decoded is replaced by a repetition of the
last good one, at its own time. Pictures before the first one that can be decoded are left out.
"""

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from vidinpaint.core.errors import ClipError
from vidinpaint.video.containers.opacity import opacity_decoder
from vidinpaint.video.files.demuxing import decoding_errors, main_video, open_container
from vidinpaint.video.time_stamps.pending import PendingStamps
from vidinpaint.video.time_stamps.survey import read_clock

_CALM = 250  # frames without damage after which several threads decode again
Stamped = tuple[int, av.VideoFrame]
_Found = tuple[int | None, av.VideoFrame]


class _Doubtful(Exception):
    """Several threads found damage: only one thread tells exactly what is damaged."""


class Decoder:
    """Decodes one file; requesting a new iterator ends those that it returned earlier.

    repaired   time stamps that frames got in place of missing or repeated ones
    concealed  time stamps of pictures that cannot be decoded
    damaged    time stamps of frames with damaged data, as FFmpeg concealed it
    leading    number of packets before the first frame that cannot be decoded
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.repaired: set[int] = set()
        self.concealed: set[int] = set()
        self.damaged: set[int] = set()
        self.leading = 0
        self._one_thread = False
        self._container: InputContainer | None = None
        self.stream = self._open()
        self.clock = read_clock(path)

    def _open(self) -> VideoStream:
        self.close()
        self._container = open_container(self.path)
        stream = main_video(self._container, self.path)
        stream.thread_type = "AUTO"
        threads = os.environ.get("OMP_NUM_THREADS", "")  # set for workers that share a machine
        if self._one_thread:
            stream.codec_context.thread_count = 1
        elif threads.isdecimal() and int(threads):
            stream.codec_context.thread_count = int(threads)
        self._opacity = opacity_decoder(stream)
        return stream

    @property
    def container(self) -> InputContainer:
        assert self._container is not None
        return self._container

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None

    def from_start(self) -> Iterator[Stamped]:
        """All frames. Reopens the file, the only way to rewind that every format supports."""
        self.repaired, self.concealed, self.damaged = set(), set(), set()
        return self._frames_from(None)

    def from_before(self, pts: int) -> Iterator[Stamped]:
        """Frames from a key frame at or before `pts`; from the start if the format does not support seeking."""
        return self._frames_from(pts)

    def _frames_from(self, pts: int | None) -> Iterator[Stamped]:
        """Decode with several threads, but the surroundings of damage with one; no frame is returned twice."""
        last: int | None = None
        while True:
            calm = 0
            try:
                for stamp, frame in self._attempt(pts):
                    if last is None or stamp > last:
                        last = stamp
                        yield stamp, frame
                        calm = 0 if stamp in self.concealed or stamp in self.damaged else calm + 1
                    if self._one_thread and calm > _CALM and self.clock.may_seek:
                        break
                else:
                    return
                self._one_thread = False
            except _Doubtful:
                self._one_thread = True
            pts = pts if last is None else last
            self.stream = self._open()

    def _attempt(self, pts: int | None) -> Iterator[Stamped]:
        """Frames from before `pts`, or from the start.

        A container's index may lead to a key frame that is shown after `pts` (open groups of pictures), and the frames
        before that key frame are not decoded exactly; so seek further back until the key frame is early enough.
        """
        if pts is not None and self.clock.may_seek and self.stream.time_base:
            distance = 0
            second = max(1, round(1 / self.stream.time_base))
            while distance < 64 * second:
                frames = self._frames_after_key(pts - distance)
                first = next(frames, None)
                if first is None or first[0] is None:
                    break
                if first[0] <= pts and self.clock.is_unique(first[0]):
                    return self._stamped(frames, first)
                distance = max(2 * distance, first[0] - pts, second // 4)
        self.stream = self._open()
        return self._stamped(self._frames(None))

    def _frames_after_key(self, pts: int) -> Iterator[_Found]:
        """Seek to `pts` and yield the frames from the first sound key frame on; nothing if seeking fails."""
        try:
            position = self.clock.seek(self.container, self.stream, pts)
            if self._opacity:
                self._opacity.flush_buffers()
        except (av.FFmpegError, OSError):
            return
        yield from self._frames(position)

    def _frames(self, position: int | None) -> Iterator[_Found]:
        """Decoded frames with their time stamps, and repetitions of the last good one for lost ones.

        position: as `Clock.seek` returned it, to yield frames from the first sound key frame on; None: from the start
        """
        pending = PendingStamps(self.clock.in_decoding_order)
        good: av.VideoFrame | None = None
        begun, leading = position is None, 0
        with decoding_errors(self.path, "Take the part before the damage with --end, or repair the file."):
            for packet in self.clock.packets(self.container, [self.stream], position or 0):
                pending.add(packet)
                try:
                    frames = self._opacity.decode(packet) if self._opacity else packet.decode()
                except av.InvalidDataError:
                    self._doubt(begun)
                    pending.fail(packet)
                    leading += good is None
                    continue
                for frame in frames:
                    stamp, lost, missing = pending.show(frame)
                    if good is not None:
                        yield from self._repeated(good, lost)
                    begun = begun or (frame.key_frame and not frame.is_corrupt)
                    if not begun:
                        continue
                    self._doubt(missing or frame.is_corrupt)
                    if frame.is_corrupt and stamp is not None:
                        self.damaged.add(stamp)
                    self._check_size(frame, good)
                    good = frame
                    self.leading = leading if position is None else self.leading
                    yield stamp, frame
            lost, missing = pending.end()
            self._doubt(missing and begun)
            if good is not None:
                yield from self._repeated(good, lost)

    def _doubt(self, doubtful: bool) -> None:
        if doubtful and not self._one_thread:
            raise _Doubtful

    def _repeated(self, good: av.VideoFrame, lost: list[int]) -> Iterator[tuple[int, av.VideoFrame]]:
        for stamp in lost:
            self.concealed.add(stamp)
            yield stamp, good

    def _check_size(self, frame: av.VideoFrame, previous: av.VideoFrame | None) -> None:
        if previous is not None and (frame.width, frame.height) != (previous.width, previous.height):
            raise ClipError(
                f"one frame size in the whole of '{self.path}'",
                f"{previous.width}x{previous.height} and then {frame.width}x{frame.height}",
                "Split the clip where the size changes and process the parts separately.",
            )

    def _stamped(self, frames: Iterator[_Found], *first: _Found) -> Iterator[Stamped]:
        """`first` and then `frames`, with increasing time stamps."""
        last: int | None = None
        shown: av.VideoFrame | None = None
        for (stamp, frame), following in _with_next(chain(first, frames)):
            if frame is shown and last is not None and stamp is not None and stamp <= last:
                self.concealed.discard(stamp)  # a repetition for which there is no time left
                continue
            shown = frame
            exact = self._between(last, stamp, following[0] if following else None)
            if exact != stamp:
                self.repaired.add(exact)
            last = exact
            yield exact, frame

    def _between(self, last: int | None, stamp: int | None, following: int | None) -> int:
        """The time stamp of a frame: its own, unless it does not lie between those of its neighbours."""
        step = self.clock.step
        if stamp is None:
            return 0 if last is None else last + step
        if last is None:
            return stamp if following is None or following >= stamp else following - step
        if stamp <= last:
            return last + 1
        if following is not None and last + 1 < following < stamp:  # far ahead of the frames around it
            return min(last + step, following - 1)
        return stamp


def _with_next(items: Iterator[_Found]) -> Iterator[tuple[_Found, _Found | None]]:
    """Every frame with the one after it, None for the last."""
    held = next(items, None)
    while held is not None:
        following = next(items, None)
        yield held, following
        held = following
