"""The option table: every option that more than one command has, written once.

`take` gives a command an option of the table, with what the command changes about it; the option groups that `inpaint`
and `batch` share are built here too.
"""

from collections.abc import Callable
from typing import Any

import click
import cloup

from vidinpaint.cli.command import State
from vidinpaint.cli.values import (
    INTEGER,
    NUMBER,
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


def _verbose(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    ctx.ensure_object(State).verbose = wanted


TABLE: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "output": (
        ("-o", "--output"),
        {"metavar": "OUT", "shell_complete": files},
    ),
    "mask": (
        ("--mask",),
        {
            "multiple": True,
            "metavar": "MASK",
            "shell_complete": files,
            "help": "What to inpaint: an image, a folder of images, a video (values over 127 are inpainted), or a box "
            "x,y,width,height. Each may end in @START-END, times in seconds or mm:ss. May be repeated.",
        },
    ),
    "grow": (
        ("--grow",),
        {"type": INTEGER, "metavar": "PIXELS", "help": "Enlarge the masks by this many pixels."},
    ),
    "feather": (
        ("--feather",),
        {"type": INTEGER, "metavar": "PIXELS", "help": "Blend over this many pixels inside the border of the masks."},
    ),
    "resize_mask": (
        ("--resize-mask",),
        {"is_flag": True, "default": None, "help": "Scale masks of another size to the size of the clip."},
    ),
    "pipeline": (
        ("--pipeline",),
        {
            "default": "object_removal",
            "show_default": True,
            "metavar": "NAME",
            "shell_complete": named(pipelines, or_file=True),
            "help": "Which stages run: the name of a pipeline, or a .py file.",
        },
    ),
    "config": (
        ("--config",),
        {
            "default": "balanced",
            "show_default": True,
            "metavar": "NAME",
            "shell_complete": named(configs, or_file=True),
            "help": "Settings of the stages: the name of a config, or a .toml file.",
        },
    ),
    "method": (
        ("--method", "--fill", "method"),
        {
            "metavar": "NAME",
            "shell_complete": named(methods),
            "help": "How to synthesise what no frame shows; see `vidinpaint list`.",
        },
    ),
    "flow": (
        ("--flow",),
        {
            "metavar": "NAME",
            "shell_complete": named(flow_methods),
            "help": "How to estimate optical flow; see `vidinpaint list`.",
        },
    ),
    "settings": (
        ("--set", "settings"),
        {
            "multiple": True,
            "metavar": "STAGE.KEY=VALUE",
            "help": "Change one setting; see `vidinpaint settings`. May be repeated.",
        },
    ),
    "codec": (
        ("--codec",),
        {
            "metavar": "NAME",
            "shell_complete": named(codecs),
            "help": "h264 (default), hevc, vp9, or ffv1 (lossless); libx264 and other names of encoders work too.",
        },
    ),
    "crf": (
        ("--crf",),
        {"type": INTEGER, "metavar": "N", "help": "Quality of h264, hevc and vp9; lower is better. [default: 16]"},
    ),
    "runner": (
        ("--runner",),
        {
            "default": "threads",
            "show_default": True,
            "metavar": "NAME",
            "shell_complete": named(runners),
            "help": "Who computes: threads, serial, processes or ray.",
        },
    ),
    "workers": (
        ("--workers",),
        {
            "type": INTEGER,
            "default": 0,
            "metavar": "N",
            "help": "Number of workers of the runners processes and ray. [default: one per core]",
        },
    ),
    "address": (
        ("--address",),
        {
            "default": "",
            "metavar": "ADDRESS",
            "help": "Address of Ray: local (starts its own), auto (the one running here), HOST:PORT or "
            "ray://HOST:PORT. [default: RAY_ADDRESS if set, else local]",
        },
    ),
    "gpus_per_worker": (
        ("--gpus-per-worker",),
        {
            "type": NUMBER,
            "default": 1.0,
            "show_default": True,
            "metavar": "N",
            "help": "GPUs per Ray worker for stages that need one; with 0.5 two workers share a GPU.",
        },
    ),
    "overwrite": (
        ("--overwrite",),
        {"is_flag": True, "help": "Replace the output if it exists."},
    ),
    "quiet": (
        ("--quiet",),
        {"is_flag": True, "help": "Show no progress bar and no summary."},
    ),
    "verbose": (
        ("--verbose",),
        {
            "is_flag": True,
            "is_eager": True,
            "expose_value": False,
            "callback": _verbose,
            "help": "Log what is done, and show the traceback of an error.",
        },
    ),
}


def take(name: str, **changes: Any) -> Decorator:
    """The option of the table called `name`, with `changes` to its attributes."""
    names, attributes = TABLE[name]
    return cloup.option(*names, **{**attributes, **changes})


def mask_options(**mask: Any) -> Decorator:
    """What is inpainted, for `inpaint` and `batch`; `mask` changes the option --mask."""
    return cloup.option_group("Masks", take("mask", **mask), *map(take, ("grow", "feather", "resize_mask")))


def method_options() -> Decorator:
    """How it is inpainted, for `inpaint` and `batch`."""
    names = ("pipeline", "config", "method", "flow", "settings")
    return cloup.option_group("Method", *map(take, names))


def execution_options(*more: Decorator, **runner: Any) -> Decorator:
    """Where it is computed, for `inpaint` and `batch`; `runner` changes the option --runner."""
    group = (take("runner", **runner), take("workers"), take("address"), take("gpus_per_worker"), *more)
    return cloup.option_group("Execution", *group)
