"""`VideoInfo`: what a source says about itself, apart from its pictures."""

from dataclasses import dataclass, field
from fractions import Fraction

from vidinpaint.core.clip import Colour, Matrix, PixelFormat

UNSPECIFIED = 2  # H.273's code for "unspecified" primaries, transfer and matrix
LIMITED_RANGE, FULL_RANGE = 1, 2  # FFmpeg's AVCOL_RANGE_MPEG ("tv") and _JPEG ("pc"); 0 is untagged

_MATRICES: dict[int, Matrix] = {
    0: "rgb",
    1: "bt709",
    5: "bt601",
    6: "bt601",
    9: "bt2020",
    10: "bt2020",
}


@dataclass(frozen=True)
class Tags:
    """Colour tags as in the file: FFmpeg's integers (H.273), kept even when they say "unspecified"."""

    range: int = 0
    primaries: int = UNSPECIFIED
    transfer: int = UNSPECIFIED
    matrix: int = UNSPECIFIED


@dataclass(frozen=True)
class VideoInfo:
    """A source as its reader delivers it.

    path            the file or folder, or "" for an array
    format          layout of the planes that `read` delivers
    colour          meaning of the sample values; a guess by size where the file does not say
    time_base       seconds a tick of every time stamp
    rate            mean frames a second; a hint for encoders, never used for timing
    sample_aspect   width of a pixel by its height
    rotation        degrees to turn the picture counter-clockwise for display (a note in the container, not applied)
    display_matrix  the container's nine integers behind `rotation`, or empty
    notes           what was guessed or converted while reading, one line each
    """

    path: str
    width: int
    height: int
    format: PixelFormat
    colour: Colour
    time_base: Fraction
    rate: Fraction
    tags: Tags = field(default_factory=Tags)
    sample_aspect: Fraction = Fraction(1)
    rotation: int = 0
    display_matrix: tuple[int, ...] = ()
    codec: str = ""
    interlaced: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceRange:
    """Where a range lies in its whole source.

    origin   time stamp of the source's first frame
    before   frames in front of the range
    total    frames of the whole source
    """

    origin: int
    before: int
    total: int


def colour_of(tags: Tags, format: PixelFormat, height: int) -> tuple[Colour, str | None]:
    """What the samples mean, and a note where the tags name a matrix that is only approximated.

    Untagged YUV counts as BT.601 under 720 rows and BT.709 from there on, as players do.
    """
    if format.kind != "yuv":  # untagged grey counts as full range, as FFmpeg's own conversions have it
        return Colour("rgb", format.kind == "rgb" or tags.range != LIMITED_RANGE), None
    full = tags.range == FULL_RANGE
    guess: Matrix = "bt601" if height < 720 else "bt709"
    if tags.matrix in _MATRICES and tags.matrix != 0:
        return Colour(_MATRICES[tags.matrix], full), None
    if tags.matrix in (0, UNSPECIFIED):  # YUV planes cannot hold the identity matrix; treat it as untagged
        return Colour(guess, full), None
    return Colour(guess, full), f"colour matrix {tags.matrix} treated as {guess} while inpainting"
