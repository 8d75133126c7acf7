"""Values of options: how they are parsed, and how a shell completes them.

Names come from files that are listed or parsed but not imported, which is fast.
"""

from collections.abc import Callable, Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

from vidinpaint.core.errors import SettingError
from vidinpaint.core.times import parse_rate, parse_time

RUNNERS = {
    "threads": "reads, computes and writes in threads of this process (default for one clip)",
    "serial": "computes one window after the other",
    "processes": "computes in several processes of this machine",
    "ray": "computes on the workers of a Ray cluster",
}
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


class Value(click.ParamType[Any]):
    """A value that `parse` converts from text; parse raises ValueError, or SettingError for a message of its own."""

    def __init__(self, name: str, expected: str, parse: Callable[[str], Any]) -> None:
        self.name, self._expected, self._parse = name, expected, parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        option = max(param.opts, key=len) if param else self.name
        try:
            return self._parse(value)
        except SettingError as error:
            raise SettingError(f"{option} as {error.expected}", error.actual, error.remedy) from None
        except ValueError:
            raise SettingError(f"{option} as {self._expected}", repr(value), "Correct the value.") from None


INTEGER = Value("integer", "a whole number", int)
NUMBER = Value("number", "a number", float)
TIME = Value("time", "a time", parse_time)
RATE = Value("rate", "a rate", parse_rate)


def pipelines() -> dict[str, str]:
    """Every preset pipeline: name -> one line."""
    from vidinpaint.core import presets

    return presets.pipelines()


def configs() -> dict[str, str]:
    """Every preset config: name -> one line."""
    from vidinpaint.core import presets

    return presets.configs()


def training_configs() -> dict[str, str]:
    """Every preset config for training: name -> empty line."""
    from vidinpaint.core import presets

    return dict.fromkeys(presets.training_configs(), "")


def _registered(kind: str) -> Callable[[], dict[str, str]]:
    """A function that lists what is registered: name -> one line."""

    def listed() -> dict[str, str]:
        from vidinpaint.core.registry import names

        return names(kind)

    return listed


methods = _registered("inpainters")
video_methods = _registered("video_inpainters")  # which need several frames
image_methods = _registered("image_inpainters")  # which also work on single images
flow_methods = _registered("flow_methods")
mask_sources = _registered("mask_sources")
recipes = _registered("recipes")


def codecs() -> dict[str, str]:
    """Every codec: name -> one line."""
    from vidinpaint.video.files.encoding import CODECS

    return {name: f"FFmpeg's {encoder}" for name, encoder in CODECS.items()}


def runners() -> dict[str, str]:
    """Every runner: name -> one line."""
    return RUNNERS


def named(names: Callable[[], Mapping[str, str]], or_file: bool = False) -> Complete:
    """Complete to names or, with `or_file` and if no name matches, to a path."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found = [
            CompletionItem(name, help=line or None) for name, line in names().items() if name.startswith(incomplete)
        ]
        return found or (files(ctx, param, incomplete) if or_file else [])

    return complete


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete to paths of files and folders."""
    return [CompletionItem(incomplete, type="file")]


def folders(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete to paths of folders."""
    return [CompletionItem(incomplete, type="dir")]
