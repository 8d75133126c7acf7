"""`open_writer`: one way to store results as a video file, as a folder of pictures, or in memory."""

from pathlib import Path
from typing import Protocol

from vidinpaint.core.clip import Clip
from vidinpaint.video.array_writer import ArrayWriter
from vidinpaint.video.encoding import Encoding
from vidinpaint.video.file_writer import FileWriter
from vidinpaint.video.folder_writer import FolderWriter
from vidinpaint.video.readers import Reader

__all__ = ["ArrayWriter", "Writer", "open_writer"]


class Writer(Protocol):
    """Takes the clips of all windows in order; nothing can be seen under the final name before `finish`."""

    def write(self, index: int, clip: Clip) -> None:
        """Store the frames that window `index` owns."""
        ...

    def finish(self) -> list[str]:
        """Complete the result and put it in place; returns what could not be kept, one line each."""
        ...

    def copy(self) -> list[str] | None:
        """Instead of `write` and `finish`, for an empty mask: copy all streams of the source as they are.

        Returns what could not be kept; None, and nothing is done, where pictures have to be encoded anew.
        """
        ...

    def abort(self) -> None:
        """Remove everything temporary; may be called at any time and more than once. Leaving `with` does it."""
        ...

    def __enter__(self) -> "Writer": ...

    def __exit__(self, *_: object) -> None: ...


def open_writer(
    output: str | Path | None, reader: Reader, encoding: Encoding | None = None, overwrite: bool = False
) -> Writer:
    """A writer for the frames of `reader`.

    output    a video file by its ending, a folder for PNG files if it has none, None for an array in memory
    Raises `OutputError` at once where the output exists (and not `overwrite`), is the input, or cannot be written.
    """
    if output is None:
        return ArrayWriter()
    path = Path(output)
    if is_folder(path):
        return FolderWriter(path, reader, overwrite)
    return FileWriter(path, reader, encoding or Encoding(), overwrite)


def is_folder(output: str | Path) -> bool:
    """Whether an output stands for a folder of pictures."""
    path = Path(output)
    return not path.suffix or path.is_dir()
