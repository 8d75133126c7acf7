"""`WindowRecord`: what is known of one finished window; its file beside the segment is what commits it."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class WindowRecord:
    """One window.

    index     of the window in its plan
    key       what it was made from, see `vidinpaint.execution.checkpoints.fingerprint`; another key means another picture
    segment   name of the file with its frames; size in bytes, sha256 of its content
    frames    how many
    pixels    sha256 of the planes that went into the encoder: the same for every runner and machine
    tags      colour tags of the encoded pictures, as FFmpeg's integers
    seconds   by stage; counts: painted pixels by the number of their `Source`, as text
    check     the fields of `vidinpaint.checking.record.WindowCheck`, or None where nothing was checked
    evidence  pictures for the page about the run, or None where none was asked for
    """

    index: int
    key: str
    segment: str
    size: int
    sha256: str
    frames: int
    pixels: str
    tags: tuple[int, int, int, int]
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    check: dict[str, Any] | None = None
    evidence: dict[str, Any] | None = None

    def to_text(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_text(cls, text: str) -> "WindowRecord | None":
        """The record, or None where the text is none: half a file, or another version's."""
        try:
            values = json.loads(text)
            record = cls(**{**values, "tags": tuple(values["tags"])})
        except (ValueError, TypeError, KeyError):
            return None
        kinds = {"index": int, "size": int, "frames": int, "seconds": dict, "counts": dict}
        texts = ("key", "segment", "sha256", "pixels")
        sound = all(isinstance(getattr(record, name), kind) for name, kind in kinds.items())
        sound = sound and all(isinstance(getattr(record, name), str) for name in texts)
        sound = sound and len(record.tags) == 4 and all(isinstance(tag, int) for tag in record.tags)
        return record if sound and "/" not in record.segment and ".." not in record.segment else None
