"""The destination of `--report`: a folder for the page with images and the JSON file, or a .json file alone."""

from pathlib import Path

from vidinpaint.core.errors import OutputError

PAGE, JSON_FILE = "index.html", "report.json"
"""Names of the files in the folder."""


def is_json_file(destination: Path) -> bool:
    """Whether only a JSON file is to be written."""
    return destination.suffix.lower() == ".json"


def file_to_open(destination: Path) -> Path:
    """The file that a user would open."""
    return destination if is_json_file(destination) else destination / PAGE


def check_destination(destination: Path) -> None:
    """Raise `OutputError` if a report cannot be written there; creates nothing."""
    if not destination.parent.is_dir():
        actual = f"{str(destination.parent)!r}, which does not exist"
        raise OutputError("a folder to write the report to", actual, "Create it first.")
    if is_json_file(destination) and destination.is_dir():
        raise OutputError("a file to write the report to", f"the folder {str(destination)!r}", "Give another name.")
    if not is_json_file(destination) and destination.exists() and not destination.is_dir():
        actual = f"the file {str(destination)!r}"
        raise OutputError("a folder for the report, or a .json file", actual, "Give another name.")
