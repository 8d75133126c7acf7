"""`MaskSpec`: a mask as a user names it, and its time range; `parse_mask` reads it from one command line argument.

    logo.png   masks_folder   mask.mp4   10,20,200,60          an image, a folder, a video, a box x,y,width,height
    text   text:lower   text:0,560,1280,160,scene=true          a mask source by its name, with settings
    logo.png@5-   logo.png@-3.5   10,20,200,60@1:02.5-1:10      each for a time only: seconds or [hh:]mm:ss, half-open
    logo.png@00:00:01,500 --> 00:00:03,000                      the same, as subtitles (SRT) write it

A path that exists as it is written is a path, whatever it looks like. Times are exact fractions of a second on a
player's clock, which begins with the clip's picture or its sound, whichever is earlier. Raises MaskError, and
SettingError for settings that a mask source does not have.
"""

import dataclasses
import inspect
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidinpaint.core import registry
from vidinpaint.core.errors import MaskError, SettingError
from vidinpaint.core.settings import parse_value
from vidinpaint.core.times import parse_time, time_range
from vidinpaint.core.window import Box
from vidinpaint.masks.sources.interface import MaskSource

KINDS = "Name an image, a folder of images, a video, a box x,y,width,height, text or mark."

MAX_SIDE = 1 << 16
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?$")


@dataclass(frozen=True, eq=False)
class MaskSpec:
    """One mask and the time that it applies to.

    source   a path; a Box in pixels of the clip; an array (H, W) for all frames or (T, H, W) for one frame each,
             bool (True = inpaint) or uint8 (over 127 = inpaint); or a `MaskSource`
    start    seconds, as a player shows the time, included
    stop     seconds, as a player shows the time, not included; None: to the end
    """

    source: Path | Box | np.ndarray | MaskSource
    start: Fraction = Fraction(0)
    stop: Fraction | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or (self.stop is not None and self.stop <= self.start):
            raise MaskError(
                "a time range that ends after it starts",
                time_range(self.start, self.stop),
                "Write it as START-END in seconds or mm:ss, as a player shows the time.",
            )
        if isinstance(self.source, np.ndarray):
            _check_array(self.source)

    @property
    def kind(self) -> str:
        """The name of a `MaskSource`; empty for others."""
        return type(self.source).__module__.rpartition(".")[2] if isinstance(self.source, MaskSource) else ""

    @property
    def name(self) -> str:
        """The mask as messages call it."""
        if isinstance(self.source, Box):
            return f"the box {self.source.x},{self.source.y},{self.source.width},{self.source.height}"
        if isinstance(self.source, MaskSource):
            return f"the mask source {self.kind!r}"
        return "an array" if isinstance(self.source, np.ndarray) else repr(self.source.name or str(self.source))


MaskLike = str | Path | np.ndarray | MaskSpec | Iterable[str | Path | np.ndarray | MaskSpec]
"""One or several masks, as a user gives them."""


def mask_specs(masks: MaskLike) -> list[MaskSpec]:
    """The specs of one or several masks: text as for `parse_mask`, paths, arrays or specs."""
    several = [masks] if isinstance(masks, (str, Path, np.ndarray, MaskSpec)) else masks
    specs = [_mask_spec(one) for one in several]
    if not specs:
        raise MaskError("at least one mask", "none", KINDS)
    return specs


def parse_mask(text: str) -> MaskSpec:
    """The mask of one argument: PATH, x,y,width,height or NAME:SETTINGS, each optionally with @START-END."""
    if os.path.exists(text):  # unlike Path.exists it takes any text
        return MaskSpec(Path(text))
    if not text.strip():
        raise MaskError("a mask", "an empty word", KINDS)
    subject, at, times = text.rpartition("@")
    times = times.replace("\N{EN DASH}", "-")
    if not (at and subject and (re.fullmatch(r"[\d:.,\s>-]+", times) or _is_mask(subject))):
        return MaskSpec(_subject(text))
    start, stop = _time_range(times, text)
    return MaskSpec(_subject(subject), start, stop)


def _mask_spec(mask: str | Path | np.ndarray | MaskSpec) -> MaskSpec:
    if isinstance(mask, MaskSpec):
        return mask
    return MaskSpec(mask) if isinstance(mask, np.ndarray) else parse_mask(str(mask))


