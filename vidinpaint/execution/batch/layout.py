"""`Layout`: the files in the folder of a batch.

FOLDER/one.mp4 ...                the results
FOLDER/summary.html, summary.csv  the outcome of every clip
FOLDER/.vidinpaint/lock           held while the batch runs
FOLDER/.vidinpaint/batch.json     the clips of the batch
FOLDER/.vidinpaint/events.jsonl   events, one per line
FOLDER/.vidinpaint/clips/ID/      finished windows of a clip; removed once its result is complete
FOLDER/.vidinpaint/done/ID.json   what a result was made from, and its report
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.execution.batch.names import clip_id
from vidinpaint.execution.storage.containment import make_inside
from vidinpaint.execution.storage.folder import Folder, open_folder
from vidinpaint.execution.storage.locks import locked
from vidinpaint.execution.storage.places import exists, is_url, join

HIDDEN = ".vidinpaint"


@dataclass(frozen=True)
class Layout:
    """place: the folder of the batch, a path or a URL."""

    place: str

    @property
    def root(self) -> str:
        """The folder outside of which nothing may be written; empty for a URL, where there are no links."""
        return "" if is_url(self.place) else str(Path(self.place).absolute())

    def output(self, name: str) -> str:
        return join(self._base, name)

    def work(self, name: str) -> str:
        return join(self._base, f"{HIDDEN}/clips/{clip_id(name)}")

    def record(self, name: str) -> str:
        return join(self._base, f"{HIDDEN}/done/{clip_id(name)}.json")

    def hidden(self) -> Folder:
        return open_folder(join(self._base, HIDDEN))

    def top(self) -> Folder:
        return open_folder(self._base)

    def make(self) -> None:
        """Create the folders on a disk; raises `OutputError` if a link leads out of them."""
        if is_url(self.place):
            return
        if Path(self.place).exists() and not Path(self.place).is_dir():
            raise OutputError("a folder for the results", f"the file {self.place!r}", "Choose another name.")
        root = Path(self.root)
        for folder in (root, *(root / HIDDEN / name for name in ("", "clips", "done"))):
            make_inside(root, folder)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let no other batch write into this folder of a disk; raises `OutputError` if one does. Nothing for a URL."""
        with locked(Path(self.root) / HIDDEN / "lock", self.place) if self.root else nullcontext():
            yield

    def check_free(self, name: str, overwrite: bool) -> None:
        """Raise `OutputError` if a file with the name of an output exists and is not a result of this batch."""
        own_result = exists(self.record(name)) or exists(join(self.work(name), "plan.json"))
        if not overwrite and not own_result and exists(self.output(name)):
            actual = f"{self.output(name)!r}, which exists and is neither"
            remedy = "Add --overwrite to replace it."
            raise OutputError("an output that is new or a result of this batch", actual, remedy)

    @property
    def _base(self) -> str:
        return self.place.rstrip("/") if is_url(self.place) else self.root
