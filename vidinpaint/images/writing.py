"""`write_image_file`: the file appears under its name complete or not at all."""

import shutil
from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.images.formats import encode, format_of
from vidinpaint.images.image_file import ImageFile
from vidinpaint.video.atomic_output import check_output, publish, temporary_folder
from vidinpaint.video.containers.muxing_errors import output_errors


def check_image_output(output: Path, overwrite: bool) -> None:
    """Raise an OutputError if no image may be written to output. The output may be the input."""
    format_of(output)
    if output.is_dir():
        raise OutputError("a file to write to", f"the folder '{output}'", "Add the name of a file to the path.")
    check_output(output, "", overwrite)


def write_image_file(image: ImageFile, output: Path) -> list[str]:
    """Write the image; returns notes about what the format does not keep."""
    data, notes = encode(image, output)
    folder = temporary_folder(output)
    try:
        with output_errors(output):
            (folder / "image").write_bytes(data.data)
        publish(folder / "image", output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return notes
