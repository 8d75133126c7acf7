"""`probe`: reads a `VideoInfo` from an open stream and its first frame."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from av.video.stream import VideoStream

from vidinpaint.core.orientation import UPRIGHT, matrix_turn
from vidinpaint.video.containers.frame_side_data import side_data
from vidinpaint.video.info import FULL_RANGE, UNSPECIFIED, Tags, VideoInfo, colour_of
from vidinpaint.video.pixels.planes import Layout


def probe(path: str | Path, stream: VideoStream, frame: av.VideoFrame, pixel_layout: Layout) -> VideoInfo:
    """The properties of a file; the tags of its first frame take precedence over those of the container."""
    tags = tags_of(stream, frame, pixel_layout)
    colour, colour_note = colour_of(tags, pixel_layout.format, frame.height)
    aspect = stream.sample_aspect_ratio
    notes = [pixel_layout.note, colour_note]
    if frame.interlaced_frame:
        notes.append("interlaced source treated as progressive")
    matrix = _display_matrix(frame)
    notes.append(_orientation_note(matrix, frame))
    assert stream.time_base is not None
    return VideoInfo(
        path=str(path),
        width=frame.width,
        height=frame.height,
        format=pixel_layout.format,
        colour=colour,
        time_base=stream.time_base,
        rate=stream.average_rate or stream.guessed_rate or Fraction(25),
        tags=tags,
        sample_aspect=aspect if aspect and aspect > 0 else Fraction(1),
        rotation=frame.rotation,
        display_matrix=matrix,
        notes=tuple(note for note in notes if note),
    )


def tags_of(stream: VideoStream, frame: av.VideoFrame, pixel_layout: Layout) -> Tags:
    """Colour tags of the frame, else of the stream; "yuvj" formats are full range by name."""
    context = stream.codec_context
    colour_range = int(frame.color_range) or int(context.color_range)
    if pixel_layout.name.startswith("yuvj"):
        colour_range = FULL_RANGE
    return Tags(
        range=colour_range,
        primaries=_specified(frame.color_primaries, context.color_primaries),
        transfer=_specified(frame.color_trc, context.color_trc),
        matrix=_specified(frame.colorspace, context.colorspace),
    )


def _specified(first: int, second: int) -> int:
    return int(first) if int(first) != UNSPECIFIED else int(second)


def _display_matrix(frame: av.VideoFrame) -> tuple[int, ...]:
    data = side_data(frame).get(SideDataType.DISPLAYMATRIX)
    return () if data is None else tuple(np.frombuffer(data, "<i4", 9).tolist())


def _orientation_note(matrix: tuple[int, ...], frame: av.VideoFrame) -> str | None:
    turn = matrix_turn(matrix)
    if turn is None:
        return "players show the clip at an angle or distorted: masks refer to its frames as they are stored"
    if turn == UPRIGHT:
        return None
    width, height = turn.size(frame.width, frame.height)
    return f"players show the clip {turn}: masks refer to the picture as it is shown, {width} x {height}"
