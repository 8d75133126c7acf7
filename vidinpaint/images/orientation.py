"""How a stored image is turned upright: the orientation tag of EXIF, the rotation and mirror boxes of AVIF.

`Turn` is what a viewer does with the stored pixels. Once the pixels are turned, the EXIF block has to say so, and its
small preview image, which would still show what was removed, has to be deleted: `upright_block`.

Source: EXIF 2.32, 4.6.4 A, tag 0x0112; ISO 23008-12, 6.5.10 and 6.5.12 (irot, imir).
"""

from typing import NamedTuple

import numpy as np

from vidinpaint.images.directory import Directory

ORIENTATION, PREVIEW_START, PREVIEW_LENGTH = 0x0112, 0x0201, 0x0202
_PREFIX = b"Exif\0\0"  # precedes the block in AVIF and in some PNG files


class Turn(NamedTuple):
    """Quarter turns counter-clockwise, then optionally left and right exchanged."""

    quarters: int = 0
    mirrored: bool = False

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """A view of the pixels, (H, W) or (H, W, C), upright."""
        turned = np.rot90(pixels, self.quarters)
        return turned[:, ::-1] if self.mirrored else turned


_EXIF_TURNS = {
    1: Turn(0), 2: Turn(0, True), 3: Turn(2), 4: Turn(2, True),
    5: Turn(3, True), 6: Turn(3), 7: Turn(1, True), 8: Turn(1),
}  # fmt: skip


def exif_turn(block: bytes) -> Turn:
    """The turn that an EXIF block asks for; none if the block is damaged or its tag out of range."""
    try:
        orientation = Directory(bytearray(block.removeprefix(_PREFIX))).get(ORIENTATION)
    except ValueError:
        return Turn()
    return _EXIF_TURNS.get(orientation, Turn())


def upright_block(block: bytes) -> bytes | None:
    """The EXIF block for the upright image, without the preview; None if the block is damaged."""
    data = bytearray(block.removeprefix(_PREFIX))
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
