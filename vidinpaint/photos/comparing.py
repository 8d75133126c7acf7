"""`compare_methods`: the same photo through several methods, on one labelled contact sheet."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from vidinpaint.compiling import compiling_shown, compiling_timed
from vidinpaint.errors import MaskError, SettingError
from vidinpaint.masks.specs import MaskLike
from vidinpaint.photos.hole import read_hole
from vidinpaint.photos.methods import picture_method, picture_methods, settings_by_method
from vidinpaint.photos.painting import paint
from vidinpaint.photos.photo import Photo
from vidinpaint.photos.reading import read_photo
from vidinpaint.photos.sheet import Tile, contact_sheet, marked, rgb8, surroundings
from vidinpaint.photos.writing import check_photo_output, write_photo
from vidinpaint.progress import Progress
from vidinpaint.settings import parse_assignment

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

    methods   names of fillers for single pictures, or only "all"
    settings  words "method.key=value"
    """
    every = list(methods) == [ALL]
    names = picture_methods() if every else list(dict.fromkeys(methods))
    tables = settings_by_method(names, [_assignment(text) for text in settings])
    fillers = {name: picture_method(name, tables[name]) for name in names}
    lacking = {
        name: filler.unavailable_reason() for name, filler in fillers.items() if every and filler.unavailable_reason()
    }
    fillers = {name: filler for name, filler in fillers.items() if name not in lacking}
    check_photo_output(output, overwrite)
    pixels = read_photo(photo).pixels
    marked, notes = read_hole(mask, pixels.shape[1], pixels.shape[0], grow=grow, resize=resize_mask)
    notes += [f"without {name}: {reason}" for name, reason in lacking.items()]
    if not marked.any():
        raise MaskError("a mask that marks something", "one that marks nothing", "Values over 127 mean paint.")
    box = surroundings(marked)
    tiles = marked(pixels, marked, box)
    count = int(marked.sum())
    progress.begin("compare", count * len(fillers), unit="pixel")
    try:
        for name, filler in fillers.items():
            begin = perf_counter()
            with compiling_shown(progress), compiling_timed() as compiling:
                painted = paint(filler, pixels, marked, progress)
            seconds = perf_counter() - begin - sum(compiling)
            tiles.append(Tile(f"{name}  {seconds:.2f} s", rgb8(painted[box.slices])))
    finally:
        progress.end()
    write_photo(Photo(contact_sheet(tiles)), output)
    return [*(tile.label for tile in tiles[-len(fillers) :]), *(f"note: {note}" for note in notes)]


def _assignment(text: str) -> dict[str, object]:
    if "." not in text.partition("=")[0]:
        raise SettingError("a setting as method.key=value", repr(text), "Say which of the methods it is for.")
    return parse_assignment(text)
