"""`newer_facts`: what PyAV's own FFmpeg, newer than most ffprobe programs, reads of a file; names as in `inventory`."""

import hashlib
from collections import Counter
from pathlib import Path

import av
from av.sidedata.sidedata import Type

from tools.formats.inventory import Facts


def newer_facts(path: Path) -> Facts:
    """Titles of streams, the packets of sound, and the stereo mark: kept in boxes that FFmpeg 5 does not read."""
    facts: Facts = {}
    numbers: Counter[str] = Counter()
    with av.open(str(path)) as container:
        names = {}
        for stream in container.streams:
            numbers[stream.type] += 1
            names[stream.index] = f"{stream.type} {numbers[stream.type]}".removesuffix(" 1" * (stream.type == "video"))
            if title := stream.metadata.get("name") or stream.metadata.get("title"):
                facts[f"{names[stream.index]} title"] = title
        sounds = {stream.index: hashlib.md5() for stream in container.streams.audio}
        for packet in container.demux(list(container.streams.audio)) if sounds else ():
            sounds[packet.stream.index].update(bytes(packet))
        facts |= {names[index]: f"packets {digest.hexdigest()[:8]}" for index, digest in sounds.items()}
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        for data in frame.side_data:
            if getattr(data, "type", None) == Type.STEREO3D:
                facts["video Stereo 3D"] = f"arrangement {bytes(data)[0]}"
    return facts
