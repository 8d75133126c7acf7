"""Which containers results are written to, by the ending of the file name."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vidinpaint.core.errors import OutputError

_FORMATS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".webm": "webm",
    ".nut": "nut",
}


@dataclass(frozen=True)
class ContainerKind:
    """name: FFmpeg's name of the muxer."""

    name: str

    @property
    def is_mov(self) -> bool:
        return self.name in ("mp4", "mov")

    def check_codec(self, codec: str) -> None:
        """Raise `OutputError` where the container takes no pictures of this codec."""
        held = {
            "mp4": ("h264", "hevc", "vp9"),
            "mov": ("h264", "hevc"),
            "webm": ("vp9",),
            "nut": ("ffv1",),  # it has no times before zero, and B-frames are decoded before they are shown
        }.get(self.name)
        if held is not None and codec not in held:
            raise OutputError(
                f"a codec that {self.name} holds ({', '.join(held)})",
                codec,
                "Choose one with --codec, or write to a .mkv file, which holds all of them.",
            )

    def options(self, time_base: Fraction, keys: set[str]) -> dict[str, str]:
        """Muxer options that keep time stamps of `time_base` and metadata under `keys` as they are."""
        if self.is_mov:
            # QuickTime's own keys ("com.apple...") need another table than the usual ones; only use it for them
            own = "+use_metadata_tags" if any("." in key for key in keys) else ""
            ticks = str(time_base.denominator)  # of the edit list too, which says when a track starts
            return {"movflags": f"+faststart{own}", "video_track_timescale": ticks, "movie_timescale": ticks}
        if self.name in ("matroska", "webm"):
            return {"avoid_negative_ts": "disabled"}  # or everything moves by as much as B-frames are reordered
        return {}


def container_kind(output: str | Path) -> ContainerKind:
    """The container for a file name; raises `OutputError` for an ending that is not known."""
    suffix = Path(output).suffix.lower()
    if suffix not in _FORMATS:
        raise OutputError(
            f"a file name ending in {', '.join(_FORMATS)}, or a folder for frames", f"'{output}'", "Change the ending."
        )
    return ContainerKind(_FORMATS[suffix])
