"""Nothing is written outside a folder, whatever names and links lead to."""

from pathlib import Path

from vidinpaint.errors import OutputError
from vidinpaint.execution.storage.places import reaching


def make_inside(root: Path, folder: Path) -> None:
    """Make a folder below `root`, with those above it. Raises `OutputError` where a link leads out of `root`."""
    check_inside(root, folder)
    with reaching(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
    check_inside(root, folder)


def check_inside(root: Path, path: Path) -> None:
    """Raise `OutputError` unless a path, which need not exist, lies in `root` after all links are followed."""
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # links in a circle
        inside = False
    if not inside:
        actual = f"'{path}', which leads to somewhere else"
        raise OutputError(f"a place inside '{root}'", actual, "Remove the link, or choose another name.")
