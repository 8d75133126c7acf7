"""`write_image_file`: the file appears under its name complete or not at all."""

from pathlib import Path

from vidinpaint.core.errors import OutputError
from vidinpaint.images.formats import encode, format_of
from vidinpaint.images.image_file import ImageFile
from vidinpaint.video.atomic_output import atomic_output, check_output
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
    with atomic_output(output) as temporary, output_errors(output):
        temporary.write_bytes(data.data)
    return notes
