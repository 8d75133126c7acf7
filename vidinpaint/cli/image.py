"""`vidinpaint image`: inpaints an image with one method, or compares several."""

import json
import sys
from pathlib import Path
from typing import Any

import click
import cloup
from click.core import ParameterSource

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import INTEGER, files, image_methods, named
from vidinpaint.core.errors import SettingError


@cloup.command(
    "image",
    cls=Command,
    short_help="Inpaint an image.",
    epilog=examples(
        "vidinpaint image photo.jpg --mask mask.png -o clean.png",
        "vidinpaint image photo.jpg --mask 820,410,90,60 --method patchmatch --set rounds=5 -o clean.png",
        "vidinpaint image photo.jpg --mask mask.png --compare auto,harmonic,criminisi -o sheet.png",
    ),
)
@cloup.argument("image", metavar="IMAGE", shell_complete=files, help="The image: JPEG, PNG, TIFF, WebP, AVIF, BMP ...")
@cloup.option_group(
    "Masks",
    take(
        "mask", required=True,
        help="What to inpaint: an image of the size of IMAGE as a viewer shows it (values above 127 are inpainted), or "
        "a box x,y,width,height in pixels. May be repeated.",
    ),
    take("grow", default=0, show_default=True),
    take("resize_mask", default=False, help="Scale masks of another size to the size of the image."),
)  # fmt: skip
@cloup.option_group(
    "Method",
    cloup.option(
        "--method", default="auto", show_default=True, metavar="NAME", shell_complete=named(image_methods),
        help="The inpainting method; see `vidinpaint list`.",
    ),
    cloup.option(
        "--compare", metavar="NAME,NAME",
        help="Write a contact sheet of the results of these methods to OUT; `all` compares all methods.",
    ),
    take(
        "settings", metavar="KEY=VALUE",
        help="Change one setting of the method; with --compare, METHOD.KEY=VALUE. May be repeated.",
    ),
    cloup.option(
        "--samples", type=INTEGER, metavar="N",
        help="Write N results to choose from, OUT-1.png to OUT-N.png; for repaint and stable_diffusion.",
    ),
    cloup.option(
        "--sketch", metavar="FILE", shell_complete=files,
        help="An image of lines that the result follows (values above 127 are lines); for the method gated_conv.",
    ),
)  # fmt: skip
@cloup.option_group(
    "Output",
    take("output", required=True, help="The image to write; its suffix sets the format."),
    take("overwrite", help="Replace the output if it exists; OUT may then be IMAGE itself."),
)
@cloup.option_group("Reports and debugging", take("quiet"), take("verbose"))
@click.pass_context
def command(
    ctx: click.Context,
    /,
    image: str,
    mask: tuple[str, ...],
    output: str,
    method: str,
    compare: str | None,
    samples: int | None,
    sketch: str | None,
    settings: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Inpaint what the masks cover in an image; all other pixels stay as they are."""
    from vidinpaint.core.progress import ProgressBar, SilentProgress

    if compare is not None:
        _check_comparison(
            method=ctx.get_parameter_source("method") == ParameterSource.COMMANDLINE, samples=samples, sketch=sketch
        )
    options["settings"] = [*settings, *([f"sketch={json.dumps(sketch)}"] if sketch else [])]
    options["progress"] = SilentProgress() if quiet else ProgressBar()
    if compare is not None:
        lines = _compare(image, list(mask), output, compare, **options)
    elif samples is not None:
        lines = _samples(image, list(mask), output, samples=samples, method=method, **options)
    else:
        lines = _inpaint(image, list(mask), output, method=method, **options)
    if not quiet:
        say("\n".join(lines), sys.stdout)


def _check_comparison(**others: object) -> None:
    """Raise SettingError for --compare with an option of a single method."""
    excluded = [f"--{name}" for name, value in others.items() if value]
    if excluded:
        remedy = "Leave out one of them; with --compare, give a sketch by --set gated_conv.sketch=FILE."
        raise SettingError(f"either --compare or {excluded[0]}", "both", remedy)


def _inpaint(image: str, mask: list[str], output: str, **options: Any) -> list[str]:
    from vidinpaint.images.inpaint import inpaint_image

    return [inpaint_image(image, mask, output, **options).summary()]


def _samples(image: str, mask: list[str], output: str, **options: Any) -> list[str]:
    from vidinpaint.images.inpaint import Inpainted
    from vidinpaint.images.samples import inpaint_samples

    return [one.summary() for one in inpaint_samples(image, mask, output, **options) if isinstance(one, Inpainted)]


def _compare(image: str, mask: list[str], output: str, compare: str, *, progress: Any, **options: Any) -> list[str]:
    from vidinpaint.images.comparing import compare_methods

    methods = [name.strip() for name in compare.split(",")]
    return [*compare_methods(Path(image), mask, methods, Path(output), progress, **options), f"sheet: {output}"]
