"""The command line: `vidinpaint inpaint`, `batch`, `image`, `train`, `list`, `models` and `evaluate`.

Exit codes: 0 done; 2 something was wrong with what was given (one line says what, and what to do); 3 done, but with
--strict a window stayed bad; 4 some clips of a batch failed, the others are done; 130 interrupted; 1 a fault of
vidinpaint itself.
"""

import argparse
import json
import logging
import signal
import sys
import traceback
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from vidinpaint.errors import CheckError, SettingError, VidinpaintError
from vidinpaint.report import Report
from vidinpaint.presets import configs, pipelines, version

INTERRUPTED, FAULT = 130, 1
GOES_ON = "the same command goes on where it stopped"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    verbose, interrupted = False, "nothing was written"
    try:
        options = _parser().parse_args(arguments)
        verbose, interrupted = options.verbose, options.interrupted
        logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(message)s")
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill cleans up like Ctrl-C
        options.run(options)
        return 0
    except VidinpaintError as error:
        if verbose:
            traceback.print_exc()
        _say(f"vidinpaint: {' '.join(str(error).split())}", sys.stderr)
        for detail in error.details:
            _say(f"  {detail}", sys.stderr)
        return error.exit_code
    except Exception as error:  # a fault of ours; still one line, and --verbose for the rest
        if verbose:
            traceback.print_exc()
        actual = f"{type(error).__name__}: {' '.join(str(error).split())}"
        _say(f"vidinpaint: unexpected {actual}. Run again with --verbose and report it.", sys.stderr)
        return FAULT
    except KeyboardInterrupt:
        _say(f"vidinpaint: interrupted; {interrupted}", sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vidinpaint", description="Remove things from video.")
    parser.add_argument("--version", action="version", version=version())
    parser.set_defaults(verbose=False, interrupted="nothing was written")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_inpaint(commands.add_parser("inpaint", help="remove what the masks cover from a clip"))
    _add_batch(commands.add_parser("batch", help="many clips, by many workers"))
    _add_image(commands.add_parser("image", help="paint what the masks cover of a single photo"))
    _add_train(commands.add_parser("train", help="train the weights of a learned method"))
    _add_list(commands.add_parser("list", help="what there is to choose from"))
    _add_models(commands.add_parser("models", help="weights of learned methods: what is there, what is missing"))
    _add_evaluate(commands.add_parser("evaluate", help="compare a result with the clip as it should be"))
    return parser


def _add_inpaint(command: argparse.ArgumentParser) -> None:
    command.description = "Remove what the masks cover from a clip; everything else stays as it was."
    add = command.add_argument
    add("clip", help="a video file, or a folder of frames")
    add(
        "--mask", action="append", required=True, metavar="MASK",
        help="an image, a folder of images, a video, or a box x,y,w,h; over 127 = remove; each may end in @START-END "
        "(seconds or mm:ss); may be repeated",
    )  # fmt: skip
    add("-o", "--output", required=True, metavar="OUT", help="the file to write, or a folder for a folder of frames")
    add("--pipeline", default="object_removal", help="name or .py file (default: %(default)s)")
    add("--config", default="balanced", help="name or .toml file (default: %(default)s)")
    add("--set", action="append", default=[], metavar="STAGE.KEY=VALUE", help="one setting; may be repeated")
    add("--fill", metavar="NAME", help="how to invent what no frame shows; see `vidinpaint list`")
    add("--flow", metavar="NAME", help="how to estimate motion; see `vidinpaint list`")
    add("--runner", default="threads", help="threads, serial, processes or ray (default: %(default)s)")
    _add_workers(command)
    add("--codec", help="h264 (default), ffv1 (lossless) ...")
    add("--crf", type=int, help="quality for h264: lower is better (default: 16)")
    add("--start", type=_time, metavar="TIME", help="begin here: only this part is read and written")
    add("--end", type=_time, metavar="TIME", help="end before here")
    add("--rate", type=Fraction, default=Fraction(25), help="frames a second of a folder of frames (default: 25)")
    add("--grow", type=int, metavar="PIXELS", help="widen the holes")
    add("--feather", type=int, metavar="PIXELS", help="blend inward from the holes' border")
    add("--resize-mask", action="store_true", default=None, help="scale masks of another size to the clip's")
    add(
        "--report", metavar="DIR",
        help="write what was done as a page with before and after, plots and figures: DIR/index.html; "
        "FILE.json: the figures alone",
    )  # fmt: skip
    add(
        "--strict", action="store_true",
        help="exit with 3 if what was painted in any window would be noticed; the output is written all the same",
    )  # fmt: skip
    add("--debug", metavar="DIR", help="write pictures of flow, holes and where pixels actual from")
    add("--overwrite", action="store_true", help="replace the output if it exists")
    add("--quiet", action="store_true", help="no progress bar, no summary")
    _add_verbose(command)
    command.set_defaults(run=_inpaint, interrupted=GOES_ON)


def _add_batch(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Remove what the masks cover from many clips. A clip that fails is reported and the others are done; the same "
        "command again does only what is not yet done."
    )
    add = command.add_argument
    add("clips", nargs="?", metavar="LIST", help="a manifest (.csv, .jsonl, .toml), or a pattern such as 'clips/*.mp4'")
    add("-o", "--output", metavar="DIR", help="folder or URL for the results; nothing is written outside of it")
    add("--mask", action="append", default=[], metavar="MASK", help="for clips without one; {stem} is the clip's name")
    add("--name", default="", metavar="NAME", help="of the results, such as {stem}_clean.mp4 (default: as the clip)")
    add("--pipeline", default="object_removal", help="for clips without one (default: %(default)s)")
    add("--config", default="balanced", help="for clips without one (default: %(default)s)")
    add("--set", action="append", default=[], metavar="STAGE.KEY=VALUE", help="for all clips; may be repeated")
    add("--fill", metavar="NAME", help="how to invent what no frame shows")
    add("--flow", metavar="NAME", help="how to estimate motion")
    add("--codec", help="h264 (default), ffv1 (lossless) ...")
    add("--crf", type=int, help="quality for h264: lower is better (default: 16)")
    add("--grow", type=int, metavar="PIXELS", help="widen the holes")
    add("--feather", type=int, metavar="PIXELS", help="blend inward from the holes' border")
    add("--resize-mask", action="store_true", default=None, help="scale masks of another size to the clip's")
    add("--runner", default="processes", help="processes (of this machine) or ray (default: %(default)s)")
    _add_workers(command)
    add("--stall", type=float, default=3600.0, metavar="SECONDS", help="replace a worker silent for so long")
    add("--status", metavar="DIR", help="show how far a batch is, and do nothing")
    add("--clean", metavar="DIR", help="remove what a batch keeps to go on from; results stay")
    add("--overwrite", action="store_true", help="replace files in the folder that are of no batch")
    add("--quiet", action="store_true", help="no progress bar, no summary")
    _add_verbose(command)
    command.set_defaults(run=_batch, interrupted=GOES_ON)


def _add_image(command: argparse.ArgumentParser) -> None:
    command.description = "Paint what the masks cover of a photo; everything else stays as it was."
    add = command.add_argument
    add("photo", help="a picture file: JPEG, PNG, TIFF, WebP, AVIF, BMP ...")
    add(
        "--mask", action="append", required=True, metavar="MASK",
        help="a picture of the photo as a viewer shows it, over 127 = paint, or a box x,y,w,h; may be repeated",
    )  # fmt: skip
    add("-o", "--output", required=True, metavar="OUT", help="the picture to write; its ending says the format")
    choice = command.add_mutually_exclusive_group()
    choice.add_argument(
        "--method", default="auto", metavar="NAME", help="a filler; see `vidinpaint list` (default: auto)"
    )
    choice.add_argument(
        "--compare", metavar="NAME,NAME", help="write a contact sheet of several methods to OUT instead; `all` for all"
    )
    add("--set", action="append", default=[], metavar="KEY=VALUE",
        help="one setting of the method, with --compare as NAME.KEY=VALUE; may be repeated")  # fmt: skip
    add("--samples", type=int, metavar="N", help="several fills to choose from, OUT-1.png to OUT-N.png; for repaint")
    add(
        "--sketch",
        metavar="FILE",
        help="a picture of lines that the fill shall follow, over 127 = line; for gated_conv",
    )
    add("--grow", type=int, default=0, metavar="PIXELS", help="widen the holes")
    add("--resize-mask", action="store_true", help="scale masks of another size to the photo's")
    add("--overwrite", action="store_true", help="replace the output if it exists; it may be the photo itself")
    add("--quiet", action="store_true", help="no progress bar, no summary")
    _add_verbose(command)
    command.set_defaults(run=_image)


def _add_train(command: argparse.ArgumentParser) -> None:
    command.description = "Train a learned method; the same command again goes on where it stopped."
    add = command.add_argument
    add("recipe", help="what to train; see `vidinpaint list`")
    add("-o", "--output", required=True, metavar="DIR", help="where weights, checkpoint, log and sheets are written")
    add("--config", default="", metavar="NAME", help="name or .toml file (default: RECIPE_small)")
    add("--photos", metavar="DIR", help="a folder of photos to train on")
    add("--validation", metavar="DIR", help="a folder of other photos, to validate on")
    add("--steps", type=int, metavar="N", help="how long")
    add("--set", action="append", default=[], metavar="TABLE.KEY=VALUE", help="one setting; may be repeated")
    add("--quiet", action="store_true", help="no progress bar")
    _add_verbose(command)
    command.set_defaults(run=_train, interrupted=GOES_ON)


def _add_list(command: argparse.ArgumentParser) -> None:
    command.set_defaults(run=_list)
    _add_verbose(command)


def _add_models(command: argparse.ArgumentParser) -> None:
    command.description = (
        "List the weights that are known: shipped, found in the folder, or missing, and where to get them."
    )
    command.set_defaults(run=_models)
    _add_verbose(command)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("output", metavar="OUT", help="the result")
    add("--truth", required=True, metavar="CLIP", help="the clip as it should be")
    add("--mask", action="append", required=True, metavar="MASK", help="where it was painted, as for `inpaint`")
    add("--resize-mask", action="store_true", help="scale masks of another size to the clip's")
    add("--grow", type=int, default=0, metavar="PIXELS", help="widen the holes, as for `inpaint`")
    add("--json", nargs="?", const="-", metavar="FILE", help="print JSON instead of the table, or write it to FILE too")
    _add_verbose(command)
    command.set_defaults(run=_evaluate)


def _add_workers(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--workers", type=int, default=0, metavar="N", help="how many, for processes and ray (default: one a core)")
    add(
        "--address", default="", metavar="WHERE",
        help="of Ray: local (its own), auto (the one that runs here), HOST:PORT or ray://HOST:PORT "
        "(default: RAY_ADDRESS, or local)",
    )  # fmt: skip
    add(
        "--gpus-per-worker", type=float, default=1.0, metavar="F",
        help="GPUs of a Ray worker for stages that need one; 0.5 lets two share one (default: %(default)s)",
    )  # fmt: skip


def _add_verbose(command: argparse.ArgumentParser) -> None:
    command.add_argument("--verbose", action="store_true", help="say more, and show where an error actual from")


def _inpaint(options: argparse.Namespace) -> None:
    from vidinpaint.api import SHORTCUTS, inpaint
    from vidinpaint.progress import Bar, Silent
    from vidinpaint.reporting.place import file_to_open

    report = inpaint(
        options.clip,
        options.mask,
        options.output,
        pipeline=options.pipeline,
        config=options.config,
        settings=options.set,
        runner=options.runner,
        start=options.start,
        end=options.end,
        rate=options.rate,
        report=options.report,
        debug=options.debug,
        overwrite=options.overwrite,
        workers=options.workers,
        address=options.address,
        gpus_per_worker=options.gpus_per_worker,
        progress=Silent() if options.quiet else Bar(),
        **{name: getattr(options, name) for name in SHORTCUTS},
    )
    if not options.quiet:
        _say(report.summary(), sys.stdout)
        if options.report:
            _say(f"report: {file_to_open(Path(options.report))}", sys.stdout)
        if options.debug:
            _say(f"debug pictures: {options.debug}", sys.stdout)
    if options.strict:
        _require_unnoticed(report)


def _require_unnoticed(report: Report) -> None:
    """Raise a CheckError where a window stayed bad, or nothing was checked at all."""
    written = f"The output is written: look at {report.output} there."
    if report.painted and not report.checks:
        raise CheckError("a pipeline that checks, for --strict", f"{report.pipeline!r}, which does not", written)
    bad = report.complaints("bad")
    if bad:
        actual = f"{len(bad)} of {len(report.checks)} bad ({', '.join(bad[:3])}{' ...' if bad[3:] else ''})"
        raise CheckError("all painted windows to pass the check", actual, written)


def _batch(options: argparse.Namespace) -> None:
    from vidinpaint.api import SHORTCUTS
    from vidinpaint.batch.checked import Defaults
    from vidinpaint.batch.run import run_batch
    from vidinpaint.batch.status import clean, counted, status
    from vidinpaint.jobs.staffing import Staff

    if options.status:
        standings = status(options.status)
        _say("\n".join([*map(str, standings), counted(standings)]), sys.stdout)
        return
    if options.clean:
        _say(f"{clean(options.clean)} work folders removed", sys.stdout)
        return
    if not options.clips or not options.output:
        raise SettingError("a list of clips and a folder, LIST -o DIR", "only one of them", "Give both.")
    short = {name: getattr(options, name) for name in SHORTCUTS}
    defaults = Defaults(
        options.mask, options.pipeline, options.config, options.set, short, options.name, options.overwrite
    )
    chosen = Staff(options.runner, options.workers, options.address, options.gpus_per_worker, options.stall)
    result = run_batch(options.clips, options.output, defaults, chosen, options.quiet)
    if not options.quiet:
        _say(f"{result.summary()}\nsummary: {options.output.rstrip('/')}/summary.html", sys.stdout)
    result.check()


def _image(options: argparse.Namespace) -> None:
    from vidinpaint.photos.comparing import compare_methods
    from vidinpaint.photos.inpaint import Painted, inpaint_image
    from vidinpaint.photos.samples import inpaint_samples
    from vidinpaint.progress import Bar, Silent

    if options.compare is not None and (options.samples or options.sketch):
        remedy = "Leave out the one or the other; --set gated_conv.sketch=FILE works with both."
        raise SettingError("--compare, or --samples and --sketch", "both", remedy)
    progress = Silent() if options.quiet else Bar()
    chosen = {
        "settings": [*options.set, *([f"sketch={json.dumps(options.sketch)}"] if options.sketch else [])],
        "grow": options.grow,
        "resize_mask": options.resize_mask,
        "overwrite": options.overwrite,
    }
    if options.samples is not None:
        several = inpaint_samples(
            options.photo, options.mask, options.output, samples=options.samples, method=options.method,
            progress=progress, **chosen,
        )  # fmt: skip
        said = "\n".join(painted.summary() for painted in several if isinstance(painted, Painted))
    elif options.compare is None:
        painted = inpaint_image(
            options.photo, options.mask, options.output, method=options.method, progress=progress, **chosen
        )
        said = painted.summary()
    else:
        methods = [name.strip() for name in options.compare.split(",")]
        lines = compare_methods(Path(options.photo), options.mask, methods, Path(options.output), progress, **chosen)
        said = "\n".join([*lines, f"sheet: {options.output}"])
    if not options.quiet:
        _say(said, sys.stdout)


def _train(options: argparse.Namespace) -> None:
    from vidinpaint.settings import merge, parse_assignment
    from vidinpaint.train.run import train

    named = {key: getattr(options, key) for key in ("photos", "validation") if getattr(options, key) is not None}
    length = {} if options.steps is None else {"steps": options.steps}
    given = merge({options.recipe: named, "training": length}, *map(parse_assignment, options.set))
    figures = train(options.recipe, options.output, config=options.config, settings=given, quiet=options.quiet)
    if not options.quiet:
        _say("\n".join(f"{key}: {value:.4g}" for key, value in figures.items()), sys.stdout)


def _list(options: argparse.Namespace) -> None:
    from vidinpaint.registry import names, problems

    kinds = {
        "pipelines": pipelines(),
        "configs": configs(),
        "fillers for clips and photos": names("image_inpainters"),
        "fillers for clips": names("video_inpainters"),
        "flows": names("flow_methods"),
        "mask sources": names("mask_sources"),
        "recipes to train": names("recipes"),
    }
    for kind, entries in kinds.items():
        _say(kind, sys.stdout)
        for name, summary in entries.items():
            _say(f"  {name:<18}{summary}", sys.stdout)
    for problem in problems():
        _say(problem, sys.stderr)


def _evaluate(options: argparse.Namespace) -> None:
    from vidinpaint.comparison import compare
    from vidinpaint.progress import Bar
    from vidinpaint.report import write_text

    evaluation = compare(
        options.output, options.truth, options.mask, resize=options.resize_mask, grow=options.grow, progress=Bar()
    )
    text = json.dumps(evaluation.to_json(), indent=2)
    if options.json and options.json != "-":
        write_text(Path(options.json), text + "\n")
    _say(text if options.json == "-" else evaluation.table(), sys.stdout)


def _models(options: argparse.Namespace) -> None:
    from vidinpaint.weights.catalogue import lines

    _say("\n".join(lines()), sys.stdout)


def _time(text: str) -> Fraction:
    """Seconds, or [hh:]mm:ss."""
    try:
        parts = [Fraction(part) for part in text.split(":")]
    except (ValueError, ZeroDivisionError):
        parts = []
    if not 1 <= len(parts) <= 3 or any(part < 0 for part in parts):
        raise SettingError("a time as seconds or hh:mm:ss", repr(text), "Write for example 12.5 or 1:05.")
    seconds = Fraction(0)
    for part in parts:
        seconds = seconds * 60 + part
    return seconds


def _say(text: str, stream: object) -> None:
    stream.write(text + "\n")  # type: ignore[attr-defined]
