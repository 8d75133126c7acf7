"""`open_writer`: one interface to write results to a video file, to a folder of images, or to memory."""

from pathlib import Path
from typing import Protocol

from vidinpaint.core.clip import Clip
from vidinpaint.video.arrays.writer import ArrayWriter
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.files.writer import FileWriter
from vidinpaint.video.folders.writer import FolderWriter
from vidinpaint.video.readers import Reader

__all__ = ["ArrayWriter", "Writer", "open_writer"]


class Writer(Protocol):
    """Receives the clips of all windows in order; nothing exists under the final name before `finish`."""

    def write(self, index: int, clip: Clip) -> None:
        """Store the frames that window `index` owns."""
        ...

    def finish(self) -> list[str]:
        """Complete the result and publish it; returns what could not be kept, one line each."""
        ...

    def copy(self) -> list[str] | None:
        """For an empty mask, instead of `write` and `finish`: copy all streams of the source as they are.

        Returns what could not be kept; None if the video has to be encoded, and then nothing is written.
        """
        ...

    def abort(self) -> None:
        """Remove all temporary files; may be called at any time and repeatedly. Leaving a `with` block calls it."""
        ...

    def __enter__(self) -> "Writer": ...

    def __exit__(self, *_: object) -> None: ...


def open_writer(
    output: str | Path | None, reader: Reader, encoding: Encoding | None = None, overwrite: bool = False
) -> Writer:
    """A writer for the frames of `reader`.

    output      a video file, a folder for PNG files if the name has no suffix, None for an array in memory
    encoding    of a video file; default: H.264 with crf 16
    overwrite   whether an existing output may be replaced; default False
    Raises `OutputError` at once if the output exists and may not be replaced, is the input, or cannot be written.
    """
    if output is None:
        return ArrayWriter()
    path = Path(output)
    if is_folder(path):
        return FolderWriter(path, reader, overwrite)
    return FileWriter(path, reader, encoding or Encoding(), overwrite)


def is_folder(output: str | Path) -> bool:
    """Whether an output is a folder of images: it has no suffix, or is a folder already."""
    path = Path(output)
    return not path.suffix or path.is_dir()
