"""`vidinpaint list`: every name that an option takes."""

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
    "recipes (train)": values.recipes,
}


@cloup.command("list", cls=Command, short_help="Names of pipelines, methods ...", epilog=examples("vidinpaint list"))
@take("verbose")
def command() -> None:
    """List pipelines, configs, methods and training recipes, with a line about each."""
    for kind, names in KINDS.items():
        say(kind, sys.stdout)
        for name, summary in names().items():
            say(f"  {name:<18}{summary}", sys.stdout)
