"""The containers that results are written to, chosen by the suffix of the file name."""

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
    """A container format; name is FFmpeg's name of the muxer."""

    name: str

    @property
    def is_mov(self) -> bool:
        return self.name in ("mp4", "mov")

    def check_codec(self, codec: str) -> None:
        """Raise `OutputError` if the container cannot hold video of this codec."""
        supported = {
            "mp4": ("h264", "hevc", "vp9"),
            "mov": ("h264", "hevc"),
            "webm": ("vp9",),
            "nut": ("ffv1",),  # NUT has no times before zero, and B-frames are decoded before they are shown
        }.get(self.name)
        if supported is not None and codec not in supported:
            raise OutputError(
                f"a codec that {self.name} can hold ({', '.join(supported)})",
                codec,
                "Choose one with --codec, or write to a .mkv file, which can hold all codecs.",
            )

    def options(self, time_base: Fraction, keys: set[str]) -> dict[str, str]:
        """Muxer options that keep time stamps of `time_base` and metadata under `keys` as they are."""
        if self.is_mov:
            # QuickTime's own keys ("com.apple...") need a different table than the usual ones
            key_table = "+use_metadata_tags" if any("." in key for key in keys) else ""
            ticks = str(time_base.denominator)  # also for the edit list, which holds when a track starts
            return {"movflags": f"+faststart{key_table}", "video_track_timescale": ticks, "movie_timescale": ticks}
        if self.name in ("matroska", "webm"):
            return {"avoid_negative_ts": "disabled"}  # otherwise all times move by the reordering of B-frames
        return {}


def container_kind(output: str | Path) -> ContainerKind:
    """The container for a file name; raises `OutputError` for an unknown suffix."""
    suffix = Path(output).suffix.lower()
    if suffix not in _FORMATS:
        raise OutputError(
            f"a file name ending in {', '.join(_FORMATS)}, or a folder for frames", f"'{output}'", "Change the suffix."
        )
    return ContainerKind(_FORMATS[suffix])
