"""How a stored picture is turned upright: the orientation tag of EXIF, the boxes of AVIF, the matrix of a video.

`Turn` is what a viewer or a player does with the stored pixels. Once the pixels of a photo are turned, the EXIF block
has to say so, and its small preview image, which would still show what was removed, has to be deleted: `upright_block`.

Source: EXIF 2.32, 4.6.4 A, tag 0x0112; ISO 23008-12, 6.5.10 and 6.5.12 (irot, imir); ISO 14496-12, 8.3.2 (matrix).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vidinpaint.core.tiff_directory import Directory
from vidinpaint.core.window import Box

ORIENTATION, PREVIEW_START, PREVIEW_LENGTH = 0x0112, 0x0201, 0x0202
EXIF_PREFIX = b"Exif\0\0"  # precedes the block in JPEG, AVIF and some PNG files
_MAX_SHEAR = 0.02  # of a display matrix, whose quarter turns are rounded in some files


class Turn(NamedTuple):
    """Quarter turns counter-clockwise, then optionally left and right exchanged."""

    quarters: int = 0
    mirrored: bool = False

    def __call__(self, pixels: np.ndarray, rows: int = 0) -> np.ndarray:
        """A view of stored pixels, upright; `rows` is the axis of the rows, that of the columns follows it."""
        turned = np.rot90(pixels, self.quarters, (rows, rows + 1))
        return np.flip(turned, rows + 1) if self.mirrored else turned

    def inverse(self) -> "Turn":
        """The turn that makes stored pixels of upright ones."""
        return self if self.mirrored else Turn(-self.quarters % 4)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height, upright, of a picture that is stored with these; and the reverse."""
        return (height, width) if self.quarters % 2 else (width, height)

    def box(self, box: Box, width: int, height: int) -> Box:
        """A box in a stored picture of width x height pixels, upright."""
        x, y = box.x, box.y
        if self.quarters == 1:
            x, y = box.y, width - box.x - box.width
        elif self.quarters == 2:
            x, y = width - box.x - box.width, height - box.y - box.height
        elif self.quarters == 3:
            x, y = height - box.y - box.height, box.x
        shown = self.size(box.width, box.height)
        if self.mirrored:
            x = self.size(width, height)[0] - x - shown[0]
        return Box(x, y, *shown)

    def __str__(self) -> str:
        turned = ("", "turned by 90 degrees to the left", "turned by 180 degrees", "turned by 90 degrees to the right")
        words = [turned[self.quarters], "mirrored" * self.mirrored]
        return " and ".join(word for word in words if word) or "upright"


UPRIGHT = Turn()
"""No turn."""

_FLIPS = {  # of the columns and of the rows, without and with rows and columns exchanged first
    False: {(1, 1): UPRIGHT, (-1, 1): Turn(0, True), (1, -1): Turn(2, True), (-1, -1): Turn(2)},
    True: {(1, 1): Turn(3, True), (-1, 1): Turn(3), (1, -1): Turn(1), (-1, -1): Turn(1, True)},
}


def matrix_turn(matrix: Sequence[int]) -> Turn | None:
    """The turn that a video's display matrix asks for; None if it is no turn by quarters, such as one by 30 degrees.

    matrix  nine integers by rows, of which a stored position (x, y, 1) is multiplied from the left; empty: no turn
    """
    if not any(matrix):
        return UPRIGHT
    by_column, by_row = matrix[0:2], matrix[3:5]
    exchanged = abs(by_column[0]) < abs(by_column[1])
    along = (by_row[0], by_column[1]) if exchanged else (by_column[0], by_row[1])
    across = (by_column[0], by_row[1]) if exchanged else (by_row[0], by_column[1])
    if not all(along) or max(map(abs, across)) > _MAX_SHEAR * min(map(abs, along)):
        return None
    return _FLIPS[exchanged][1 if along[0] > 0 else -1, 1 if along[1] > 0 else -1]


_EXIF_TURNS = {
    1: Turn(0), 2: Turn(0, True), 3: Turn(2), 4: Turn(2, True),
    5: Turn(3, True), 6: Turn(3), 7: Turn(1, True), 8: Turn(1),
}  # fmt: skip


def file_turn(data: bytes, exif: bytes) -> Turn:
    """The turn that is left to do after OpenCV has decoded a file: by the boxes of an AVIF, else by its EXIF block."""
    return avif_turn(data) if data[4:8] == b"ftyp" else exif_turn(exif)


def exif_turn(block: bytes) -> Turn:
    """The turn that an EXIF block asks for; none if the block is damaged or its tag out of range."""
    try:
        orientation = Directory(bytearray(block.removeprefix(EXIF_PREFIX))).get(ORIENTATION)
    except ValueError:
        return UPRIGHT
    return _EXIF_TURNS.get(orientation, UPRIGHT)


def upright_block(block: bytes) -> bytes | None:
    """The EXIF block for the upright image, without the preview; None if the block is damaged."""
    data = bytearray(block.removeprefix(EXIF_PREFIX))
    try:
        directory = Directory(data)
        directory.set(ORIENTATION, 1)
        if directory.next:
            _wipe_preview(data, Directory(data, directory.next))
            directory.make_last()
    except ValueError:
        return None
    return bytes(data)


def avif_turn(data: bytes) -> Turn:
    """The turn that an AVIF file asks for; in this format the tag in EXIF has no effect.

    OpenCV does not apply it. The two properties are boxes of one byte each in the header before the image data, so
    they are found by searching the header, without parsing all boxes.
    """
    header = data[: max(0, data.find(b"mdat"))]
    quarters, axis = _property(header, b"irot"), _property(header, b"imir")
    turn = Turn(0 if quarters is None else quarters & 3)
    if axis is None:
        return turn
    return Turn(turn.quarters if axis & 1 else (turn.quarters + 2) % 4, True)  # axis 0 exchanges top and bottom


def _property(header: bytes, name: bytes) -> int | None:
    at = header.find(b"\0\0\0\x09" + name)
    return header[at + 8] if 0 <= at < len(header) - 8 else None


def _wipe_preview(data: bytearray, directory: Directory) -> None:
    start, length = directory.get(PREVIEW_START), directory.get(PREVIEW_LENGTH)
    stop = min(start + length, len(data))
    if start < stop:
        data[start:stop] = bytes(stop - start)
