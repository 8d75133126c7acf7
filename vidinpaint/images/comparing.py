"""`compare_methods`: the same photo through several methods, on one labelled contact sheet."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from vidinpaint.core.errors import MaskError, SettingError
from vidinpaint.core.jit_notice import show_compilation, time_compilation
from vidinpaint.core.progress import Progress
from vidinpaint.core.settings import parse_assignment
from vidinpaint.images.image_file import Photo
from vidinpaint.images.inpainting import inpaint
from vidinpaint.images.mask import read_mask
from vidinpaint.images.methods import picture_method, picture_methods, settings_by_method
from vidinpaint.images.reading import read_photo
from vidinpaint.images.sheet import Tile, contact_sheet, mark_tiles, rgb8, surroundings
from vidinpaint.images.writing import check_photo_output, write_photo
from vidinpaint.masks.specs import MaskLike

ALL = "all"


def compare_methods(
    photo: Path,
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
    """Write the sheet; returns a line for each method and each note. See `inpaint_image` for the rest.

    methods   names of inpainters for single pictures, or only "all"
    settings  words "method.key=value"
    """
    every = list(methods) == [ALL]
    names = picture_methods() if every else list(dict.fromkeys(methods))
    tables = settings_by_method(names, [_assignment(text) for text in settings])
    inpainters = {name: picture_method(name, tables[name]) for name in names}
    unavailable_reason = {
        name: inpainter.unavailable_reason()
        for name, inpainter in inpainters.items()
        if every and inpainter.unavailable_reason()
    }
    inpainters = {name: inpainter for name, inpainter in inpainters.items() if name not in unavailable_reason}
    check_photo_output(output, overwrite)
    pixels = read_photo(photo).pixels
    marked, notes = read_mask(mask, pixels.shape[1], pixels.shape[0], grow=grow, resize=resize_mask)
    notes += [f"without {name}: {reason}" for name, reason in unavailable_reason.items()]
    if not marked.any():
        raise MaskError("a mask that marks something", "one that marks nothing", "Values over 127 mean inpaint.")
    box = surroundings(marked)
    tiles = mark_tiles(pixels, marked, box)
    count = int(marked.sum())
    progress.begin("compare", count * len(inpainters), unit="pixel")
    try:
        for name, inpainter in inpainters.items():
            begin = perf_counter()
            with show_compilation(progress), time_compilation() as compiling:
                inpainted = inpaint(inpainter, pixels, marked, progress)
            seconds = perf_counter() - begin - sum(compiling)
            tiles.append(Tile(f"{name}  {seconds:.2f} s", rgb8(inpainted[box.slices])))
    finally:
        progress.end()
    write_photo(Photo(contact_sheet(tiles)), output)
    return [*(tile.label for tile in tiles[-len(inpainters) :]), *(f"note: {note}" for note in notes)]


def _assignment(text: str) -> dict[str, object]:
    if "." not in text.partition("=")[0]:
        raise SettingError("a setting as method.key=value", repr(text), "Say which of the methods it is for.")
    return parse_assignment(text)
