"""`WindowRecord`: what is known of one finished window; with this file beside its segment, the window is stored."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class WindowRecord:
    """One window.

    index        of the window in its plan
    fingerprint  of what it was made from, see `vidinpaint.execution.checkpoints.fingerprint`
    frames       how many
    seconds      by stage
    counts       masked pixels by the number of their `Source`, as text
    check        the fields of `vidinpaint.checking.record.WindowCheck`, or None where nothing was checked
    evidence     images for the report page, or None where none were asked for
    pixels       sha256 of the planes that went into the encoder: the same for every runner and machine
    tags         colour tags of the encoded frames, as FFmpeg's integers
    segment      name of the file with its frames, empty where none is kept; size in bytes, sha256 of its content
    """

    index: int
    fingerprint: str
    frames: int
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    check: dict[str, Any] | None = None
    evidence: dict[str, Any] | None = None
    pixels: str = ""
    tags: tuple[int, int, int, int] = (0, 0, 0, 0)
    segment: str = ""
    size: int = 0
    sha256: str = ""

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
        kinds = {"index": int, "size": int, "frames": int, "seconds": dict, "counts": dict, "fingerprint": str,
                 "segment": str, "sha256": str, "pixels": str}  # fmt: skip
        sound = all(isinstance(getattr(record, name), kind) for name, kind in kinds.items())
        sound = sound and len(record.tags) == 4 and all(isinstance(tag, int) for tag in record.tags)
        return record if sound and "/" not in record.segment and ".." not in record.segment else None
