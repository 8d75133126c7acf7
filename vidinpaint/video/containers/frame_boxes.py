"""`frame_boxes`: side data of a frame that MP4 and Matroska hold once for the whole stream, as boxes of an MP4 header.

HDR10 clips and stereo pictures often have it in their frames alone, where newly encoded frames do not.
"""

import struct

import av
from av.sidedata.sidedata import Type

from vidinpaint.video.containers.frame_side_data import side_data

_STEREO_MODES = {0: 0, 1: 2, 2: 1}
"""FFmpeg's AVStereo3DType (flat, side by side, top and bottom) in the numbers of the box; it has no others."""


def frame_boxes(frame: av.VideoFrame) -> dict[bytes, bytes]:
    """The boxes by their type: mdcv (mastering display), clli (content light level) and st3d (stereo)."""
    found = side_data(frame)
    contents = {
        b"mdcv": _mastering_display(found.get(Type.MASTERING_DISPLAY_METADATA, b"")),
        b"clli": _light_level(found.get(Type.CONTENT_LIGHT_LEVEL, b"")),
        b"st3d": _stereo(found.get(Type.STEREO3D, b"")),
    }
    return {kind: struct.pack(">I4s", 8 + len(data), kind) + data for kind, data in contents.items() if data}


def _mastering_display(data: bytes) -> bytes:
    """From AVMasteringDisplayMetadata: ten fractions (red, green, blue, white, luminance), then what of it is set."""
    if len(data) < 88:
        return b""
    *numbers, has_primaries, has_luminance = struct.unpack_from("<22i", data)
    if not (has_primaries and has_luminance and all(numbers[1::2])):
        return b""
    values = [top / bottom for top, bottom in zip(numbers[::2], numbers[1::2])]
    red, green, blue, white = ([round(50000 * value) for value in values[at : at + 2]] for at in (0, 2, 4, 6))
    darkest, brightest = (round(10000 * value) for value in values[8:])
    return struct.pack(">8H2I", *green, *blue, *red, *white, brightest, darkest)


def _light_level(data: bytes) -> bytes:
    """From AVContentLightMetadata: maximum and mean in candela per square metre."""
    return struct.pack(">2H", *(min(value, 0xFFFF) for value in struct.unpack_from("<2I", data))) if data else b""


def _stereo(data: bytes) -> bytes:
    """From AVStereo3D: its type, and whether the views are exchanged, which the box cannot say."""
    if not data:
        return b""
    kind, exchanged = struct.unpack_from("<2i", data)
    return bytes([0, 0, 0, 0, _STEREO_MODES[kind]]) if kind in _STEREO_MODES and not exchanged else b""
