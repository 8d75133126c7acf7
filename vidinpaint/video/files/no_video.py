"""`check_is_video`: files that FFmpeg opens, or seems to, but that are no video which it could decode."""

from pathlib import Path

from av.container import InputContainer

from vidinpaint.core.errors import ClipError

_ANIMATED = 0x02  # in the flags of a WebP file


def check_is_video(path: Path, container: InputContainer) -> None:
    """Raise `ClipError` for an animated WebP, which FFmpeg reads as an empty video, and for text, shown as a video."""
    with path.open("rb") as file:
        start = file.read(21)
    if start[:4] == b"RIFF" and start[8:16] == b"WEBPVP8X" and start[20:] and start[20] & _ANIMATED:
        raise ClipError(
            "a video that FFmpeg decodes",
            f"'{path}', an animated WebP, which is not supported",
            "Convert it to an animated PNG, to a video, or to a folder of frames first.",
        )
    if container.format.name == "tty":
        raise ClipError("a video file", f"'{path}', which is text", "Give a video file or a folder of frames.")
