"""`open_layer`: opens one mask with the source of its kind, for the frames that it applies to."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.core import registry
from vidinpaint.core.errors import MaskError
from vidinpaint.core.orientation import Turn
from vidinpaint.masks.sources.interface import MaskSource, ReadMasks, TargetClip
from vidinpaint.masks.specs import KINDS, MaskSpec
from vidinpaint.masks.timing import frames_between


@dataclass(frozen=True)
class Layer:
    """One mask and the frames first:stop that it applies to; an array bool (H, W) is the same in all of them."""

    first: int
    stop: int
    mask: np.ndarray | ReadMasks

    def covers(self, frame: int) -> bool:
        return self.first <= frame < self.stop

    def turned(self, turn: Turn) -> "Layer":
        """The same mask for frames that are stored in another orientation."""
        mask = self.mask
        if isinstance(mask, np.ndarray):
            return replace(self, mask=np.ascontiguousarray(turn(mask)))
        return replace(self, mask=lambda start, stop: _turned(mask(start, stop), turn))


def open_layer(spec: MaskSpec, clip: TargetClip) -> Layer:
    """The mask of a spec; `clip` is the same for all masks, and the spec's name and time are entered here.

    Raises MaskError where it cannot be read, does not match, or is one image that marks nothing: an image that someone
    made marks something, while a program may well find nothing.
    """
    first, stop = frames_between(spec.start, spec.stop, clip.pts, clip.time_base, clip.zero)
    shape = clip.size.height, clip.size.width
    if first >= stop:
        clip.note(f"{spec.name} applies to a time in which the clip has no frame")
        return Layer(0, 0, np.zeros(shape, bool))
    opened = source_of(spec).open(replace(clip, name=spec.name, first=first, stop=stop))
    if not isinstance(opened, np.ndarray):
        return Layer(first, stop, opened)
    check_masks(opened, shape, spec.name)
    if not opened.any():
        if isinstance(spec.source, Path):
            remedy = "Values over 127 mean inpaint, or opaque pixels where the opacity varies."
            raise MaskError("a mask that marks something", f"{spec.name}, which marks nothing", remedy)
        clip.note(f"{spec.name} marks nothing")
    return Layer(first, stop, opened)


def source_of(spec: MaskSpec) -> MaskSource:
    """The mask source of a spec. Raises MaskError where no kind of source accepts it."""
    if isinstance(spec.source, MaskSource):
        return spec.source
    for kind in _own_sources():
        if kind.accepts(spec.source):
            source: MaskSource = kind(spec.source)
            return source
    raise MaskError("a mask", f"{str(spec.source)!r}, which does not exist", KINDS)


def check_masks(masks: object, shape: tuple[int, ...], name: str) -> None:
    """Raise a MaskError unless masks is a bool array of this shape."""
    if isinstance(masks, np.ndarray) and masks.dtype == np.bool_ and masks.shape == shape:
        return
    actual = f"{masks.dtype} {masks.shape}" if isinstance(masks, np.ndarray) else type(masks).__name__
    raise MaskError(f"bool masks {shape} from {name}", actual, "Correct the mask source.")


def _turned(masks: object, turn: Turn) -> Any:
    """Masks (T, H, W) in another orientation; what else a source returned is refused by `check_masks`."""
    return np.ascontiguousarray(turn(masks, rows=1)) if isinstance(masks, np.ndarray) and masks.ndim == 3 else masks


@cache
def _own_sources() -> tuple[Any, ...]:
    return tuple(registry.own("mask_sources"))
