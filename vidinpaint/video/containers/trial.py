"""Whether a container holds a stream: asked of the muxer and of the demuxer, by a trial in memory.

FFmpeg's tables of what a format holds are not the answer: Matroska holds more than its table says, and what is written
without an error cannot always be read again (WMA in MOV).
"""

from contextlib import closing
from errno import EINVAL, ENOSYS
from io import BytesIO
from pathlib import Path

import av
from av.stream import Disposition, Stream

from vidinpaint.video.containers.copying import add_copy
from vidinpaint.video.containers.kinds import STRICTNESS
from vidinpaint.video.files.demuxing import open_container, packets_of

_SEARCHED = 2000  # packets; subtitles may begin later than that


def first_packets(path: str | Path) -> dict[int, av.Packet]:
    """The first packet of each stream that has one near the start of the file, by the index of the stream."""
    found: dict[int, av.Packet] = {}
    with closing(open_container(path)) as container:
        for number, packet in enumerate(packets_of(container, list(container.streams))):
            if packet.size:
                found.setdefault(packet.stream.index, packet)
            if number == _SEARCHED or len(found) == len(container.streams):
                break
    return found


def unsupported_reason(source: Stream, format: str, packet: av.Packet | None = None) -> str | None:
    """Why a container of this format cannot hold a copy of the stream; None if it can.

    packet: one of the stream's; without it, what was written is not read again.
    """
    if format == "matroska" and source.disposition & Disposition.attached_pic:
        return None  # see `add_cover`
    buffer = BytesIO()
    try:
        with av.open(buffer, "w", format=format, container_options=STRICTNESS) as trial:
            stream = add_copy(trial, source)
            trial.start_encoding()
            if packet is not None:
                packet.stream = stream
                trial.mux_one(packet)
    except (av.FFmpegError, ValueError, NotImplementedError) as error:
        if getattr(error, "errno", None) in (EINVAL, ENOSYS):  # FFmpeg's answers to codecs that formats do not know
            return "no place for this codec in the format"
        return str(getattr(error, "strerror", None) or error).splitlines()[0]
    if packet is None or _is_readable(buffer, source):
        return None
    return "it could not be read again"


def _is_readable(file: BytesIO, source: Stream) -> bool:
    """Whether a decoder finds what it needs in the only stream of the file, and a cover picture is still one."""
    try:
        with av.open(BytesIO(file.getvalue())) as container:
            stream = container.streams[0]
            if source.codec_context is None:
                return stream.type == source.type and any(packet.size for packet in container.demux(stream))
            stream.codec_context.open(strict=False)
            cover = Disposition.attached_pic
            return stream.type == source.type and stream.disposition & cover == source.disposition & cover
    except (av.FFmpegError, ValueError, IndexError, AttributeError):
        return False
