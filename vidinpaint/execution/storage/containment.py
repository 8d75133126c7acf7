"""`make_inside` and `check_inside`: nothing is written outside of a folder, even by way of links."""

from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.execution.storage.places import storage_errors


def make_inside(root: Path, folder: Path) -> None:
    """Create a folder below `root`, with its parents. Raises `OutputError` if a link leads out of `root`."""
    check_inside(root, folder)
    with storage_errors(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
    check_inside(root, folder)


def check_inside(root: Path, path: Path) -> None:
    """Raise `OutputError` unless a path, which need not exist, lies in `root` after all links are followed."""
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a circle of links
        inside = False
    if not inside:
        actual = f"'{path}', which leads out of it"
        raise OutputError(f"a place inside '{root}'", actual, "Remove the link, or choose another name.")
