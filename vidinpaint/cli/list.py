"""`vidinpaint list`: lists the names that options take."""

import sys

import cloup

from vidinpaint.cli import values
from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take

KINDS = {
    "pipelines (--pipeline)": values.pipelines,
    "configs (--config)": values.configs,
    "methods for clips and images (--method)": values.image_methods,
    "methods for clips (--method)": values.video_methods,
    "optical flow methods (--flow)": values.flow_methods,
    "mask sources (--mask)": values.mask_sources,
    "recipes (train)": values.recipes,
}
MIN_WIDTH = 16  # of the column of names


@cloup.command("list", cls=Command, short_help="List pipelines, methods ...", epilog=examples("vidinpaint list"))
@take("verbose")
def command() -> None:
    """List pipelines, configs, methods, mask sources and training recipes, with one line about each."""
    from vidinpaint.core.registry import problems

    for kind, names in KINDS.items():
        say(kind, sys.stdout)
        found = names()
        width = max(map(len, found), default=0)
        for name, summary in found.items():
            say(f"  {name:<{max(width, MIN_WIDTH)}}  {summary}", sys.stdout)
    for problem in problems():
        say(problem, sys.stderr)
