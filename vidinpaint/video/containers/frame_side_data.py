"""Side data of single frames, by what it means: captions, HDR metadata, time codes."""

import struct
import uuid
from typing import Any

import av
from av.sidedata.sidedata import Type

_ENCODER_SETTINGS = {  # x264 and x265 write their settings as user data; they are those of the encoder alone
    uuid.UUID("dc45e9bd-e6d9-48b7-962c-d820d923eeef").bytes,
    uuid.UUID("2ca2de09-b517-47db-bb55-a4fe7fc2fc4e").bytes,
}
_NAMES = {
    Type.A53_CC: "closed captions (CEA-608/708)",
    Type.SPHERICAL: "360 degree mark",
    Type.STEREO3D: "stereo mark",
    Type.MASTERING_DISPLAY_METADATA: "mastering display metadata",
    Type.CONTENT_LIGHT_LEVEL: "content light level",
    Type.AMBIENT_VIEWING_ENVIRONMENT: "ambient viewing environment",
    Type.DYNAMIC_HDR_PLUS: "HDR10+ metadata",
    Type.DYNAMIC_HDR_VIVID: "HDR Vivid metadata",
    Type.DOVI_METADATA: "Dolby Vision metadata",
    Type.DOVI_RPU_BUFFER: "Dolby Vision metadata",
    Type.ICC_PROFILE: "ICC profile",
    Type.S12M_TIMECODE: "time codes of single frames",
    Type.GOP_TIMECODE: "time codes of single frames",
    Type.AFD: "active format description",
    Type.PANSCAN: "pan and scan",
    Type.FILM_GRAIN_PARAMS: "film grain parameters",
    Type.SEI_UNREGISTERED: "user data in the frames (SEI)",
}
"""Kinds that are lost if nothing is done; others describe the packet or the decoder."""
_ARRANGEMENTS = {
    1: "side by side", 2: "top and bottom", 3: "frame by frame", 4: "checkerboard", 5: "side by side, quincunx",
    6: "by lines", 7: "by columns",
}  # fmt: skip
"""FFmpeg's AVStereo3DType in words; MOV keeps that there are two views, but not how they are arranged."""
ARRANGEMENT = "arrangement of stereo views"
UNKNOWN = "side data of a kind that PyAV does not know"


def side_data(frame: av.VideoFrame) -> dict[Type, bytes]:
    """The side data of a frame; empty if there is a kind that PyAV does not know, which hides the others."""
    return _kinds(frame) or {}


def named_side_data(frame: av.VideoFrame) -> set[str]:
    """What the side data of a frame means, of all kinds that a result should keep."""
    kinds = _kinds(frame)
    if kinds is None:
        return {UNKNOWN}
    if Type.SEI_UNREGISTERED in kinds and kinds[Type.SEI_UNREGISTERED][:16] in _ENCODER_SETTINGS:
        del kinds[Type.SEI_UNREGISTERED]
    if Type.PANSCAN in kinds and _shows_all(kinds[Type.PANSCAN], frame):
        del kinds[Type.PANSCAN]
    names = {_NAMES[kind] for kind in kinds if kind in _NAMES}
    if Type.STEREO3D in kinds:
        (arrangement,) = struct.unpack_from("<i", kinds[Type.STEREO3D])
        if arrangement in _ARRANGEMENTS:
            names.add(f"{ARRANGEMENT} ({_ARRANGEMENTS[arrangement]})")
    return names


def _kinds(frame: av.VideoFrame) -> dict[Type, bytes] | None:
    """The side data by kind; None if PyAV does not know one of them."""
    found: dict[Type, bytes] = {}
    data: Any  # PyAV's types say that iterating gives names
    try:
        for data in frame.side_data:
            found[data.type] = bytes(data)
    except ValueError:
        return None
    return found


def _shows_all(pan_scan: bytes, frame: av.VideoFrame) -> bool:
    """Whether pan and scan (FFmpeg's AVPanScan, sizes in sixteenths of a pixel) selects the whole frame, or nothing."""
    _, width, height, *position = struct.unpack_from("<3i6h", pan_scan)
    return (width, height) in ((0, 0), (16 * frame.width, 16 * frame.height)) and not any(position)
