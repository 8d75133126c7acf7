"""`vidinpaint batch`: inpaints many clips."""

import sys
from typing import TYPE_CHECKING, Any

import cloup

from vidinpaint.cli.command import CONTINUES, Command, examples, say
from vidinpaint.cli.options import execution_options, mask_options, method_options, take
from vidinpaint.cli.values import NUMBER, files, folders
from vidinpaint.core.errors import SettingError

if TYPE_CHECKING:
    from vidinpaint.execution.batch.batch_run import Result


@cloup.command(
    "batch",
    cls=Command,
    short_help="Inpaint many clips.",
    interrupted=CONTINUES,
    epilog=examples(
        "vidinpaint batch 'clips/*.mp4' --mask 'masks/{stem}.png' -o out",
        "vidinpaint batch list.csv -o s3://bucket/out --runner ray --address auto --workers 64",
        "vidinpaint batch --status out",
    ),
)
@cloup.argument(
    "clips", metavar="[LIST]", required=False, shell_complete=files,
    help="The clips: a list (.csv, .tsv, .jsonl or .toml), or a pattern such as 'clips/*.mp4' in quotes.",
)  # fmt: skip
@mask_options(
    help="What to inpaint in clips whose row has no mask: an image, folder, video or box, as for `vidinpaint inpaint`. "
    "{stem} and {name} are replaced by those of the clip. May be repeated."
)
@method_options()
@cloup.option_group(
    "Output",
    take("output", metavar="DIR", shell_complete=folders, help="The folder for the results, a path or a URL."),
    cloup.option(
        "--name", default="", metavar="NAME",
        help="The name of each result, such as {stem}_clean.mp4; {stem} and {name} are replaced by those of the clip. "
        "[default: the name of the clip]",
    ),
    take("codec"),
    take("crf"),
    take("container"),
    take("overwrite", help="Replace files in the folder that are not results of this batch."),
)  # fmt: skip
@execution_options(
    cloup.option(
        "--stall", type=NUMBER, default=3600.0, metavar="SECONDS",
        help="Replace a worker that has not answered for this many seconds, at least 1. [default: 3600]",
    ),
    default="processes",
    help="How windows are computed: processes (of this machine) or ray.",
)  # fmt: skip
@cloup.option_group(
    "Reports and debugging",
    cloup.option("--status", metavar="DIR", shell_complete=folders, help="Show the progress of a batch and exit."),
    cloup.option(
        "--clean", metavar="DIR", shell_complete=folders,
        help="Remove the finished windows of incomplete clips of a batch and exit; results stay.",
    ),
    take("strict", help="Refuse clips that are damaged or cut off; the others are done."),
    take("quiet"),
    take("verbose"),
)  # fmt: skip
def command(clips: str | None, output: str | None, status: str | None, clean: str | None, **options: Any) -> None:
    """Remove what the masks cover from many clips.

    Options apply to every clip whose row in LIST has no value of its own. A clip that fails is reported and does not
    stop the others. The same command run again processes only what is not done yet.
    """
    if status:
        _show_status(status)
    elif clean:
        _clean(clean)
    elif not clips or not output:
        missing = "no clips" if not clips else "no output"
        raise SettingError("clips and an output, LIST -o DIR", missing, "See `vidinpaint batch --help`.")
    else:
        result = _run(clips, output, **options)
        if not options["quiet"]:
            say(f"{result.summary()}\nsummary: {output.rstrip('/')}/summary.html", sys.stdout)
        result.check()


def _show_status(folder: str) -> None:
    from vidinpaint.execution.batch.status import counted, status

    statuses = status(folder)
    say("\n".join([*map(str, statuses), counted(statuses)]), sys.stdout)


def _clean(folder: str) -> None:
    from vidinpaint.execution.batch.status import clean

    say(f"work folders removed: {clean(folder)}", sys.stdout)


def _run(clips: str, output: str, **options: Any) -> "Result":
    from vidinpaint.execution.batch.batch_run import run_batch
    from vidinpaint.execution.batch.validation import Defaults
    from vidinpaint.execution.jobs.worker_options import WorkerOptions
    from vidinpaint.execution.options import OPTION_SETTINGS

    defaults = Defaults(
        masks=options["mask"],
        pipeline=options["pipeline"],
        config=options["config"],
        settings=options["settings"],
        options={name: options[name] for name in OPTION_SETTINGS},
        name=options["name"],
        overwrite=options["overwrite"],
        strict=options["strict"],
    )
    workers = WorkerOptions(
        runner=options["runner"],
        workers=options["workers"],
        address=options["address"],
        gpus_per_worker=options["gpus_per_worker"],
        stall=options["stall"],
    )
    return run_batch(clips, output, defaults, workers, options["quiet"])
