"""Outputs of a session: a folder or an array (`DirectOutput`), or a video file joined from segments (`FileOutput`).

A folder or an array receives each window as soon as it is computed, so its windows must be computed in order.
"""

from collections.abc import Sequence
from pathlib import Path

from vidinpaint.core.graph import SEGMENT, Graph
from vidinpaint.core.window import Plan
from vidinpaint.execution.checkpoints.segment_store import DiskStore, sha256_of
from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.places import is_url, name_of, split
from vidinpaint.execution.storage.temporary_folder import TemporaryFolder
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.files.writer import FileWriter, Segment
from vidinpaint.video.info import Tags
from vidinpaint.video.readers import Reader
from vidinpaint.video.writers import Writer, open_writer


class DirectOutput:
    """A folder of images, or an array where the job names no output.

    writer   the runner input of the write phase
    """

    writer: Writer

    def __init__(self, job: Job, reader: Reader) -> None:
        self.writer = open_writer(job.output or None, reader, overwrite=job.overwrite)

    @property
    def can_copy(self) -> bool:
        """Whether the source can be copied unchanged if there is nothing to inpaint."""
        return False

    def take(self, index: int) -> Segment | None:
        """The segment just written for a window, which the caller must remove; None if the writer keeps the frames."""
        return None

    def finish(self, records: Sequence[WindowRecord], plan: Plan) -> list[str] | None:
        """Complete the result; returns notes for the report, or None if a stored segment is missing or has changed."""
        return self.writer.finish()

    def sha256(self) -> str:
        """SHA-256 of the finished file; empty for folders and arrays."""
        return ""

    def publish(self) -> int:
        """Move the result to its destination; returns its size in bytes, 0 for folders and arrays."""
        return 0

    def close(self) -> None:
        """Remove all temporary files."""
        self.writer.abort()


class FileOutput(DirectOutput):
    """A video file at a path or a URL."""

    writer: FileWriter

    def __init__(self, job: Job, graph: Graph, reader: Reader, store: DiskStore) -> None:
        self._place, self._store = job.output, store
        self._temporary = TemporaryFolder() if is_url(job.output) else None
        self._file = self._temporary.path / name_of(job.output) if self._temporary else Path(job.output)
        encoding = graph[SEGMENT]
        assert isinstance(encoding, Encoding)
        self.writer = FileWriter(self._file, reader, encoding, True, store.folder.scratch)

    @property
    def can_copy(self) -> bool:
        return self.writer.copies

    def take(self, index: int) -> Segment:
        return self.writer.release(index)

    def finish(self, records: Sequence[WindowRecord], plan: Plan) -> list[str] | None:
        for record in records:
            file = self._store.segment(record)
            if file is None:
                return None
            window = plan.windows[record.index]
            pts = plan.pts[window.start : window.stop]
            self.writer.segments[record.index] = Segment(file, pts, Tags(*record.tags), record.pixels)
        return self.writer.finish()

    def sha256(self) -> str:
        return sha256_of(self._file)

    def publish(self) -> int:
        size = self._file.stat().st_size
        if is_url(self._place):
            parent, name = split(self._place)
            open_folder(parent).put(self._file, name)
        return size

    def close(self) -> None:
        super().close()
        if self._temporary:
            self._temporary.close()
