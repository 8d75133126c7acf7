"""Where `--report` writes to: a folder for a page with pictures, or a .json file for the figures alone."""

from pathlib import Path

from vidinpaint.core.errors import OutputError

PAGE, FIGURES = "index.html", "report.json"
"""What is written into the folder."""


def is_json_file(place: Path) -> bool:
    """Whether only the figures are asked for."""
    return place.suffix.lower() == ".json"


def file_to_open(place: Path) -> Path:
    """The file that a person would open."""
    return place if is_json_file(place) else place / PAGE


def check_destination(place: Path) -> None:
    """Raise `OutputError` for a place that cannot take a report, before any work is done; makes nothing."""
    if not place.parent.is_dir():
        actual = f"{str(place.parent)!r}, which does not exist"
        raise OutputError("a folder to write the report to", actual, "Make it.")
    if is_json_file(place) and place.is_dir():
        raise OutputError("a file to write the report to", f"the folder {str(place)!r}", "Give another name.")
    if not is_json_file(place) and place.exists() and not place.is_dir():
        actual = f"the file {str(place)!r}"
        raise OutputError("a folder for the report, or a .json file", actual, "Give another name.")
