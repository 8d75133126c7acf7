"""`vidinpaint mark estimate`: the opacity and colour of a mark, from clips that show it."""

import sys

import click
import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import files


@cloup.group(
    "mark",
    short_help="Estimate the opacity and colour of a mark.",
    epilog=examples("vidinpaint mark estimate clip.mp4 -o mark.png"),
)
def command() -> None:
    """Half-transparent marks: estimate one, so that other clips with the same mark can be un-blended."""


@command.command(
    "estimate",
    cls=Command,
    short_help="Estimate a mark from clips that show it.",
    epilog=examples(
        "vidinpaint mark estimate clip.mp4 -o mark.png",
        "vidinpaint mark estimate a.mp4 b.mp4 c.mp4 --mask 1080,40,160,60 -o mark.png",
        "vidinpaint inpaint still.mp4 --pipeline watermark_removal --mark mark.png -o clean.mp4",
    ),
)
@cloup.argument(
    "clips", metavar="CLIP...", nargs=-1, required=True, type=click.STRING, shell_complete=files,
    help="Clips with the same mark at the same place, such as those of one camera or one site.",
)  # fmt: skip
@cloup.option_group(
    "Mark",
    take(
        "mask",
        help="Where the mark is: a box x,y,width,height, also a rough one, or an image of its shape, as for "
        "`vidinpaint inpaint`. [default: mark, which searches the clips]",
    ),
)
@cloup.option_group("Output", take("output", required=True, help="The RGBA image to write (.png)."), take("overwrite"))
@cloup.option_group("Reports and debugging", take("strict"), take("quiet"), take("verbose"))
def estimate(
    clips: tuple[str, ...], mask: tuple[str, ...], output: str, overwrite: bool, strict: bool, quiet: bool
) -> None:
    """Estimate the opacity and the colour of a mark from clips in which the background changes."""
    from vidinpaint.api import estimate_mark
    from vidinpaint.core.progress import ProgressBar, SilentProgress

    progress = SilentProgress() if quiet else ProgressBar()
    found = estimate_mark(
        clips, output, mask=list(mask) or "mark", overwrite=overwrite, strict=strict, progress=progress
    )
    if not quiet:
        say(found.summary(), sys.stdout)
