"""`compare_methods`: one image inpainted by several methods, on one labelled contact sheet."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from vidinpaint.core.errors import MaskError, SettingError
from vidinpaint.core.jit_notice import show_compilation, time_compilation
from vidinpaint.core.progress import Progress
from vidinpaint.core.settings import parse_assignment
from vidinpaint.images.image_file import ImageFile
from vidinpaint.images.inpainting import inpaint
from vidinpaint.images.mask import read_mask
from vidinpaint.images.methods import image_method, image_methods, settings_by_method
from vidinpaint.images.reading import read_image_file
from vidinpaint.images.writing import check_image_output, write_image_file
from vidinpaint.masks.specs import MaskLike
from vidinpaint.reporting.contact_sheet import Tile, contact_sheet, mark_tiles, rgb8, surroundings

ALL = "all"


def compare_methods(
    image: Path,
    mask: MaskLike,
    methods: Sequence[str],
    output: Path,
    progress: Progress,
    *,
    settings: Sequence[str] = (),
    grow: int = 0,
    resize_mask: bool = False,
    overwrite: bool = False,
) -> list[str]:
    """Write the contact sheet to output; returns one line per method, with its seconds, and one line per note.

    methods   names of inpainters for single images, or only "all": every one that can run here
    settings  texts "method.key=value"

    The other parameters, and what is raised, are those of `inpaint_image`.
    """
    all_methods = list(methods) == [ALL]
    names = image_methods() if all_methods else list(dict.fromkeys(methods))
    tables = settings_by_method(names, [_assignment(text) for text in settings])
    inpainters = {name: image_method(name, tables[name]) for name in names}
    reasons = {name: inpainter.unavailable_reason() for name, inpainter in inpainters.items()} if all_methods else {}
    inpainters = {name: inpainter for name, inpainter in inpainters.items() if not reasons.get(name)}
    check_image_output(output, overwrite)
    pixels = read_image_file(image).pixels
    mask_pixels, notes = read_mask(mask, pixels.shape[1], pixels.shape[0], grow=grow, resize=resize_mask)
    notes += [f"without {name}: {reason}" for name, reason in reasons.items() if reason]
    if not mask_pixels.any():
        raise MaskError("a mask that marks something", "one that marks nothing", "Use values over 127 to inpaint.")
    box = surroundings(mask_pixels)
    tiles = mark_tiles(pixels, mask_pixels, box)
    progress.begin("compare", int(mask_pixels.sum()) * len(inpainters), unit="pixel")
    try:
        for name, inpainter in inpainters.items():
            begin = perf_counter()
            with show_compilation(progress), time_compilation() as compiling:
                inpainted = inpaint(inpainter, pixels, mask_pixels, progress)
            seconds = perf_counter() - begin - sum(compiling)
            tiles.append(Tile(f"{name}  {seconds:.2f} s", rgb8(inpainted[box.slices])))
    finally:
        progress.end()
    write_image_file(ImageFile(contact_sheet(tiles)), output)
    return [*(tile.label for tile in tiles[-len(inpainters) :]), *(f"note: {note}" for note in notes)]


def _assignment(text: str) -> dict[str, object]:
    if "." not in text.partition("=")[0]:
        raise SettingError("a setting as method.key=value", repr(text), "Name the method that it is for.")
    return parse_assignment(text)
