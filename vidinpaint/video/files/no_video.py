"""Files that are no video: those that FFmpeg opens nevertheless, and the kinds of those that it does not open."""

import codecs
import re
from pathlib import Path

from av.container import InputContainer

from vidinpaint.core.errors import ClipError

_ANIMATED = 0x02  # in the flags of a WebP file
_KINDS = {
    b"PK\3\4": "a ZIP archive", b"%PDF": "a PDF", b"8BPS": "a Photoshop file", b"Rar!": "an archive (RAR)",
    b"7z\xbc\xaf": "an archive (7z)",
}  # fmt: skip
_PHOTO_BRANDS = (b"heic", b"heix", b"heim", b"mif1", b"msf1", b"hevc")
_WEB_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)?<(!doctype\s+html|html|head)\b", re.IGNORECASE | re.DOTALL)
_TEXT = re.compile(rb"[\t\n\f\r\x20-\x7e\x80-\xff]+")


def check_is_video(path: Path, container: InputContainer) -> None:
    """Raise `ClipError` for animations that FFmpeg does not read as a video, and for text, which it shows as a video.

    It finds no picture in an animated WebP, and in an AVIF the still one before the animation.
    """
    with path.open("rb") as file:
        start = file.read(21)
    if start[:4] == b"RIFF" and start[8:16] == b"WEBPVP8X" and start[20:] and start[20] & _ANIMATED:
        raise ClipError(
            "a video that FFmpeg decodes",
            f"'{path}', an animated WebP, which is not supported",
            "Convert it to an animated PNG, to a video, or to a folder of frames first.",
        )
    if start[4:12] == b"ftypavis":
        raise ClipError(
            "a video that FFmpeg decodes",
            f"'{path}', an animated AVIF, which is not supported",
            "Convert it to a video, or to a folder of frames first.",
        )
    if container.format.name == "tty":
        raise ClipError("a video file", f"'{path}', which is text", "Give a video file or a folder of frames.")


def kind_of(path: Path) -> str:
    """What a file is that FFmpeg does not open, in words; empty where its beginning does not tell."""
    with path.open("rb") as file:
        start = file.read(1024)
    if start[4:8] == b"ftyp" and start[8:12] in _PHOTO_BRANDS:
        return "a photo (HEIC)"
    if _WEB_PAGE.match(start.removeprefix(codecs.BOM_UTF8)):
        return "a web page"
    archive = next((words for mark, words in _KINDS.items() if start.startswith(mark)), "")
    return archive or ("text" if _TEXT.fullmatch(start) else "")
