"""A mask that is an array in memory."""

from dataclasses import dataclass

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.masks.sources.interface import MaskSource, ReadMasks, TargetClip, as_mask


@dataclass(frozen=True, eq=False)
class Array(MaskSource):
    """An array (from Python): (H, W) for all frames, or (T, H, W) with one mask per frame; bool or uint8."""

    masks: np.ndarray

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, np.ndarray)

    def open(self, clip: TargetClip) -> np.ndarray | ReadMasks:
        """See `MaskSource`."""
        if self.masks.ndim == 2:
            return clip.size.fit(as_mask(self.masks), clip.name)
        masks = self.masks[clip.processed] if len(self.masks) == clip.total else self.masks
        if len(masks) != len(clip.pts):
            raise MaskError(
                f"a mask array with one mask for each of the {clip.total} frames",
                f"{len(masks)} masks",
                "Give (H, W) if one mask is for all frames.",
            )
        clip.size.fit(as_mask(masks[0]), clip.name)

        def read(start: int, stop: int) -> np.ndarray:
            return np.stack([clip.size.fit(as_mask(mask), clip.name) for mask in masks[start:stop]])

        return read
