"""`write_photo`: a photo appears under its name complete or not at all."""

import shutil
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.images.formats import encode, format_of
from vidinpaint.images.image_file import Photo
from vidinpaint.video.atomic_output import check_output, publish, temporary_folder
from vidinpaint.video.muxing_errors import output_errors


def check_photo_output(output: Path, overwrite: bool) -> None:
    """Raise an OutputError unless a photo may be written to output; it may replace the photo that was read."""
    format_of(output)
    if output.is_dir():
        raise OutputError("a file to write to", f"the folder '{output}'", "Add the name of a file.")
    check_output(output, "", overwrite)


def write_photo(photo: Photo, output: Path) -> list[str]:
    """Write the photo; returns notes about what the file does not keep."""
    data, notes = encode(photo, output)
    folder = temporary_folder(output)
    try:
        with output_errors(output):
            (folder / "photo").write_bytes(data.data)
        publish(folder / "photo", output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return notes
