"""Atomic output: a result appears under its final name complete or not at all.

It is written to a temporary folder beside the output, flushed to disk, and renamed.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.core.hidden_names import hidden_name
from vidinpaint.video.containers.muxing_errors import output_errors
from vidinpaint.video.syncing import sync

_ENDING = ".part"  # of temporary folders


def check_output(output: Path, source: str, overwrite: bool) -> None:
    """Raise `OutputError` unless a result may be written to `output`; `source` is the input, "" for an array."""
    if source and output.exists() and Path(source).exists() and output.samefile(source):
        raise OutputError("an output that is not the input", f"'{output}' for both", "Give another output name.")
    if (output.exists() or output.is_symlink()) and not overwrite:
        raise OutputError(
            "an output that does not exist yet", f"'{output}', which exists", "Add --overwrite to replace it."
        )
    folder = output.parent
    if not folder.is_dir():
        raise OutputError("an existing output folder", f"'{folder}', which is not a folder", "Create it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError("a writable output folder", f"'{folder}' without write permission", "Choose another folder.")


def temporary_folder(output: Path) -> Path:
    """A new hidden folder beside `output`, and therefore on the same disk; its path is absolute, for FFmpeg."""
    with output_errors(output):
        return Path(
            tempfile.mkdtemp(prefix=hidden_name(output.name, "."), suffix=_ENDING, dir=output.parent.absolute())
        )


def clear_abandoned_folders(output: Path) -> None:
    """Remove the temporary folders that killed runs have left beside `output`; only for who holds its lock."""
    beginning = hidden_name(output.name, ".")
    for entry in output.parent.iterdir():
        random = entry.name.removeprefix(beginning).removesuffix(_ENDING)
        if entry.name == f"{beginning}{random}{_ENDING}" and re.fullmatch(r"\w{8}", random) and entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)


@contextmanager
def atomic_output(output: Path) -> Iterator[Path]:
    """A temporary path for a file or a folder, which becomes `output` when the context ends without an error."""
    folder = temporary_folder(output)
    try:
        yield folder / output.name
        publish(folder / output.name, output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(finished: Path, output: Path) -> None:
    """Move a finished file or folder to its final name; it is on the disk when this returns."""
    with output_errors(output):
        sync(finished)
        if output.is_dir() and not output.is_symlink():
            previous = output.with_name(hidden_name(output.name, f".old.{os.getpid()}"))
            os.replace(output, previous)
            os.replace(finished, output)
            shutil.rmtree(previous, ignore_errors=True)
        else:
            os.replace(finished, output)
        sync(output.parent)
