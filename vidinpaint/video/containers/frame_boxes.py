"""`frame_boxes`: side data of a frame that holds for the whole stream, as boxes of an MP4 header.

Encoders write mastering display, light level and stereo into the frames only; a container keeps them in its header.
"""

import struct

import av
from av.sidedata.sidedata import Type

from vidinpaint.video.containers.frame_side_data import side_data

_STEREO = {0: 0, 1: 2, 2: 1}
"""FFmpeg's AVStereo3DType (flat, side by side, top and bottom) to the layouts of the box."""


def frame_boxes(frame: av.VideoFrame) -> dict[bytes, bytes]:
    """Boxes by their type; none for side data that is incomplete or that the box cannot express."""
    found = side_data(frame)
    contents = {
        b"mdcv": _mastering_display(found.get(Type.MASTERING_DISPLAY_METADATA, b"")),
        b"clli": _light_level(found.get(Type.CONTENT_LIGHT_LEVEL, b"")),
        b"st3d": _stereo(found.get(Type.STEREO3D, b"")),
    }
    return {kind: struct.pack(">I4s", 8 + len(data), kind) + data for kind, data in contents.items() if data}


def _mastering_display(data: bytes) -> bytes:
    """FFmpeg's AVMasteringDisplayMetadata: ten fractions, and whether primaries and luminance are given."""
    if len(data) < 88:
        return b""
    *fractions, has_primaries, has_luminance = struct.unpack_from("<22i", data)
    tops, bottoms = fractions[::2], fractions[1::2]
    if not (has_primaries and has_luminance and all(bottoms)):
        return b""
    values = [top / bottom for top, bottom in zip(tops, bottoms)]
    red, green, blue, white = (values[at : at + 2] for at in (0, 2, 4, 6))
    chromaticities = [round(value * 50000) for value in (*green, *blue, *red, *white)]
    low, high = (round(value * 10000) for value in values[8:])
    return struct.pack(">8H2I", *chromaticities, high, low)


def _light_level(data: bytes) -> bytes:
    """FFmpeg's AVContentLightMetadata: greatest content and greatest frame average light level."""
    return struct.pack(">2H", *struct.unpack_from("<2I", data)) if len(data) >= 8 else b""


def _stereo(data: bytes) -> bytes:
    """FFmpeg's AVStereo3D begins with the arrangement, then flags; with flags (views exchanged) no box says it."""
    arrangement, flags = struct.unpack_from("<2i", data) if len(data) >= 8 else (-1, 0)
    return struct.pack(">IB", 0, _STEREO[arrangement]) if arrangement in _STEREO and not flags else b""
