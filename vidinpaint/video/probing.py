"""`probe`: a `VideoInfo` from an open stream and its first frame."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from av.video.stream import VideoStream

from vidinpaint.video.info import FULL_RANGE, UNSPECIFIED, Tags, VideoInfo, colour_of
from vidinpaint.video.planes import Layout


def probe(path: str | Path, stream: VideoStream, frame: av.VideoFrame, how: Layout) -> VideoInfo:
    """What the file says about itself; the first frame is asked before the container, as the codec knows better."""
    tags = tags_of(stream, frame, how)
    colour, note = colour_of(tags, how.format, frame.height)
    matrix = _display_matrix(frame)
    aspect = stream.sample_aspect_ratio
    interlaced = bool(frame.interlaced_frame)
    notes = [how.note, note]
    if interlaced:
        notes.append("interlaced source treated as progressive")
    if _side_data(frame, SideDataType.MASTERING_DISPLAY_METADATA) is not None:
        notes.append("HDR mastering metadata is not propagated over")
    assert stream.time_base is not None
    return VideoInfo(
        path=str(path),
        width=frame.width,
        height=frame.height,
        format=how.format,
        colour=colour,
        time_base=stream.time_base,
        rate=stream.average_rate or stream.guessed_rate or Fraction(25),
        tags=tags,
        sample_aspect=aspect if aspect and aspect > 0 else Fraction(1),
        rotation=frame.rotation,
        display_matrix=matrix,
        codec=stream.codec_context.name,
        interlaced=interlaced,
        notes=tuple(line for line in notes if line),
    )


def tags_of(stream: VideoStream, frame: av.VideoFrame, how: Layout) -> Tags:
    """Colour tags of the frame, else of the stream; "yuvj" formats say full range by their name."""
    context = stream.codec_context
    range_ = int(frame.color_range) or int(context.color_range)
    if how.name.startswith("yuvj"):
        range_ = FULL_RANGE
    return Tags(
        range=range_,
        primaries=_known(frame.color_primaries, context.color_primaries),
        transfer=_known(frame.color_trc, context.color_trc),
        matrix=_known(frame.colorspace, context.colorspace),
    )


def _known(first: int, second: int) -> int:
    return int(first) if int(first) != UNSPECIFIED else int(second)


def _display_matrix(frame: av.VideoFrame) -> tuple[int, ...]:
    data = _side_data(frame, SideDataType.DISPLAYMATRIX)
    return () if data is None else tuple(np.frombuffer(data, "<i4", 9).tolist())


def _side_data(frame: av.VideoFrame, kind: SideDataType) -> bytes | None:
    data: Any
    for data in frame.side_data:
        if data.type == kind:
            return bytes(data)
    return None
