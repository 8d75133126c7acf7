"""The option table: every option that several commands have is defined once.

`take` makes an option of the table, with the changes that a command needs. The functions below it make the option
groups that `inpaint` and `batch` share.
"""

from collections.abc import Callable
from typing import Any

import click
import cloup

from vidinpaint.cli.command import State
from vidinpaint.cli.values import (
    INTEGER,
    NUMBER,
    RATE,
    TIME,
    codecs,
    configs,
    files,
    flow_methods,
    methods,
    named,
    pipelines,
    runners,
)

Decorator = Callable[[Any], Any]


def _verbose(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    ctx.ensure_object(State).verbose = value


def _option(*names: str, **attributes: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, attributes


TABLE = {
    "output": _option("-o", "--output", metavar="OUT", shell_complete=files),
    "mask": _option(
        "--mask", multiple=True, metavar="MASK", shell_complete=files,
        help="What to inpaint: an image, a folder of images, a video (values above 127 are inpainted), or a box "
        "x,y,width,height in pixels, in the picture as players show it; or text or mark, which search the clip for "
        "burnt-in text and for marks. Append @START-END for a time range, in seconds "
        "or [hh:]mm:ss, as a player shows the time. May be repeated.",
    ),
    "grow": _option(
        "--grow", type=INTEGER, metavar="PIXELS", help="Enlarge the masks by this many pixels, at least 0."
    ),
    "feather": _option(
        "--feather", type=INTEGER, metavar="PIXELS",
        help="Blend over this many pixels inside the masks, at least 0. [default: as in the config]",
    ),
    "resize_mask": _option(
        "--resize-mask", is_flag=True, default=None, help="Scale masks of another size to the size of the clip."
    ),
    "mark": _option(
        "--mark", metavar="FILE.png", shell_complete=files,
        help="The opacity and colour of a mark, as `vidinpaint mark estimate` writes it, to un-blend with the pipeline "
        "watermark_removal. [default: estimated from the clip]",
    ),
    "pipeline": _option(
        "--pipeline", default="object_removal", show_default=True, metavar="NAME",
        shell_complete=named(pipelines, or_file=True), help="The stages to run: the name of a pipeline, or a .py file.",
    ),
    "config": _option(
        "--config", default="balanced", show_default=True, metavar="NAME", shell_complete=named(configs, or_file=True),
        help="The settings of the stages: the name of a config, or a .toml file.",
    ),
    "method": _option(
        "--method", "--fill", "method", metavar="NAME", shell_complete=named(methods),
        help="How to synthesise what no frame shows; see `vidinpaint list`. [default: as in the config]",
    ),
    "flow": _option(
        "--flow", metavar="NAME", shell_complete=named(flow_methods),
        help="The optical flow method; see `vidinpaint list`. [default: as in the config]",
    ),
    "settings": _option(
        "--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
        help="Change one setting; see `vidinpaint settings`. May be repeated.",
    ),
    "start": _option(
        "--start", type=TIME, metavar="TIME",
        help="Start at this time, in seconds or [hh:]mm:ss, as a player shows it. [default: the start of the clip]",
    ),
    "end": _option("--end", type=TIME, metavar="TIME", help="End before this time. [default: the end of the clip]"),
    "rate": _option(
        "--rate", type=RATE, default="25", show_default=True, metavar="FPS",
        help="Frames per second of a folder of frames, 0.001 to 1000.",
    ),
    "codec": _option(
        "--codec", metavar="NAME", shell_complete=named(codecs),
        help="h264, hevc, vp9 or ffv1 (lossless); names of encoders, such as libx264, work too. [default: h264]",
    ),
    "crf": _option(
        "--crf", type=INTEGER, metavar="N",
        help="Quality: 0 (best) to 51 for h264 and hevc, to 63 for vp9. [default: 16]",
    ),
    "container": _option(
        "--container", type=click.Choice(["suffix", "auto"]), metavar="NAME",
        help="suffix: the format of the output's suffix. auto: another one, and so another suffix, where that loses "
        "fewer streams of the clip. [default: suffix]",
    ),
    "runner": _option(
        "--runner", default="threads", show_default=True, metavar="NAME", shell_complete=named(runners),
        help="How windows are computed: threads, serial, processes or ray.",
    ),
    "workers": _option(
        "--workers", type=INTEGER, default=0, metavar="N",
        help="The number of workers of the runners processes and ray, at most 100000. [default: one per core]",
    ),
    "address": _option(
        "--address", default="", metavar="ADDRESS",
        help="The address of Ray: local (start Ray here), auto (use the Ray running here), HOST:PORT or "
        "ray://HOST:PORT. [default: auto if RAY_ADDRESS is set, else local]",
    ),
    "gpus_per_worker": _option(
        "--gpus-per-worker", type=NUMBER, default=1.0, metavar="N",
        help="The number of GPUs per Ray worker for stages that need one, above 0 and at most 64; with 0.5, two "
        "workers share a GPU. [default: 1]",
    ),
    "overwrite": _option("--overwrite", is_flag=True, help="Replace the output if it exists."),
    "strict": _option("--strict", is_flag=True, help="Refuse a clip that is damaged or cut off."),
    "quiet": _option("--quiet", is_flag=True, help="Show no progress bar and no summary."),
    "verbose": _option(
        "--verbose", is_flag=True, is_eager=True, expose_value=False, callback=_verbose,
        help="Log the steps of the run, and show the traceback of an error.",
    ),
}  # fmt: skip


def take(name: str, **changes: Any) -> Decorator:
    """The option with this name in the table, with changes to its attributes."""
    names, attributes = TABLE[name]
    return cloup.option(*names, **{**attributes, **changes})


def mask_options(**mask: Any) -> Decorator:
    """Options of what is inpainted, for `inpaint` and `batch`; mask: changes to the option --mask."""
    grow = take("grow", help="Enlarge the masks by this many pixels, at least 0. [default: as in the config]")
    return cloup.option_group("Masks", take("mask", **mask), grow, take("feather"), take("resize_mask"), take("mark"))


def method_options() -> Decorator:
    """Options of how it is inpainted, for `inpaint` and `batch`."""
    names = ("pipeline", "config", "method", "flow", "settings")
    return cloup.option_group("Method", *map(take, names))


def execution_options(*more: Decorator, **runner: Any) -> Decorator:
    """Options of where it is computed, for `inpaint` and `batch`; runner: changes to the option --runner."""
    group = (take("runner", **runner), take("workers"), take("address"), take("gpus_per_worker"), *more)
    return cloup.option_group("Execution", *group)
