"""`read_mask`: the mask of one image, from any mask source for clips except videos and time ranges."""

from fractions import Fraction

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.masks.masks import open_masks
from vidinpaint.masks.specs import MaskLike, MaskSpec, mask_specs


def read_mask(
    masks: MaskLike, width: int, height: int, *, grow: int = 0, resize: bool = False
) -> tuple[np.ndarray, list[str]]:
    """bool (H, W), True = inpaint, the union of all masks, which refer to the upright image; and notes.

    Raises MaskError for a mask that cannot be read or has another size, and for a file that marks nothing, SettingError
    for a grow out of range.
    """
    specs = mask_specs(masks)
    for spec in specs:
        _check(spec)
    one_frame = np.zeros(1, np.int64)
    opened = open_masks(specs, width, height, one_frame, Fraction(1), grow=grow, resize=resize)
    notes = ["the mask marks nothing, so nothing was inpainted"] if opened.empty else opened.notes
    return opened.read(0, 1)[0], notes


def _check(spec: MaskSpec) -> None:
    if spec.start or spec.stop is not None:
        raise MaskError(
            "a mask without a time range", f"{spec.name} with one", "Leave out @START-END: an image has no time."
        )
    if isinstance(spec.source, np.ndarray) and spec.source.ndim != 2:
        raise MaskError("a mask array (H, W)", f"one of shape {spec.source.shape}", "Give one value per pixel.")
