"""`read_mask`: the mask of one picture, from everything that serves as a mask for a clip but videos and times."""

from fractions import Fraction

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.masks.masks import open_masks
from vidinpaint.masks.specs import MaskLike, MaskSpec, mask_specs


def read_mask(
    masks: MaskLike, width: int, height: int, *, grow: int = 0, resize: bool = False
) -> tuple[np.ndarray, list[str]]:
    """bool (H, W), True = inpaint, the union of all masks; and notes. A mask shows the picture upright.

    Raises MaskError for a mask that cannot be read or does not match, SettingError for an absurd grow.
    """
    specs = mask_specs(masks)
    for spec in specs:
        _check(spec)
    one_frame = np.zeros(1, np.int64)
    opened = open_masks(specs, width, height, one_frame, Fraction(1), grow=grow, resize=resize)
    notes = ["the mask marks nothing: nothing was inpainted"] if opened.empty else opened.notes
    return opened.read(0, 1)[0], notes


def _check(spec: MaskSpec) -> None:
    if spec.start or spec.stop is not None:
        raise MaskError("a mask without a time", f"{spec.name} with one", "Leave out @START-END: a photo has no time.")
    if isinstance(spec.source, np.ndarray) and spec.source.ndim != 2:
        raise MaskError("a mask array (H, W)", f"one of shape {spec.source.shape}", "Give one value a pixel.")
