"""`Decoder`: decodes the frames of a file in display order, from the start or from a key frame.

Time stamps are the file's own integers, corrected by its `Clock`; see `spaced` for frames without a usable one. A
picture that cannot be decoded is replaced by a repetition of the last good one, at its own time. Pictures before the
first one that can be decoded are left out.
"""

import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
from av.codec.context import Flags
from av.container import InputContainer
from av.video.stream import VideoStream

from vidinpaint.core.errors import ClipError
from vidinpaint.video.containers.opacity import opacity_decoder
from vidinpaint.video.files.demuxing import decoding_errors, main_video, open_container
from vidinpaint.video.files.ffv1_slices import Ffv1Check
from vidinpaint.video.time_stamps.pending import PendingStamps
from vidinpaint.video.time_stamps.spacing import spaced
from vidinpaint.video.time_stamps.survey import read_clock

_MAX_ODD = 8  # frames of another shape in a row that are damage and no change of the clip
_CALM = 250  # frames without damage after which several threads decode again
Stamped = tuple[int, av.VideoFrame]
_Found = tuple[int | None, av.VideoFrame]


class _Doubtful(Exception):
    """Several threads found damage: only one thread tells exactly what is damaged."""


class ShapeError(ClipError):
    """The size or the pixel format of the frames changes."""


class Decoder:
    """Decodes one file; requesting a new iterator ends those that it returned earlier.

    repaired   time stamps that frames got in place of missing or repeated ones
    concealed  time stamps of pictures that cannot be decoded
    damaged    time stamps of frames with damaged data, as FFmpeg concealed it
    aspects    time stamps at which another sample aspect ratio begins, as the decoder finds it
    leading    number of packets before the first frame that cannot be decoded
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.repaired: set[int] = set()
        self.concealed: set[int] = set()
        self.damaged: set[int] = set()
        self.aspects: dict[int, Fraction] = {}
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
        stream.codec_context.flags |= Flags.output_corrupt  # what can be seen is shown, as by FFmpeg's own tools
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
        self.repaired, self.concealed, self.damaged, self.aspects = set(), set(), set(), {}
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
        begun, leading = False, 0
        odd: dict[int, av.VideoFrame] = {}
        check = Ffv1Check() if self.stream.codec_context.name == "ffv1" else None
        with decoding_errors(self.path, "Take the part before the damage with --end, or repair the file."):
            for packet in self.clock.packets(self.container, [self.stream], position or 0):
                pending.add(packet)
                if check and packet.size and packet.pts is not None and check.is_damaged(bytes(packet)):
                    self.damaged.add(packet.pts)
                try:
                    frames = self._opacity.decode(packet) if self._opacity else packet.decode()
                except av.FFmpegError:  # old decoders say "Operation not permitted" for damaged data
                    self._doubt(begun or position is None)
                    pending.fail(packet)
                    leading += good is None
                    continue
                for frame in frames:
                    stamp, lost, missing = pending.show(frame)
                    if good is not None and _shape(frame) != _shape(good):
                        odd |= dict.fromkeys([*lost, *([] if stamp is None else [stamp])], frame)
                        if len(odd) > _MAX_ODD:
                            raise self._changed(good, frame)
                        continue
                    if good is not None:
                        yield from self._repeated(good, sorted([*odd, *lost]))
                    odd.clear()
                    begun = begun or _is_beginning(frame, position is None)
                    if not begun:
                        leading += 1
                        continue
                    self._doubt(missing or frame.is_corrupt)
                    if frame.is_corrupt and stamp is not None:
                        self.damaged.add(stamp)
                    self._note_aspect(stamp)
                    good = frame
                    self.leading = leading if position is None else self.leading
                    yield stamp, frame
            lost, missing = pending.end()
            self._doubt(missing and begun)
            if good is not None:
                for frame in odd.values():
                    raise self._changed(good, frame)
                yield from self._repeated(good, lost)

    def _doubt(self, doubtful: bool) -> None:
        if doubtful and not self._one_thread:
            raise _Doubtful

    def _repeated(self, good: av.VideoFrame, lost: list[int]) -> Iterator[tuple[int, av.VideoFrame]]:
        for stamp in lost:
            self.concealed.add(stamp)
            yield stamp, good

    def _changed(self, before: av.VideoFrame, after: av.VideoFrame) -> ClipError:
        (width, height, name), (new_width, new_height, new_name) = _shape(before), _shape(after)
        what, found = "pixel format", f"{name} and then {new_name}"
        if (width, height) != (new_width, new_height):
            what, found = "frame size", f"{width}x{height} and then {new_width}x{new_height}"
        remedy = "Split the clip where it changes and process the parts separately."
        return ShapeError(f"one {what} in the whole of '{self.path}'", found, remedy)

    def _note_aspect(self, stamp: int | None) -> None:
        aspect = self.stream.codec_context.sample_aspect_ratio
        if stamp is not None and aspect and aspect not in self.aspects.values():
            self.aspects[stamp] = aspect

    def _stamped(self, frames: Iterator[_Found], *first: _Found) -> Iterator[Stamped]:
        """`first` and then `frames`, with increasing time stamps."""
        for exact, own, frame in spaced(self._without_late(chain(first, frames)), self.clock.step):
            if exact != own:
                self.repaired.add(exact)
            yield exact, frame

    def _without_late(self, frames: Iterator[_Found]) -> Iterator[_Found]:
        """The frames without repetitions for which there is no time left."""
        shown: av.VideoFrame | None = None
        last: int | None = None
        for stamp, frame in frames:
            if frame is shown and last is not None and stamp is not None and stamp <= last:
                self.concealed.discard(stamp)
                continue
            shown, last = frame, stamp if stamp is not None else last
            yield stamp, frame


def _is_beginning(frame: av.VideoFrame, of_file: bool) -> bool:
    """Whether nothing that this frame and those behind it need is missing; a file may begin with a damaged picture."""
    return bool(frame.key_frame) and not frame.is_corrupt if not of_file else frame.key_frame or not frame.is_corrupt


def _shape(frame: av.VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name
