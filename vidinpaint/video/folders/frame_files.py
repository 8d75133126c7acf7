"""`frame_files`: which files of a folder are the frames of a clip, and what is odd about them.

Whatever would silently make another film than the one in the folder is refused or said: frames in a format that cannot
be read, files that are left out, numbers that are missing, two files for one frame, a second sequence in between.
"""

import re
from pathlib import Path

from vidinpaint.core.errors import ClipError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.core.numbering import by_pattern, missing_numbers, numbers_of, ranges_in_words

SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".bmp", ".dib", ".webp", ".ppm", ".pgm", ".pbm", ".pnm",
)  # fmt: skip
_UNREADABLE = frozenset(
    f".{name}"
    for name in [
        "tga",
        "dpx",
        "cin",
        "exr",
        "hdr",
        "heic",
        "heif",
        "avif",
        "jp2",
        "j2k",
        "j2c",
        "jpx",
        "jxl",
        "gif",
        "apng",
        "psd",
        "xcf",
        "dng",
        "cr2",
        "cr3",
        "nef",
        "arw",
        "rw2",
        "orf",
        "raf",
        "raw",
        "pcx",
        "sgi",
        "rgb",
        "rgba",
        "pam",
        "pfm",
        "iff",
        "svg",
        "ico",
        "pict",
        "yuv",
    ]
)
"""Suffixes of images that are not read as frames."""
_MASK = re.compile(r"(^|[^a-z])(masks?|mattes?|alpha|seg|segmentation|labels?|roto)([^a-z]|$)")


def frames_in(folder: Path) -> list[Path]:
    """The image files of a folder in natural order, without hidden files. Raises `ClipError` if it cannot be listed."""
    return natural_order(file for file in _files(folder) if file.suffix.lower() in SUFFIXES)


def frame_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The frames of a folder in natural order, and notes about it. Raises `ClipError` where they are no clip."""
    files = frames_in(folder)
    others = natural_order(file for file in _files(folder) if file.suffix.lower() not in SUFFIXES)
    unreadable = [file.name for file in others if file.suffix.lower() in _UNREADABLE]
    numbered = [name for name in unreadable if re.search(r"\d", Path(name).stem)]
    if numbered or (unreadable and not files):
        raise ClipError(
            f"frames in a format that can be read ({', '.join(SUFFIXES)})",
            f"{_names(numbered or unreadable)} in '{folder}'",
            "Convert them to .png, or move them to another folder if they are no frames.",
        )
    if not files:
        raise ClipError(
            "a folder of frames", f"no image in '{folder}'", f"Give a folder with {', '.join(SUFFIXES)} files."
        )
    _check_links(files)
    _check_one_file_per_frame(files)
    notes = [f"not used, because no frames: {_names([file.name for file in others])}"] if others else []
    return files, [*notes, *_sequence_notes(files)]


def _files(folder: Path) -> list[Path]:
    """The files in a folder, without hidden ones. Links that lead nowhere stay: they cannot be read, which is said."""
    try:
        return [
            file
            for file in folder.iterdir()
            if not file.name.startswith(".") and (file.is_file() or (file.is_symlink() and not file.exists()))
        ]
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ClipError(
            "a folder of frames", f"'{folder}' ({reason})", "Check the path and the permissions."
        ) from error


def _check_links(files: list[Path]) -> None:
    lost = [file.name for file in files if not file.exists()]
    if lost:
        actual = f"{_names(lost)} in '{files[0].parent}', links that lead nowhere"
        raise ClipError("frames that exist", actual, "Restore what they lead to, or remove the links.")


def _check_one_file_per_frame(files: list[Path]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        other = seen.setdefault(file.stem, file.name)
        if other != file.name:
            raise ClipError(
                "one file for each frame",
                f"'{other}' and '{file.name}' in '{file.parent}'",
                "Move those that are no frames, such as masks, to another folder.",
            )


def _sequence_notes(files: list[Path]) -> list[str]:
    groups = by_pattern(file.stem for file in files)
    main, *others = sorted(groups, key=lambda group: bool(_MASK.search(group[0].casefold())))
    strangers = {stem for group in others for stem in group}
    names = [file.name for file in files if file.stem in strangers]
    masks = [file.name for file in files if file.stem in strangers and _MASK.search(file.stem.casefold())]
    if masks and not _MASK.search(main[0].casefold()):
        raise ClipError(
            "a folder of frames only",
            f"{_names(masks)}, which seem to be masks, among the frames in '{files[0].parent}'",
            "Move them to a folder of their own, and give it with --mask.",
        )
    notes = []
    if strangers:
        notes.append(f"named differently from the other frames, but taken as frames: {_names(names)}")
    numbers = numbers_of(main)
    gaps = missing_numbers(numbers) if numbers else []
    if gaps:
        notes.append(
            f"missing in the numbers of the frames: {ranges_in_words(gaps)}; the frames around them follow one another "
            "directly"
        )
    return notes


def _names(names: list[str]) -> str:
    """ "'a.txt', 'b.txt' and 4 more"."""
    shown = ", ".join(f"'{name}'" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
