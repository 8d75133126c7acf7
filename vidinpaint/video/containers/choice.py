"""Which container holds every stream of a clip: found by asking the muxers, as for every single stream."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from vidinpaint.video.containers.copying import describe, made_by_muxer
from vidinpaint.video.containers.kinds import FORMATS, ContainerKind
from vidinpaint.video.containers.trial import first_packets, unsupported_reason
from vidinpaint.video.files.demuxing import main_video, open_container

_CHOICES = (".mp4", ".mkv", ".mov", ".webm")  # those that most players open first; NUT is opened by few


def fitting_output(output: str, clip: Path, codec: str) -> str:
    """`output` with the suffix whose container loses the fewest streams of `clip`; its own suffix where that is enough.

    codec: that of the encoded video, a name of `CODECS`. Folders and names without a suffix stay as they are.
    Raises `ClipError` if the clip cannot be opened.
    """
    own = Path(output).suffix
    if not own or clip.is_dir() or Path(output).is_dir():
        return output
    with closing(open_container(clip)) as source:
        copied = other_streams(source, main_video(source, clip))
        choices = [own.lower(), *_CHOICES] if own.lower() in FORMATS else _CHOICES
        holding = [choice for choice in choices if ContainerKind(FORMATS[choice]).holds(codec)]
        packets = first_packets(clip)
        best = min(holding, key=lambda choice: len(_lost(copied, FORMATS[choice], packets)))
    return output if best == own.lower() else output.removesuffix(own) + best


def other_streams(source: InputContainer, video: Stream) -> list[Stream]:
    """The streams of a clip that are copied as they are."""
    return [stream for stream in source.streams if stream.index != video.index and not made_by_muxer(stream)]


def loss_note(stream: Stream, source: InputContainer, kind: ContainerKind, reason: str, fitting: str) -> str:
    """One line for a stream that is left out; fitting: see `suffix_for_all`."""
    text = f"{describe(stream)} is lost: "
    if kind.name == _format_of(source):
        text += f"FFmpeg can read it from {kind.name} but not write it ({reason})"
    else:
        text += f"{kind.name} cannot hold it ({reason})"
    return text + (
        f"; a {fitting} file holds all streams: name one as output, or give --container auto" if fitting else ""
    )


def suffix_for_all(streams: Sequence[Stream], packets: dict[int, av.Packet]) -> str:
    """The suffix of a container that holds all of these streams, or an empty text if there is none."""
    return next((choice for choice in _CHOICES if not _lost(streams, FORMATS[choice], packets)), "")


def _format_of(source: InputContainer) -> str:
    """FFmpeg's name of the muxer of a clip's format; one demuxer reads MP4 and MOV, which differ in their brand."""
    name = source.format.name.split(",")[0]
    if name == "mov":
        return "mov" if source.metadata.get("major_brand", "qt").strip() == "qt" else "mp4"
    return name


def _lost(streams: Sequence[Stream], format: str, packets: dict[int, av.Packet]) -> list[Stream]:
    return [stream for stream in streams if unsupported_reason(stream, format, packets.get(stream.index))]
