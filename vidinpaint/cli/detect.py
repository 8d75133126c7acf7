"""`vidinpaint detect`: finds burnt-in text and marks, and writes their masks."""

import sys
from typing import Any

import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import files


@cloup.command(
    "detect",
    cls=Command,
    short_help="Find burnt-in text and marks.",
    epilog=examples(
        "vidinpaint detect clip.mp4 --what text,mark -o masks",
        "vidinpaint detect clip.mp4 --what text:lower -o masks.mkv",
        "vidinpaint inpaint clip.mp4 --mask masks -o clean.mp4",
    ),
)
@cloup.argument("clip", metavar="CLIP", shell_complete=files, help="The clip: a video file or a folder of frames.")
@cloup.option_group(
    "Search",
    cloup.option(
        "--what", default="text,mark", show_default=True, metavar="MASKS",
        help="Masks that search the clip, separated by commas, or one with its settings, such as text:lower@3-12; see "
        "`vidinpaint list`.",
    ),
    take("start"),
    take("end"),
    take("rate"),
)  # fmt: skip
@cloup.option_group(
    "Output",
    take(
        "output",
        help="Where to write the masks: a folder of images, or a video (.mkv, .mov, .avi, .nut). Beside it, a list "
        "(.json) and a contact sheet (.jpg) are written. [default: nothing is written]",
    ),
    take("overwrite"),
)
@cloup.option_group("Reports and debugging", take("strict"), take("quiet"), take("verbose"))
def command(clip: str, output: str | None, quiet: bool, **options: Any) -> None:
    """Find burnt-in text and marks in a clip, and write masks that can be looked at, edited and inpainted."""
    from vidinpaint.api import detect
    from vidinpaint.core.progress import ProgressBar, SilentProgress

    found = detect(clip, output, progress=SilentProgress() if quiet else ProgressBar(), **options)
    if not quiet:
        say("\n".join(found.lines) or f"found nothing ({options['what']})", sys.stdout)
