"""`vidinpaint completion`: prints a completion script for a shell."""

import sys

import click
import cloup

from vidinpaint.cli.command import Command, examples, say
from vidinpaint.cli.options import take

SHELLS = ("bash", "zsh", "fish")


@cloup.command(
    "completion",
    cls=Command,
    short_help="Print a completion script for a shell.",
    epilog=examples(
        'eval "$(vidinpaint completion bash)"                                    # in ~/.bashrc',
        'eval "$(vidinpaint completion zsh)"                                     # in ~/.zshrc',
        "vidinpaint completion fish > ~/.config/fish/completions/vidinpaint.fish",
    ),
)
@cloup.argument("shell", type=click.Choice(SHELLS), metavar="SHELL", help="The shell: bash, zsh or fish.")
@take("verbose")
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print a script that completes commands, options and their values in a shell."""
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    root = ctx.find_root()
    say(completion(root.command, {}, "vidinpaint", "_VIDINPAINT_COMPLETE").source(), sys.stdout)
