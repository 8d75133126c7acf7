"""Opacity of VP8 and VP9 in Matroska and WebM: a second picture beside each packet, and a tag that announces it.

FFmpeg's own decoders ignore the second picture; libvpx reads it.
"""

from typing import get_args

import av
from av.codec import CodecContext
from av.packet import PacketSideData, PktSideDataT
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext

TAG = "alpha_mode"
"""Name of the tag, with the value "1"; a stream without opacity must not have it."""
SEGMENT_OPTIONS = {"syncpoints": "timestamped", "strict": "experimental"}
"""Options of the NUT muxer: only its version 4 keeps the second picture."""
_KIND: PktSideDataT = "matroska_block_additional"
_NUMBER_BYTES = 8
_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


def opacity_decoder(stream: Stream) -> VideoCodecContext | None:
    """A decoder that delivers the opacity of a video stream; None if FFmpeg's usual decoder does, or there is none."""
    codec = stream.codec_context.codec.canonical_name if stream.codec_context else ""
    announced = any(key.lower() == TAG and value == "1" for key, value in stream.metadata.items())
    if not announced or codec not in _DECODERS:
        return None
    decoder = CodecContext.create(_DECODERS[codec], "r")
    assert isinstance(decoder, VideoCodecContext)
    return decoder


def has_opacity(packet: av.Packet) -> bool:
    """Whether a packet has a second picture with the opacity."""
    return packet.has_sidedata(_KIND)


def restore_opacity(packet: av.Packet) -> None:
    """Undo, in place, that FFmpeg's NUT demuxer repeats the number before the second picture of a packet."""
    if not has_opacity(packet):
        return
    data = bytes(packet.get_sidedata(_KIND))
    if data[:_NUMBER_BYTES] == data[_NUMBER_BYTES : 2 * _NUMBER_BYTES]:
        size = len(data) - _NUMBER_BYTES
        restored = PacketSideData(get_args(PktSideDataT).index(_KIND), size)  # type: ignore[call-arg]  # missing in stubs
        restored.update(data[_NUMBER_BYTES:])
        packet.set_sidedata(restored)
