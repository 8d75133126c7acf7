"""`VideoInfo`: the properties of a source: size, pixel format, colour, time base, rotation."""

from dataclasses import dataclass, field
from fractions import Fraction

from vidinpaint.core.clip import Colour, Matrix, PixelFormat
from vidinpaint.core.orientation import UPRIGHT, Turn, matrix_turn

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
    """Colour tags as in the file: FFmpeg's integers (H.273), kept even if they are "unspecified"."""

    range: int = 0
    primaries: int = UNSPECIFIED
    transfer: int = UNSPECIFIED
    matrix: int = UNSPECIFIED


@dataclass(frozen=True)
class VideoInfo:
    """The properties of a source.

    path            the file or folder, or "" for an array
    format          layout of the planes that `read` delivers
    colour          meaning of the sample values; guessed from the size if the file does not say
    width, height   of a frame in pixels, as it is stored
    time_base       seconds per unit of time stamps
    rate            mean frames per second; a hint for encoders, never used for timing
    tags            colour tags as stored in the file
    sample_aspect   width of a pixel divided by its height
    rotation        degrees counter-clockwise that players turn the frames by (metadata, not applied)
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
    notes: tuple[str, ...] = ()

    @property
    def turn(self) -> Turn:
        """What players do with the stored frames; no turn if the display matrix is not one by quarters."""
        return matrix_turn(self.display_matrix) or UPRIGHT

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of a frame in pixels, as players show it."""
        return self.turn.size(self.width, self.height)

    @property
    def shown_aspect(self) -> Fraction:
        """Width of a pixel divided by its height, as players show it."""
        return 1 / self.sample_aspect if self.turn.quarters % 2 else self.sample_aspect


@dataclass(frozen=True)
class SourceRange:
    """The position of a time range in its source.

    zero     time stamp at which a player shows 0:00
    origin   time stamp of the source's first frame
    before   frames before the range
    total    frames of the whole source
    numbers  the number in the file name of each frame of the whole source; None where there are none
    """

    zero: int
    origin: int
    before: int
    total: int
    numbers: tuple[int, ...] | None = None


def colour_of(tags: Tags, format: PixelFormat, height: int) -> tuple[Colour, str | None]:
    """The meaning of the samples, and a note if the tags name a matrix that is only approximated.

    Untagged YUV is taken as BT.601 below 720 rows and as BT.709 from 720 rows on, as players do.
    """
    if format.kind != "yuv":  # untagged grey is taken as full range, as in FFmpeg
        return Colour("rgb", format.kind == "rgb" or tags.range != LIMITED_RANGE), None
    full = tags.range == FULL_RANGE
    guess: Matrix = "bt601" if height < 720 else "bt709"
    if tags.matrix in _MATRICES and tags.matrix != 0:
        return Colour(_MATRICES[tags.matrix], full), None
    if tags.matrix in (0, UNSPECIFIED):  # YUV planes cannot hold the identity matrix; treat it as untagged
        return Colour(guess, full), None
    return Colour(guess, full), f"colour matrix {tags.matrix} treated as {guess} while inpainting"
