"""Names of outputs: what a row may call its result, and its default."""

import hashlib
import re
from pathlib import Path, PurePosixPath

from vidinpaint.core.errors import OutputError, VidinpaintError
from vidinpaint.execution.storage.containment import check_inside
from vidinpaint.execution.storage.places import is_url, name_of
from vidinpaint.video.containers import container_kind

_LONGEST = 200  # bytes per part of a name; work folders and temporary names add to it


def default_name(clip: str) -> str:
    """The name of the clip's file; its ending becomes .mkv where results are not written to such files."""
    name = PurePosixPath(name_of(clip))
    if not name.suffix:
        return f"{name.name}.mp4"
    try:
        container_kind(name.name)
    except VidinpaintError:
        return f"{name.stem}.mkv"
    return name.name


def check_name(name: str, folder: str) -> None:
    """Raise `OutputError` unless a result of this name stays inside the folder (a path or a URL)."""
    parts = PurePosixPath(name).parts
    wrong = ""
    if not name.strip() or any(ord(character) < 32 or ord(character) == 127 for character in name):
        wrong = "empty, or with characters that cannot be printed"
    elif is_url(name) or name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name) or "\\" in name:
        wrong = "an absolute place"
    elif ".." in parts:
        wrong = "a way out of the folder"
    elif any(part.startswith(".") for part in parts):
        wrong = "a hidden name"
    elif any(len(part.encode("utf-8", "surrogateescape")) > _LONGEST for part in parts):
        wrong = "a name that is too long"
    if wrong:
        remedy = "Write a name such as clean/one.mp4."
        raise OutputError("the name of an output inside the folder of the batch", f"{name!r}, {wrong}", remedy)
    container_kind(name)
    if not is_url(folder):
        check_inside(Path(folder), Path(folder) / PurePosixPath(name).parent)
        if (Path(folder) / name).is_dir():
            raise OutputError("the name of a file", f"{name!r}, a folder", "Choose another name.")


def same_name(name: str) -> str:
    """Equal for names that are one file on some disk: other spellings of the path, other case."""
    return str(PurePosixPath(name)).casefold()


def clip_id(name: str) -> str:
    """A short name for a clip of a batch, from that of its output: for people, with a part that makes it unique."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", PurePosixPath(name).stem).strip("-")[:40] or "clip"
    return f"{readable}-{hashlib.sha256(same_name(name).encode('utf-8', 'surrogateescape')).hexdigest()[:10]}"
