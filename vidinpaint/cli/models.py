"""`vidinpaint models`: lists the weights of learned methods."""

import sys

import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take


@cloup.command("models", cls=Command, short_help="List network weights.", epilog=examples("vidinpaint models"))
@take("verbose")
def command() -> None:
    """List the weights of learned methods: bundled, found in the weights folder, or missing and where to get them."""
    from vidinpaint.weights.catalogue import lines

    say("\n".join(lines()), sys.stdout)
