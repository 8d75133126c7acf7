"""`Command`: prepares logging and signals for every command; `say`: prints lines for the user."""

import signal
from dataclasses import dataclass
from typing import Any, TextIO

import click
import cloup

NOTHING_WRITTEN = "nothing was written"
CONTINUES = "the same command continues where it stopped"


@dataclass
class State:
    """What `main` needs to know about a command that failed or was interrupted.

    verbose      whether to show the traceback of an error
    interrupted  the state after Ctrl-C, as the end of a sentence
    """

    verbose: bool = False
    interrupted: str = NOTHING_WRITTEN


class Command(cloup.Command):
    """A command; interrupted: the state after Ctrl-C, as the end of a sentence."""

    def __init__(self, *args: Any, interrupted: str = NOTHING_WRITTEN, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interrupted = interrupted

    def invoke(self, ctx: click.Context) -> Any:
        import logging

        state = ctx.ensure_object(State)
        state.interrupted = self.interrupted
        logging.basicConfig(level=logging.INFO if state.verbose else logging.ERROR, format="%(levelname)s %(message)s")
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM cleans up like Ctrl-C
        return super().invoke(ctx)


def examples(*lines: str) -> str:
    """The last paragraph of a help page: command lines, one per line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def say(text: str, stream: TextIO) -> None:
    """Write text and a line break."""
    stream.write(text + "\n")
