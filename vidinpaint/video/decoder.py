"""`Decoder`: decodes the frames of a file in display order, from the start or from a key frame.

Time stamps are the file's own integers. A frame without one, or with one that is not later than the previous frame's,
gets the next possible one, so that every frame has a stamp of its own; `repaired` counts such frames.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from vidinpaint.core.errors import ClipError
from vidinpaint.video.demuxing import decoding_errors, main_video, open_container
from vidinpaint.video.opacity import opacity_decoder

_NO_TIMESTAMPS = 0x80  # AVFMT_NOTIMESTAMPS: raw streams, which count frames from where reading starts
Stamped = tuple[int, av.VideoFrame]


class Decoder:
    """Decodes one file; requesting a new iterator ends those that it returned earlier.

    repaired   number of frames that got a new time stamp
    damaged    number of frames and packets with damaged data
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.repaired = 0
        self.damaged = 0
        self._container: InputContainer | None = None
        self.stream = self._open()

    def _open(self) -> VideoStream:
        self.close()
        self._container = open_container(self.path)
        stream = main_video(self._container, self.path)
        stream.thread_type = "AUTO"
        threads = os.environ.get("OMP_NUM_THREADS", "")  # set for workers that share a machine
        if threads.isdecimal() and int(threads):
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
        self.repaired = self.damaged = 0
        self.stream = self._open()
        return self._stamped(self._frames())

    def from_before(self, pts: int) -> Iterator[Stamped]:
        """Frames from a key frame at or before `pts`; from the start if the format does not support seeking.

        A container's index may lead to a key frame that is shown after `pts` (open groups of pictures), and the frames
        before that key frame are not decoded exactly; so seek further back until the key frame is early enough.
        """
        if not self.container.format.flags & _NO_TIMESTAMPS and self.stream.time_base:
            distance = 0
            second = max(1, round(1 / self.stream.time_base))
            while distance < 64 * second:
                frames = self._frames_after_key(pts - distance)
                first = next(frames, None)
                if first is None or first.pts is None:
                    break
                if first.pts <= pts:
                    return self._stamped(frames, first)
                distance = max(2 * distance, first.pts - pts, second // 4)
        return self.from_start()

    def _frames_after_key(self, pts: int) -> Iterator[av.VideoFrame]:
        """Seek to `pts` and yield the frames from the first key frame on; nothing if seeking fails."""
        try:
            self.container.seek(pts, stream=self.stream, backward=True)
            if self._opacity:
                self._opacity.flush_buffers()
        except (av.FFmpegError, OSError):
            return
        found_key = False
        for frame in self._frames():
            found_key = found_key or frame.key_frame
            if found_key:
                yield frame

    def _frames(self) -> Iterator[av.VideoFrame]:
        """Decoded frames. Packets that cannot be decoded are skipped before the first frame only."""
        stream, decoded = self.stream, 0
        remedy = "Take the part before the damage with --end, or repair the file."
        size = None
        with decoding_errors(self.path, remedy):
            for packet in self.container.demux(stream):
                try:
                    frames = self._opacity.decode(packet) if self._opacity else packet.decode()
                except av.InvalidDataError:
                    if decoded:
                        raise
                    self.damaged += 1
                    continue
                for frame in frames:
                    size = size or (frame.width, frame.height)
                    if (frame.width, frame.height) != size:
                        raise ClipError(
                            f"one frame size in the whole of '{self.path}'",
                            f"{size[0]}x{size[1]} and then {frame.width}x{frame.height}",
                            "Split the clip where the size changes and process the parts separately.",
                        )
                    self.damaged += frame.is_corrupt
                    decoded += 1
                    yield frame

    def _stamped(self, frames: Iterator[av.VideoFrame], first: av.VideoFrame | None = None) -> Iterator[Stamped]:
        last: int | None = None
        rate, time_base = self.stream.guessed_rate, self.stream.time_base
        step = max(1, round(1 / (rate * time_base))) if rate and time_base else 1
        if first is not None:
            last = first.pts
            assert last is not None
            yield last, first
        for frame in frames:
            pts = frame.pts if frame.pts is not None else frame.dts
            if pts is None:
                pts = 0 if last is None else last + step
                self.repaired += 1
            elif last is not None and pts <= last:
                pts = last + 1
                self.repaired += 1
            last = pts
            yield pts, frame
