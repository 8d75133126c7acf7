"""Encode: passes the finished frames of a window to the writer, one closed segment per window."""

from dataclasses import dataclass
from typing import ClassVar

from vidinpaint.core.clip import Clip
from vidinpaint.core.graph import Phase
from vidinpaint.core.window import Window
from vidinpaint.video.files.encoder import Encoding
from vidinpaint.video.writers import Writer


@dataclass(frozen=True)
class Encode(Encoding):
    """Encodes the frames that a window owns, and returns how many they are; the settings are those of `Encoding`."""

    name: ClassVar[str] = "encode"
    phase: ClassVar[Phase] = "write"

    def __call__(self, result: Clip, window: Window, writer: Writer) -> int:
        writer.write(window.index, result)
        return len(result)
