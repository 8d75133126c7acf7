"""`main`: runs one command, and turns every error into one line and an exit code.

A command's module is imported only when the command is used or listed, and imports the rest of vidinpaint only when it
runs, so that --help is fast.
"""

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

import click
import cloup

from vidinpaint.cli.command import State, say
from vidinpaint.cli.usage import usage_error
from vidinpaint.core.errors import StorageError, VidinpaintError

INTERRUPTED, UNEXPECTED = 130, 1  # exit codes
SECTIONS = {
    "Inpaint": ("inpaint", "batch", "image", "detect", "mark"),
    "Measure and train": ("evaluate", "train"),
    "Show what is available": ("list", "models", "settings"),
    "Set up": ("warm-up", "completion"),
}
"""All commands, by the heading under which --help lists them; the command warm-up is in the module warm_up."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, by default that of `sys.argv`, and return the exit code."""
    state = State()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":  # names may hold what it cannot encode
            stream.reconfigure(errors="backslashreplace")
    try:
        words = None if arguments is None else list(arguments)
        return app.main(words, prog_name="vidinpaint", standalone_mode=False, obj=state) or 0
    except click.UsageError as error:
        return _report(usage_error(error), state)
    except VidinpaintError as error:
        return _report(error, state)
    except OSError as error:
        if error.filename is None and not isinstance(error, FileNotFoundError):
            return _unexpected(error, state)
        name = "the current folder" if error.filename is None else repr(str(error.filename))
        reason = (error.strerror or "unusable").lower()
        remedy = "Check the name, the folder, the permissions and the free space."
        return _report(StorageError("a path that can be used", f"{name} ({reason})", remedy), state)
    except click.Abort:
        say(f"vidinpaint: interrupted; {state.interrupted}", sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return _unexpected(error, state)


def _unexpected(error: Exception, state: State) -> int:
    """An error in vidinpaint itself; --verbose shows the traceback."""
    if state.verbose:
        traceback.print_exc()
    actual = f"{type(error).__name__}: {' '.join(str(error).split())}"
    say(f"vidinpaint: unexpected {actual}. Run again with --verbose and report it.", sys.stderr)
    return UNEXPECTED


def _report(error: VidinpaintError, state: State) -> int:
    if state.verbose:
        traceback.print_exc()
    say(f"vidinpaint: {' '.join(str(error).split())}", sys.stderr)
    for detail in error.details:
        say(f"  {detail}", sys.stderr)
    return error.exit_code


class Commands(cloup.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in SECTIONS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"vidinpaint.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def list_sections(self, ctx: click.Context, include_default_section: bool = True) -> list[cloup.Section]:
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        return [
            cloup.Section(title, {name: command for name in names if (command := commands[name])})
            for title, names in SECTIONS.items()
        ]


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from vidinpaint.core.presets import version

        say(version(), sys.stdout)
        ctx.exit()


@cloup.group(
    cls=Commands,
    no_args_is_help=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "formatter_settings": cloup.HelpFormatter.settings(max_width=110, col1_max_width=36),
    },
    epilog="`vidinpaint COMMAND --help` describes a command and shows examples.",
)
@cloup.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def app() -> None:
    """Remove objects, logos, text and damage from video and images."""
