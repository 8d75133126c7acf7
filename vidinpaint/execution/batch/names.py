"""Names of outputs: the default name of a result, and which names a row may give."""

import hashlib
import re
from pathlib import Path, PurePosixPath

from vidinpaint.core.errors import OutputError, VidinpaintError
from vidinpaint.execution.storage.containment import check_inside
from vidinpaint.execution.storage.places import is_url, name_of
from vidinpaint.video.containers.kinds import container_kind

_MAX_BYTES = 255  # per part of a name, on nearly all file systems


def default_name(clip: str) -> str:
    """The name of the clip's file, with the suffix .mkv if results cannot be written in the clip's format."""
    name = PurePosixPath(name_of(clip))
    if not name.suffix:
        return f"{name.name}.mp4"
    try:
        container_kind(name.name)
    except VidinpaintError:
        return f"{name.stem}.mkv"
    return name.name


def check_name(name: str, folder: str) -> None:
    """Raise `OutputError` unless a result with this name lies inside the folder (a path or a URL)."""
    parts = PurePosixPath(name).parts
    wrong = ""
    if not name.strip() or any(ord(character) < 32 or ord(character) == 127 for character in name):
        wrong = "which is empty or has characters that cannot be printed"
    elif is_url(name) or name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name) or "\\" in name:
        wrong = "an absolute path or a URL"
    elif ".." in parts:
        wrong = "which leads out of the folder"
    elif any(part.startswith(".") for part in parts):
        wrong = "a hidden name"
    elif any(len(part.encode("utf-8", "surrogateescape")) > _MAX_BYTES for part in parts):
        wrong = f"with a part of more than {_MAX_BYTES} bytes"
    if wrong:
        remedy = "Choose a name such as clean/one.mp4."
        raise OutputError("the name of an output inside the folder of the batch", f"{name!r}, {wrong}", remedy)
    container_kind(name)
    if not is_url(folder):
        check_inside(Path(folder), Path(folder) / PurePosixPath(name).parent)
        if (Path(folder) / name).is_dir():
            raise OutputError("the name of a file", f"{name!r}, a folder", "Choose another name.")


def same_name(name: str) -> str:
    """A key that is equal for names that some file systems take for one file, such as names that differ in case."""
    return str(PurePosixPath(name)).casefold()


def clip_id(name: str) -> str:
    """A short, unique name for a clip of a batch: the readable part of its output's name, and a hash."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", PurePosixPath(name).stem).strip("-")[:40] or "clip"
    return f"{readable}-{hashlib.sha256(same_name(name).encode('utf-8', 'surrogateescape')).hexdigest()[:10]}"
