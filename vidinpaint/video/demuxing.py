"""Opening a file with FFmpeg, its errors told in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from vidinpaint.core.errors import ClipError


def open_container(path: str | Path) -> InputContainer:
    """An open demuxer. Raises `ClipError` for a missing, empty or foreign file."""
    path = Path(path)
    if not path.exists():
        raise ClipError("a video file", f"no file at '{path}'", "Check the path.")
    if not path.is_file():
        raise ClipError("a video file", f"something that is no file, '{path}'", "Give a video file or a folder.")
    if path.stat().st_size == 0:
        raise ClipError("a video file", f"an empty file '{path}'", "Copy or download the clip again.")
    try:
        return av.open(str(path), metadata_errors="replace")
    except PermissionError as error:
        raise ClipError(
            "a readable video file", f"'{path}' without read permission", "Change its permissions."
        ) from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ClipError(
            "a video file",
            f"'{path}', which FFmpeg cannot open ({_reason(error)})",
            "Check that it is a video and complete: a cut-off MP4 without its index cannot be read at all.",
        ) from error


def main_video(container: InputContainer, path: str | Path) -> VideoStream:
    """The video stream that is worked on: the first marked as default that is no cover picture, or the first."""
    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not streams:
        kinds = sorted({str(stream.type) for stream in container.streams}) or ["no stream at all"]
        raise ClipError(
            "a file with a video stream", f"'{path}' with only {' and '.join(kinds)}", "Give a file that has pictures."
        )
    chosen = next((stream for stream in streams if stream.disposition & Disposition.default), streams[0])
    if chosen.codec_context is None:
        raise ClipError(
            "a video codec this FFmpeg decodes", f"an unknown one in '{path}'", "Convert the clip with another tool."
        )
    return chosen


@contextmanager
def decoding_errors(path: str | Path, remedy: str) -> Iterator[None]:
    """Turn FFmpeg's complaints while reading into a `ClipError`."""
    try:
        yield
    except (av.FFmpegError, OSError) as error:
        raise ClipError("a complete video file", f"'{path}' with damaged data ({_reason(error)})", remedy) from error


def _reason(error: Exception) -> str:
    """FFmpeg's own words in a few."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).splitlines()[0][:120].rstrip(".") if text else type(error).__name__
