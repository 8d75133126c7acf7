"""`open_with_tags`: opens a file whose tags (title, artist ...) may be in an older encoding than UTF-8.

FFmpeg hands tags on as they are in the file. Those of AVI and old MP4 files are often in the encoding of the Windows
that wrote them; the most frequent one, Windows-1252, is assumed for all that is not UTF-8, or Latin-1 where that leaves
bytes without a letter: no byte is lost, so that a tag in yet another encoding can be restored.
"""

import av
from av.container import InputContainer

_ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"}
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def open_with_tags(name: str) -> InputContainer:
    """An open demuxer whose tags can all be decoded. Raises what `av.open` raises."""
    container = av.open(name, metadata_errors="replace")
    if not any(_REPLACED in text for text in _texts(container)):
        return container
    container.close()
    return av.open(name, metadata_encoding=_encoding(name), metadata_errors="replace")


def tag_note(container: InputContainer) -> str | None:
    """A note for the report where the tags are not in UTF-8."""
    encoding = container.metadata_encoding
    if encoding == "utf-8":
        return None
    return f"tags that are not in UTF-8 are read as {_ENCODINGS[encoding]}, and are written in UTF-8"


def _encoding(name: str) -> str:
    """The first encoding in which every tag can be decoded; in the last one everything can."""
    for encoding in _ENCODINGS:
        try:
            with av.open(name, metadata_encoding=encoding, metadata_errors="strict") as container:
                _texts(container)
        except UnicodeDecodeError:
            continue
        break
    return encoding


def _texts(container: InputContainer) -> list[str]:
    tags = [container.metadata, *(stream.metadata for stream in container.streams)]
    tags += [chapter["metadata"] for chapter in container.chapters()]
    return [text for table in tags for text in table.values()]
