"""`vidinpaint evaluate`: measures a result against the true clip."""

import json
import sys
from pathlib import Path
from typing import Any

import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import files

STANDARD_OUTPUT = "-"


@cloup.command(
    "evaluate",
    cls=Command,
    short_help="Measure a result against the true clip.",
    epilog=examples("vidinpaint evaluate clean.mp4 --truth original.mp4 --mask mask.png --json figures.json"),
)
@cloup.argument("output", metavar="OUT", shell_complete=files, help="The result: a video file or a folder of frames.")
@cloup.option_group(
    "Comparison",
    cloup.option(
        "--truth", required=True, metavar="CLIP", shell_complete=files,
        help="The true clip, without what was removed: a video file or a folder of frames.",
    ),
    take("mask", required=True, help="The masks that were inpainted, as for `vidinpaint inpaint`. May be repeated."),
    take("grow", default=0, show_default=True),
    take("resize_mask", default=False),
)  # fmt: skip
@cloup.option_group(
    "Reports and debugging",
    cloup.option(
        "--json", "json_file", is_flag=False, flag_value=STANDARD_OUTPUT, metavar="[FILE]", shell_complete=files,
        help="Print JSON instead of the table; with FILE, print the table and write JSON to FILE.",
    ),
    take("verbose"),
)  # fmt: skip
def command(output: str, truth: str, mask: tuple[str, ...], json_file: str | None, **options: Any) -> None:
    """Measure a result against the true clip: PSNR, SSIM, warping error and flicker inside the masks."""
    from vidinpaint.api import evaluate
    from vidinpaint.core.progress import ProgressBar
    from vidinpaint.core.report import write_text

    evaluation = evaluate(output, truth, list(mask), progress=ProgressBar(), **options)
    text = json.dumps(evaluation.to_json(), indent=2)
    if json_file and json_file != STANDARD_OUTPUT:
        write_text(Path(json_file), text + "\n")
    say(text if json_file == STANDARD_OUTPUT else evaluation.table(), sys.stdout)
