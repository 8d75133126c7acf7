"""`vidinpaint inpaint`: inpaints one clip."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from vidinpaint.cli.command import CONTINUES, Command, examples, say
from vidinpaint.cli.options import execution_options, mask_options, method_options, take
from vidinpaint.cli.values import files, folders
from vidinpaint.core.errors import CheckError

if TYPE_CHECKING:
    from vidinpaint.core.report import Report


@cloup.command(
    "inpaint",
    cls=Command,
    short_help="Inpaint a clip.",
    interrupted=CONTINUES,
    epilog=examples(
        "vidinpaint inpaint clip.mp4 --mask mask.png -o clean.mp4",
        "vidinpaint inpaint clip.mp4 --mask 20,20,180,60@5-12.5 --grow 4 --config best -o clean.mp4",
        "vidinpaint inpaint frames/ --mask masks/ -o clean/ --report report",
    ),
)
@cloup.argument("clip", metavar="CLIP", shell_complete=files, help="The clip: a video file or a folder of frames.")
@mask_options()
@method_options()
@cloup.option_group(
    "Output",
    take("output", required=True, help="The video file to write, or the folder if CLIP is a folder of frames."),
    take("start"),
    take("end"),
    take("rate"),
    take("codec"),
    take("crf"),
    take("container"),
    take("overwrite"),
)  # fmt: skip
@execution_options()
@cloup.option_group(
    "Reports and debugging",
    cloup.option(
        "--report", metavar="DIR", shell_complete=folders,
        help="Write a report about the run to DIR/index.html: images before and after, plots and figures. With "
        "FILE.json, write the figures only.",
    ),
    take(
        "strict",
        help="Refuse a clip that is damaged or cut off. Exit with code 3 if an inpainted window fails the check; then "
        "the output is written nevertheless.",
    ),
    cloup.option(
        "--debug", metavar="DIR", shell_complete=folders,
        help="Write debug images of the optical flow, the masks and the source of every pixel.",
    ),
    take("quiet"),
    take("verbose"),
)  # fmt: skip
def command(clip: str, mask: tuple[str, ...], output: str, quiet: bool, strict: bool, **options: Any) -> None:
    """Remove what the masks cover from a clip; everything else stays as it is."""
    from vidinpaint.api import inpaint
    from vidinpaint.core.progress import ProgressBar, SilentProgress
    from vidinpaint.reporting.destination import file_to_open

    report = inpaint(
        clip,
        list(mask) or None,
        output=output,
        strict=strict,
        progress=SilentProgress() if quiet else ProgressBar(),
        **options,
    )
    if not quiet:
        say(report.summary(), sys.stdout)
        if options["report"]:
            say(f"report: {file_to_open(Path(options['report']))}", sys.stdout)
        if options["debug"]:
            say(f"debug images: {options['debug']}", sys.stdout)
    if strict:
        _require_good(report)


def _require_good(report: "Report") -> None:
    """Raise CheckError if a window is bad, or if no window was checked."""
    if report.inpainted_pixels and not report.checks:
        actual = f"{report.pipeline!r}, which has no check stage"
        remedy = f"The output {report.output} is written; choose another pipeline, or leave out --strict."
        raise CheckError("a pipeline that checks windows, for --strict", actual, remedy)
    bad = report.findings("bad")
    if bad:
        actual = f"{len(bad)} of {len(report.checks)} bad ({', '.join(bad[:3])}{' ...' if bad[3:] else ''})"
        remedy = f"The output is written; inspect these frames of {report.output}."
        raise CheckError("all inpainted windows to pass the check", actual, remedy)
