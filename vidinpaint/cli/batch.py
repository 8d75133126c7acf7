"""`vidinpaint batch`: many clips."""

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
    help="A list of clips (.csv, .jsonl or .toml), or a pattern such as 'clips/*.mp4'.",
)  # fmt: skip
@mask_options(
    help="What to inpaint in clips whose row names no mask: an image, folder, video or box, as for `vidinpaint "
    "inpaint`; {stem} and {name} stand for those of the clip. May be repeated."
)
@method_options()
@cloup.option_group(
    "Output",
    take("output", metavar="DIR", shell_complete=folders, help="Folder or URL that takes the results."),
    cloup.option(
        "--name", default="", metavar="NAME",
        help="Name of each result; {stem} and {name} stand for those of the clip, as in {stem}_clean.mp4. "
        "[default: name of the clip]",
    ),
    take("codec"),
    take("crf"),
    take("overwrite", help="Replace files in the folder that do not belong to a batch."),
)  # fmt: skip
@execution_options(
    cloup.option(
        "--stall", type=NUMBER, default=3600.0, show_default=True, metavar="SECONDS",
        help="Replace a worker that has sent no message for this time.",
    ),
    default="processes",
    help="Who computes: processes (of this machine) or ray.",
)  # fmt: skip
@cloup.option_group(
    "Reports and debugging",
    cloup.option("--status", metavar="DIR", shell_complete=folders, help="Show the progress of a batch and exit."),
    cloup.option(
        "--clean", metavar="DIR", shell_complete=folders,
        help="Remove the work folders of a batch, from which it would continue, and exit; results stay.",
    ),
    take("quiet"),
    take("verbose"),
)  # fmt: skip
def command(clips: str | None, output: str | None, status: str | None, clean: str | None, **options: Any) -> None:
    """Remove what the masks cover from many clips.

    Options apply to every clip whose row in LIST does not set its own. A clip that fails is reported and the others are
    done; the same command again processes only what is not yet done.
    """
    if status:
        _show_status(status)
    elif clean:
        _clean(clean)
    elif not clips or not output:
        raise SettingError("a list of clips and an output, LIST -o DIR", "only one of them", "Give both.")
    else:
        result = _run(clips, output, **options)
        if not options["quiet"]:
            say(f"{result.summary()}\nsummary: {output.rstrip('/')}/summary.html", sys.stdout)
        result.check()


def _show_status(folder: str) -> None:
    from vidinpaint.execution.batch.status import counted, status

    standings = status(folder)
    say("\n".join([*map(str, standings), counted(standings)]), sys.stdout)


def _clean(folder: str) -> None:
    from vidinpaint.execution.batch.status import clean

    say(f"{clean(folder)} work folders removed", sys.stdout)


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
    )
    workers = WorkerOptions(
        runner=options["runner"],
        workers=options["workers"],
        address=options["address"],
        gpus_per_worker=options["gpus_per_worker"],
        stall=options["stall"],
    )
    return run_batch(clips, output, defaults, workers, options["quiet"])