def _subject(text: str) -> Path | Box | MaskSource:
    """A mask source if the text begins with the name of one, a box if it is comma-separated numbers, else a path."""
    name, _, value = text.partition(":")
    if name.isidentifier() and _chosen_by_name(name):
        return _named_source(name, value)
    words = [word.strip() for word in text.split(",")]
    if os.path.exists(text) or len(words) < 2 or not all(_NUMBER.match(word) for word in words):
        return Path(text)
    remedy = "Write it as x,y,width,height in whole pixels of the clip, from its upper left corner."
    if len(words) != 4 or any("." in word for word in words):
        raise MaskError("a box of four whole numbers", repr(text), remedy)
    x, y, width, height = map(int, words)
    if min(x, y) < 0 or min(width, height) < 1 or max(x, y, width, height) > MAX_SIDE:
        raise MaskError(f"a box at x, y of at least 0, with sides of 1 to {MAX_SIDE} pixels", repr(text), remedy)
    return Box(x, y, width, height)


def _is_mask(subject: str) -> bool:
    """Whether text is a mask by itself, so that what follows behind an "@" must be meant as a time range."""
    name = subject.partition(":")[0]
    is_box = bool(re.fullmatch(r"\s*\d+(\s*,\s*\d+){3}\s*", subject))
    return is_box or os.path.exists(subject) or (name.isidentifier() and _chosen_by_name(name))


def _chosen_by_name(name: str) -> bool:
    """Whether a mask source has this name: one of another package, or one that `accepts` nothing."""
    if name in registry.plugins("mask_sources"):
        return True
    if name not in registry.names("mask_sources"):
        return False
    accepts = inspect.getattr_static(registry.load("mask_sources", name), "accepts")
    return accepts is inspect.getattr_static(MaskSource, "accepts")


def _named_source(name: str, value: str) -> MaskSource:
    """A mask source by name; `value`: the value of its first field, which may hold commas, then field=value,..."""
    kind = registry.load("mask_sources", name)
    fields = dataclasses.fields(kind)
    words = value.split(",") if value else []
    named = next((number for number, word in enumerate(words) if "=" in word), len(words))
    pairs = [(fields[0].name if fields else "", ",".join(words[:named]))] if named else []
    for word in filter(None, words[named:]):
        key, _, text = word.partition("=")
        pairs.append((key.strip(), text))
    options = {}
    for key, text in pairs:
        text_only = any(field.name == key and field.type in (str, "str") for field in fields)
        options[key] = text if text_only else parse_value(text)
    source: MaskSource = registry.build("mask_sources", name, options)
    return source


def _time_range(times: str, text: str) -> tuple[Fraction, Fraction | None]:
    dash = "-->" if "-->" in times else "-"  # the first is that of subtitles
    first, dash, last = (word.strip() for word in times.partition(dash))
    remedy = (
        "Write @START-END, such as @5-, @-3.5 or @1:02-1:10.5, in seconds or [hh:]mm:ss as a player shows the time."
    )
    if not dash or not (first or last):
        raise MaskError("a time range", repr(text), remedy)
    try:
        start = parse_time(first) if first else Fraction(0)
        stop = parse_time(last) if last else None
    except SettingError as error:
        raise MaskError(error.expected, f"{error.actual} in {text!r}", error.remedy) from None
    if stop is not None and stop <= start:
        raise MaskError("a time range that ends after it starts", repr(text), remedy)
    return start, stop


def _check_array(mask: np.ndarray) -> None:
    remedy = "Give bool, or uint8 with 0 and 255, of shape (H, W) for all frames or (T, H, W) for one frame each."
    if mask.dtype not in (np.bool_, np.uint8) or mask.ndim not in (2, 3):
        raise MaskError("a mask array", f"{mask.dtype} of shape {mask.shape}", remedy)
    if not mask.size:
        raise MaskError("a mask array", f"an empty one of shape {mask.shape}", remedy)
    if mask.dtype == np.uint8 and mask.max() == 1:
        raise MaskError(
            "a uint8 mask array with 0 and 255 (over 127 means inpaint)",
            "one with only 0 and 1",
            "Convert it with .astype(bool).",
        )
