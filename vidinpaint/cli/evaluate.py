"""`vidinpaint evaluate`: measures a result against the true clip, or a set of results against a set of true images."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import files
from vidinpaint.core.errors import SettingError

if TYPE_CHECKING:
    from vidinpaint.evaluation.distribution.evaluation import DistributionEvaluation
    from vidinpaint.evaluation.evaluation import Evaluation

STANDARD_OUTPUT = "-"


@cloup.command(
    "evaluate",
    cls=Command,
    short_help="Measure a result against the true clip.",
    epilog=examples(
        "vidinpaint evaluate clean.mp4 --truth original.mp4 --mask mask.png --json figures.json",
        "vidinpaint evaluate clean.mp4 --truth original.mp4 --mask mask.png --perceptual",
        "vidinpaint evaluate results/ --truth originals/ --distribution",
    ),
)
@cloup.argument(
    "output", metavar="OUT", shell_complete=files,
    help="The result: a video file or a folder of frames; with --distribution, a folder of images or of clips.",
)  # fmt: skip
@cloup.option_group(
    "Comparison",
    cloup.option(
        "--truth", required=True, metavar="CLIP", shell_complete=files,
        help="The true clip, without what was removed: a video file or a folder of frames; with --distribution, a "
        "folder of true images or clips.",
    ),
    take("mask", help="The masks that were inpainted, as for `vidinpaint inpaint`. May be repeated. "
         "[required without --distribution]"),
    take("grow", default=0, show_default=True),
    take("resize_mask", default=False),
)  # fmt: skip
@cloup.option_group(
    "Metrics of networks",
    cloup.option(
        "--perceptual", is_flag=True,
        help="Also measure deep feature distance and LPIPS, as far as their weights are there.",
    ),
    cloup.option(
        "--distribution", is_flag=True,
        help="Measure how much the images of two folders look alike as sets, without masks: FID, KID and, for "
        "folders of clips, VFID.",
    ),
    cloup.option(
        "--weights", multiple=True, metavar="FILE", shell_complete=files,
        help="Weights for these metrics: AlexNet or VGG16 (LPIPS), FID's Inception, I3D (VFID). May be repeated. "
        "[default: those in the weights folder, see `vidinpaint models`]",
    ),
)  # fmt: skip
@cloup.option_group(
    "Reports and debugging",
    cloup.option(
        "--json", "json_file", is_flag=False, flag_value=STANDARD_OUTPUT, metavar="[FILE]", shell_complete=files,
        help="Print JSON instead of the table; with FILE, print the table and write JSON to FILE.",
    ),
    take("verbose"),
)  # fmt: skip
def command(output: str, truth: str, distribution: bool, json_file: str | None, **options: Any) -> None:
    """Measure a result against the true clip: PSNR, SSIM, MS-SSIM, HaarPSI, warping error and flicker."""
    from vidinpaint.core.report import write_text

    evaluation = (_distributions if distribution else _clips)(output, truth, **options)
    text = json.dumps(evaluation.to_json(), indent=2)
    if json_file and json_file != STANDARD_OUTPUT:
        write_text(Path(json_file), text + "\n")
    say(text if json_file == STANDARD_OUTPUT else evaluation.table(), sys.stdout)


def _clips(output: str, truth: str, mask: tuple[str, ...], **options: Any) -> "Evaluation":
    from vidinpaint.api import evaluate
    from vidinpaint.core.progress import ProgressBar

    if not mask:
        raise SettingError("--mask, what was inpainted", "none", "Add it, or --distribution for two folders of images.")
    return evaluate(output, truth, list(mask), progress=ProgressBar(), **options)


def _distributions(output: str, truth: str, weights: tuple[str, ...], **others: Any) -> "DistributionEvaluation":
    from vidinpaint.api import evaluate_distribution
    from vidinpaint.core.progress import ProgressBar

    unused = [f"--{name.replace('_', '-')}" for name, value in others.items() if value]
    if unused:
        remedy = "Leave it out, or compare two clips without --distribution."
        raise SettingError("--distribution without options of pairs and masks", unused[0], remedy)
    return evaluate_distribution(output, truth, weights=weights, progress=ProgressBar())
