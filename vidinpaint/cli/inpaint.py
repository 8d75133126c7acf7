"""`vidinpaint inpaint`: one clip."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from vidinpaint.cli.command import CONTINUES, Command, examples, say
from vidinpaint.cli.options import execution_options, mask_options, method_options, take
from vidinpaint.cli.values import RATE, TIME, files, folders
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
@cloup.argument("clip", metavar="CLIP", shell_complete=files, help="A video file, or a folder of frames.")
@mask_options(required=True)
@method_options()
@cloup.option_group(
    "Output",
    take("output", required=True, help="The file to write, or a folder for a folder of frames."),
    cloup.option("--start", type=TIME, metavar="TIME", help="Begin at this time, in seconds or [hh:]mm:ss."),
    cloup.option("--end", type=TIME, metavar="TIME", help="End before this time."),
    cloup.option(
        "--rate", type=RATE, default="25", show_default=True, metavar="FPS",
        help="Frames per second of a folder of frames.",
    ),
    take("codec"),
    take("crf"),
    take("overwrite"),
)  # fmt: skip
@execution_options()
@cloup.option_group(
    "Reports and debugging",
    cloup.option(
        "--report", metavar="DIR", shell_complete=folders,
        help="Write DIR/index.html, a page about the run with before and after, plots and figures; with FILE.json, "
        "the figures alone.",
    ),
    cloup.option(
        "--strict", is_flag=True,
        help="Exit with 3 if any inpainted window fails the check; the output is written all the same.",
    ),
    cloup.option(
        "--debug", metavar="DIR", shell_complete=folders,
        help="Write debug images of flow, masks and the source of every pixel.",
    ),
    take("quiet"),
    take("verbose"),
)  # fmt: skip
def command(clip: str, mask: tuple[str, ...], output: str, quiet: bool, strict: bool, **options: Any) -> None:
    """Remove what the masks cover from a clip; everything else stays as it was."""
    from vidinpaint.core.progress import Bar, Silent
    from vidinpaint.reporting.destination import file_to_open

    report = _inpaint(clip, list(mask), output, progress=Silent() if quiet else Bar(), **options)
    if not quiet:
        say(report.summary(), sys.stdout)
        if options["report"]:
            say(f"report: {file_to_open(Path(options['report']))}", sys.stdout)
        if options["debug"]:
            say(f"debug images: {options['debug']}", sys.stdout)
    if strict:
        _require_good(report)


def _inpaint(clip: str, mask: list[str], output: str, **options: Any) -> "Report":
    from vidinpaint.api import inpaint

    return inpaint(clip, mask, output, **options)


def _require_good(report: "Report") -> None:
    """Raise a CheckError where a window is bad, or nothing was checked at all."""
    remedy = f"The output is written: look at {report.output} there."
    if report.inpainted_pixels and not report.checks:
        raise CheckError("a pipeline that checks, for --strict", f"{report.pipeline!r}, which does not", remedy)
    bad = report.findings("bad")
    if bad:
        actual = f"{len(bad)} of {len(report.checks)} bad ({', '.join(bad[:3])}{' ...' if bad[3:] else ''})"
        raise CheckError("all inpainted windows to pass the check", actual, remedy)
