"""`WindowRecord`: the facts about one finished window; a window counts as stored once its record is written."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class WindowRecord:
    """One window.

    index        index of the window in the plan
    fingerprint  hash of what it was made from, see `vidinpaint.execution.checkpoints.fingerprint`
    frames       number of frames
    seconds      computing time by stage
    counts       number of masked pixels by source; keys are the numbers of `Source` as text
    check        the fields of `vidinpaint.checking.record.WindowCheck`, or None if the window was not checked
    evidence     images for the report page, or None if no page was requested
    pixels       sha256 of the planes that were encoded: the same for every runner
    tags         colour tags of the encoded frames, as FFmpeg's integers
    segment      name of the file with its frames, empty if none is kept; size in bytes, sha256 of its content
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
        """The record, or None if the text is incomplete or was written by another version."""
        try:
            values = json.loads(text)
            record = cls(**{**values, "tags": tuple(values["tags"])})
        except (ValueError, TypeError, KeyError):
            return None
        types = {"index": int, "size": int, "frames": int, "seconds": dict, "counts": dict, "fingerprint": str,
                 "segment": str, "sha256": str, "pixels": str}  # fmt: skip
        valid = all(isinstance(getattr(record, name), kind) for name, kind in types.items())
        valid = valid and len(record.tags) == 4 and all(isinstance(tag, int) for tag in record.tags)
        return record if valid and "/" not in record.segment and ".." not in record.segment else None
