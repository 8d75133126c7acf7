"""`usage_error`: reports a mistake on the command line like every other error: expected, found, remedy."""

import re

import click

from vidinpaint.core.errors import SettingError


def usage_error(error: click.UsageError) -> SettingError:
    """The error of Click as a `SettingError`."""
    path = error.ctx.command_path if error.ctx else "vidinpaint"
    see = f"See `{path} --help`."
    if isinstance(error, click.MissingParameter) and error.param:
        return SettingError(_as_typed(error.param, error.ctx), "none", see)
    if isinstance(error, click.NoSuchOption):
        guess = f"Did you mean {' or '.join(error.possibilities)}? " if error.possibilities else ""
        if not error.option_name.startswith("--"):
            guess += "A file whose name begins with a dash is given as ./-NAME. "
        return SettingError(f"an option of `{path}`", repr(error.option_name), guess + see)
    if isinstance(error, click.NoSuchCommand):
        return SettingError("a command of vidinpaint", repr(error.command_name), _command_choice(error) + see)
    message = " ".join(error.format_message().split()).rstrip(".")
    if isinstance(error, click.BadOptionUsage) and "requires" in message:
        return SettingError(f"a value after {error.option_name}", "none", see)
    if extra := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", message):
        return SettingError("no further argument", repr(extra[1]), see)
    if message == "Missing command":
        return SettingError("a command", "none", see)
    return SettingError("a valid command line", f"a mistake: {message}", see)


def _command_choice(error: click.NoSuchCommand) -> str:
    from vidinpaint.core.settings import choose

    if error.ctx is None or not isinstance(error.ctx.command, click.Group):
        return ""
    return f"{choose(error.command_name, error.ctx.command.list_commands(error.ctx))} "


def _as_typed(param: click.Parameter, ctx: click.Context | None) -> str:
    """A parameter as a user types it: CLIP, or --mask MASK."""
    metavar = param.make_metavar(ctx or click.Context(click.Command(None)))
    name = next((name for name in param.opts if name.startswith("--")), "")
    return f"{name} {metavar}".strip()
