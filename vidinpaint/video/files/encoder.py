"""`encode_segment`: encodes consecutive frames as one file that can be decoded on its own.

Segments are NUT files: NUT keeps any time base and any codec (Matroska rounds to milliseconds, MP4 takes no FFV1).
NUT has no times before zero, so stamps are relative to the segment's first frame, whose own stamp is in the metadata.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from vidinpaint.core.clip import Clip
from vidinpaint.video.containers.muxing_errors import output_errors
from vidinpaint.video.containers.opacity import SEGMENT_OPTIONS
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.info import LIMITED_RANGE, UNSPECIFIED, Tags, VideoInfo
from vidinpaint.video.pixels.conversion import convert
from vidinpaint.video.pixels.planes import frame_of, layout

__all__ = ["FIRST_PTS", "Encoding", "encode_segment", "encoded_tags"]

FIRST_PTS = "vidinpaint_first_pts"
_RGB, _BT709 = 0, 1
_MAX_REORDER = 16  # frames by which any of the codecs reorders a frame, at most


def encode_segment(path: str | Path, clip: Clip, info: VideoInfo, encoding: Encoding) -> None:
    """Write `clip` to `path` as one closed segment, with exact time stamps and the source's colour tags."""
    name, _ = encoding.pixel_format(clip.format, clip.width, clip.height)
    format = layout(name).format
    tags = encoded_tags(info, clip, encoding)
    options = SEGMENT_OPTIONS if format.alpha and encoding.codec == "vp9" else {}
    with output_errors(path), av.open(str(path), "w", format="nut", container_options=options) as container:
        container.metadata[FIRST_PTS] = str(clip.pts[0])
        stream = container.add_stream(
            encoding.encoder,
            rate=info.rate,
            options=encoding.encoder_options(),
            time_base=clip.time_base,
            width=clip.width,
            height=clip.height,
        )
        assert isinstance(stream, VideoStream)
        stream.pix_fmt = name
        stream.time_base = stream.codec_context.time_base = clip.time_base
        stream.codec_context.sample_aspect_ratio = info.sample_aspect
        _tag(stream.codec_context, tags)
        decoded = _decoding_times(clip)
        for t in range(len(clip)):  # frame by frame, because a conversion takes memory
            one = convert(clip.cut(clip.first + t, clip.first + t + 1), format)
            frame = frame_of([plane[0] for plane in one.planes], format, name)
            frame.pts = int(clip.pts[t] - clip.pts[0])
            frame.time_base = clip.time_base
            _tag(frame, tags)
            _store(container, stream.encode(frame), decoded)
        _store(container, stream.encode(None), decoded)


def _decoding_times(clip: Clip) -> Iterator[int]:
    """Increasing decoding times, valid for a reordering by up to `_MAX_REORDER` frames; `mux` replaces them later.

    Encoders derive them from the frame rate, which fails for uneven times (x265: later than the frame is shown).
    """
    shown = (clip.pts - clip.pts[0]).tolist()
    return iter([*range(-_MAX_REORDER, 0), *shown])


def _store(container: OutputContainer, packets: list[av.Packet], decoded: Iterator[int]) -> None:
    for packet in packets:
        packet.dts = next(decoded)
        container.mux_one(packet)


def encoded_tags(info: VideoInfo, clip: Clip, encoding: Encoding) -> Tags:
    """The colour tags of the encoded clip: the source's, unless RGB had to be converted to YUV.

    Grey images are often tagged with the matrix of RGB, which encoders refuse for YUV.
    """
    name, _ = encoding.pixel_format(clip.format, clip.width, clip.height)
    if clip.format.kind == "grey" and info.tags.matrix == _RGB:
        return replace(info.tags, matrix=UNSPECIFIED)
    if clip.format.kind == "rgb" and layout(name).format.kind == "yuv":
        primaries = _BT709 if info.tags.primaries == UNSPECIFIED else info.tags.primaries
        transfer = _BT709 if info.tags.transfer == UNSPECIFIED else info.tags.transfer
        return Tags(LIMITED_RANGE, primaries, transfer, _BT709)
    return info.tags


def _tag(target: av.VideoFrame | av.VideoCodecContext, tags: Tags) -> None:
    target.color_range = tags.range
    target.color_primaries = tags.primaries
    target.color_trc = tags.transfer
    target.colorspace = tags.matrix
