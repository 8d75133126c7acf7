"""`vidinpaint settings`: the settings of a pipeline."""

import dataclasses
import json
import sys
from collections.abc import Sequence

import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import named, pipelines

HEADINGS = ("setting", "type", "range", "default", "meaning")


@cloup.command(
    "settings",
    cls=Command,
    short_help="Settings of a pipeline.",
    epilog=examples("vidinpaint settings", "vidinpaint settings static_camera --all --json"),
)
@cloup.argument(
    "pipeline", metavar="[PIPELINE]", required=False, default="object_removal",
    shell_complete=named(pipelines, or_file=True), help="Name of a pipeline, or a .py file. [default: object_removal]",
)  # fmt: skip
@cloup.option("--all", "methods", is_flag=True, help="Include all methods, not only those that the pipeline uses.")
@cloup.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@take("verbose")
def command(pipeline: str, methods: bool, as_json: bool) -> None:
    """Show the settings of a pipeline with type, range and default; change one with --set STAGE.KEY=VALUE."""
    from vidinpaint.core.presets import load_pipeline
    from vidinpaint.core.settings import describe

    found = describe(load_pipeline(pipeline), methods)
    if as_json:
        say(json.dumps([dataclasses.asdict(one) for one in found], indent=2, default=str), sys.stdout)
    else:
        rows = [(one.key, one.type, one.range, str(one.default), one.summary) for one in found]
        say("\n".join(_table([HEADINGS, *rows])), sys.stdout)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
