"""Opens files with FFmpeg and turns its errors into `ClipError`."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from vidinpaint.core.errors import ClipError
from vidinpaint.video.files.no_video import check_is_video, kind_of
from vidinpaint.video.files.tag_encoding import open_with_tags

_MAX_FAILURES = 8  # attempts to read on at one place of a damaged file


def open_container(path: str | Path) -> InputContainer:
    """An open demuxer. Raises `ClipError` if the file is missing, empty or not a video."""
    path = Path(path)
    if not path.exists():
        raise ClipError("a video file", f"no file at '{path}'", "Check the path.")
    if not path.is_file():
        raise ClipError("a video file", f"'{path}', which is not a file", "Give a video file or a folder.")
    if path.stat().st_size == 0:
        raise ClipError("a video file", f"an empty file '{path}'", "Copy or download the clip again.")
    try:
        container = open_with_tags(ffmpeg_name(path))
    except PermissionError as error:
        raise ClipError(
            "a readable video file", f"'{path}' without read permission", "Change its permissions."
        ) from error
    except (av.FFmpegError, OSError, ValueError) as error:
        if kind := kind_of(path):
            raise ClipError("a video file", f"'{path}', which is {kind}", "Give a video file.") from error
        raise ClipError(
            "a video file",
            f"'{path}', which FFmpeg cannot open ({_reason(error)})",
            "Check that it is a video and complete: a truncated MP4 without its index cannot be read at all.",
        ) from error
    try:
        check_is_video(path, container)
    except ClipError:
        container.close()
        raise
    return container


def ffmpeg_name(path: str | Path) -> str:
    """The absolute path: FFmpeg takes the beginning of a relative one with a colon, "a:b.mp4", as a protocol."""
    return os.path.abspath(path)


def main_video(container: InputContainer, path: str | Path) -> VideoStream:
    """The video stream to process: the first that is marked as default, else the first; cover pictures do not count."""
    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not streams:
        kinds = sorted({str(stream.type) for stream in container.streams}) or ["no stream at all"]
        raise ClipError(
            "a file with a video stream", f"'{path}' with only {' and '.join(kinds)}", "Give a file with video."
        )
    main = next((stream for stream in streams if stream.disposition & Disposition.default), streams[0])
    if main.codec_context is None:
        raise ClipError(
            "a video codec that FFmpeg can decode",
            f"an unknown codec in '{path}'",
            "Convert the clip with another tool.",
        )
    return main


def packets_of(
    container: InputContainer, streams: Sequence[Stream], failed: Callable[[], None] = lambda: None
) -> Iterator[av.Packet]:
    """Packets of the streams in file order, and at the end an empty one for each stream.

    Where the file cannot be read, reading goes on behind that place if FFmpeg finds more; `failed` is called there.
    """
    failures = 0
    left = list(streams)  # whose end is not reached yet
    while left and failures < _MAX_FAILURES:
        try:
            for packet in container.demux(*streams):
                failures = 0
                if not packet.size and packet.dts is None and packet.stream in left:
                    left.remove(packet.stream)
                yield packet
        except (av.FFmpegError, OSError):
            failures += 1
            failed()
        except IndexError:  # PyAV at the end of a file in which another stream begins late, as after damage
            break
        else:
            return
    for stream in left:
        end = av.Packet()
        end.stream = stream
        yield end


@contextmanager
def decoding_errors(path: str | Path, remedy: str) -> Iterator[None]:
    """Turn errors that FFmpeg raises while reading into a `ClipError`."""
    try:
        yield
    except (av.FFmpegError, OSError) as error:
        raise ClipError("a complete video file", f"'{path}' with damaged data ({_reason(error)})", remedy) from error


def _reason(error: Exception) -> str:
    """The first line of FFmpeg's own message."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).splitlines()[0][:120].rstrip(".") if text else type(error).__name__
