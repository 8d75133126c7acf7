"""The containers that results are written to, chosen by the suffix of the file name."""

from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av

from vidinpaint.core.errors import OutputError
from vidinpaint.video.files.encoding import CODECS, Encoding

_FINE = 90000  # ticks per second at which the ends of sound are exact enough
STRICTNESS = {"strict": "unofficial"}
"""Option of every muxer: without it, MP4 leaves out what was standardised late, such as marks of 360 degree clips."""

FORMATS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".webm": "webm",
    ".nut": "nut",
}
"""FFmpeg's name of the muxer, by suffix."""


@dataclass(frozen=True)
class ContainerKind:
    """A container format; name is FFmpeg's name of the muxer."""

    name: str

    @property
    def is_mov(self) -> bool:
        return self.name in ("mp4", "mov")

    def check_codec(self, codec: str) -> None:
        """Raise `OutputError` if the container cannot hold video of this codec, a name of `CODECS`."""
        if not self.holds(codec):
            supported = [name for name in CODECS if self.holds(name)]
            raise OutputError(
                f"a codec that {self.name} can hold ({', '.join(supported)})",
                codec,
                "Choose one with --codec, or write to a .mkv file, which can hold all codecs.",
            )

    def holds(self, codec: str) -> bool:
        """Whether the muxer accepts video of this codec, found by a trial in memory."""
        if self.name == "nut" and codec != "ffv1":
            return False  # NUT has no times before zero, and B-frames are decoded before they are shown
        try:
            trial = av.open(BytesIO(), "w", format=self.name, container_options=STRICTNESS)
            options = Encoding(codec).encoder_options()
            trial.add_stream(CODECS[codec], rate=25, options=options, width=64, height=64)
            trial.start_encoding()
            trial.close()
        except (av.FFmpegError, ValueError):
            return False
        return True

    def options(self, time_base: Fraction, keys: set[str]) -> dict[str, str]:
        """Muxer options that keep time stamps of `time_base` and metadata under `keys` as they are."""
        if self.is_mov:
            # QuickTime's own keys ("com.apple...") need a different table than the usual ones
            key_table = "+use_metadata_tags" if any("." in key for key in keys) else ""
            ticks = time_base.denominator
            fine = ticks * max(1, _FINE // ticks)  # for the edit list, which holds when tracks start and end
            return STRICTNESS | {
                "movflags": f"+faststart{key_table}",
                "video_track_timescale": str(ticks),
                "movie_timescale": str(fine),
            }
        if self.name in ("matroska", "webm"):
            return STRICTNESS | {
                "avoid_negative_ts": "disabled"
            }  # otherwise all times move by the reordering of B-frames
        return dict(STRICTNESS)


_PHOTOS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".avif", ".bmp", ".heic")


def container_kind(output: str | Path) -> ContainerKind:
    """The container for a file name; raises `OutputError` for an unknown suffix."""
    suffix = Path(output).suffix.lower()
    if suffix not in FORMATS:
        raise OutputError(
            f"a file name ending in {', '.join(FORMATS)}, or a folder for frames",
            f"'{output}'",
            "Change the suffix, or use `vidinpaint image` for a photo." if suffix in _PHOTOS else "Change the suffix.",
        )
    return ContainerKind(FORMATS[suffix])
