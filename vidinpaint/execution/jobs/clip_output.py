"""Where the result of a session goes: a folder or an array, or a video file that is put together from stored segments.

A folder or an array takes every window as soon as it is computed, so its windows have to come in order.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from vidinpaint.core.graph import SEGMENT, Graph
from vidinpaint.core.window import Plan
from vidinpaint.execution.checkpoints.segment_store import DiskStore, sha256_of
from vidinpaint.execution.checkpoints.window_record import WindowRecord
from vidinpaint.execution.jobs.job import Job
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.places import is_url, name_of
from vidinpaint.video.encoding import Encoding
from vidinpaint.video.file_writer import FileWriter, Segment
from vidinpaint.video.info import Tags
from vidinpaint.video.readers import Reader
from vidinpaint.video.writers import Writer, open_writer


class DirectOutput:
    """A folder of images, or an array where the job names no output.

    writer     what the write phase is given
    """

    writer: Writer

    def __init__(self, job: Job, reader: Reader) -> None:
        self.writer = open_writer(job.output or None, reader, overwrite=job.overwrite)

    @property
    def can_copy(self) -> bool:
        """Whether the source can be copied as it is, where there is nothing to inpaint."""
        return False

    def take(self, index: int) -> Segment | None:
        """The segment just written for a window, which is the caller's from now on; None where the writer has it."""
        return None

    def finish(self, records: Sequence[WindowRecord], plan: Plan) -> list[str] | None:
        """Complete the result; returns notes for the report, None where a stored segment is not what it was."""
        return self.writer.finish()

    def sha256(self) -> str:
        """Of the finished file; empty for folders and arrays."""
        return ""

    def publish(self) -> int:
        """Put the result where it was asked for; returns its bytes, 0 for folders and arrays."""
        return 0

    def close(self) -> None:
        """Remove everything temporary."""
        self.writer.abort()


class FileOutput(DirectOutput):
    """A video file at a path or a URL."""

    writer: FileWriter

    def __init__(self, job: Job, graph: Graph, reader: Reader, store: DiskStore) -> None:
        self._place, self._store = job.output, store
        self._temporary = tempfile.TemporaryDirectory() if is_url(job.output) else None
        self._file = Path(self._temporary.name) / name_of(job.output) if self._temporary else Path(job.output)
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
            parent, _, name = self._place.rpartition("/")
            open_folder(parent).put(self._file, name)
        return size

    def close(self) -> None:
        super().close()
        if self._temporary:
            self._temporary.cleanup()
