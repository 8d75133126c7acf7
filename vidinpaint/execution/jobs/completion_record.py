"""`CompletionRecord`: what a finished output was made from, in a small file that outlives the work folder."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from vidinpaint.core.report import Report
from vidinpaint.execution.checkpoints.segment_store import sha256_of
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.places import is_url, split


@dataclass(frozen=True)
class CompletionRecord:
    """One finished output.

    fingerprint  hash of what it was made from, see `vidinpaint.execution.checkpoints.fingerprint`
    source       stamp and sha256 of the clip
    size         size of the output in bytes; sha256 of its content
    pixels       sha256 of the encoded planes, one per window
    """

    fingerprint: str
    source: dict[str, str]
    size: int
    sha256: str
    pixels: list[str]
    report: Report

    def write(self, place: str) -> None:
        parent, name = split(place)
        values = {**{field.name: getattr(self, field.name) for field in fields(self)}, "report": self.report.to_json()}
        open_folder(parent).put_text(json.dumps(values) + "\n", name)

    @classmethod
    def read(cls, place: str) -> "CompletionRecord | None":
        """The record at a place; None if there is no valid one."""
        parent, name = split(place)
        try:
            values: dict[str, Any] = json.loads(open_folder(parent).text(name) or "null")
            return cls(**{**values, "report": Report(**values["report"])})
        except (ValueError, TypeError, KeyError):
            return None

    def holds(self, fingerprint: str, output: str) -> bool:
        """Whether the output exists unchanged and was made from what the fingerprint stands for."""
        if fingerprint != self.fingerprint:
            return False
        parent, name = split(output)
        if open_folder(parent).size(name) != self.size:
            return False
        return is_url(output) or sha256_of(Path(output)) == self.sha256
