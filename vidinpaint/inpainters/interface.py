"""What an inpainter is, and everything that lives once outside the methods: checks, crop to the mask, paste-back.

An inpainter synthesises what no pixel shows. It is a frozen dataclass whose fields are its settings, one a file, found
by the name of the file (`vidinpaint.core.registry`). It sees only clean input: float32, contiguous, zeros under the
mask, cut to the surroundings that it asked for, at least one pixel known and one to inpaint. What it returns under the
mask is clipped to [0, 1] and pasted; everything else of the picture stays as it was, bit for bit. An inpainter that
takes long says how far it is (`vidinpaint.core.progress.report_progress`); one that cannot do large masks at once is a
`CoarseToFine`.
"""

from abc import ABC, abstractmethod

import cv2
import numpy as np

from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.progress import progress_range, report_progress
from vidinpaint.core.settings import Settings
from vidinpaint.core.window import Box

WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535, np.dtype(np.float32): 1, np.dtype(np.float64): 1}


class Inpainter(Settings):
    """What image and video inpainters share."""

    def unavailable_reason(self) -> str:
        """Why the method cannot run here, such as weights that are missing, in one line; empty where it can run."""
        return ""

    def margin(self, height: int, width: int) -> int:
        """How many known pixels are needed on each side of a masked box of height x width pixels; at least 1."""
        return 8


class ImageInpainter(Inpainter, ABC):
    """Inpaints one image."""

    @abstractmethod
    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """image float32 (H, W, 3) RGB in [0, 1], mask bool (H, W), True = inpaint; returns (H, W, 3).

        What is returned outside the mask is ignored. Must not change its input.
        """


class VideoInpainter(Inpainter, ABC):
    """Inpaints consecutive frames together."""

    @abstractmethod
    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """frames float32 (T, H, W, 3) RGB in [0, 1], masks bool (T, H, W), True = inpaint; returns (T, H, W, 3).

        What is returned outside the masks is ignored. Must not change its input.
        """


def inpaint_array(inpainter: ImageInpainter, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A copy of image with its mask inpainted.

    image (H, W, 3) RGB, float32 or float64 in [0, 1], or uint8 or uint16 in their full range; mask bool (H, W), True =
    inpaint. Masks that lie apart are inpainted apart, so that the cost is that of the masks, not of the picture. Raises
    MaskCoverageError where nothing is known.
    """
    _check(image, mask, dimensions=3)
    return _inpainted(inpainter, image, mask)


def inpaint_frames(inpainter: VideoInpainter, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """A copy of frames with their masks inpainted together.

    frames (T, H, W, 3) RGB as the image of `inpaint_array`, masks bool (T, H, W), True = inpaint. Raises
    MaskCoverageError where nothing is known in any frame.
    """
    _check(frames, masks, dimensions=4)
    return _inpainted(inpainter, frames, masks)


def _check(pixels: np.ndarray, mask: np.ndarray, dimensions: int) -> None:
    layout = "(T, H, W, 3)" if dimensions == 4 else "(H, W, 3)"
    if pixels.ndim != dimensions or pixels.shape[-1] != 3 or pixels.size == 0:
        raise ValueError(f"expected pixels {layout}, found {pixels.shape}")
    if pixels.dtype not in WHITE:
        raise ValueError(f"expected uint8, uint16, float32 or float64 pixels, found {pixels.dtype}")
    if mask.dtype != bool or mask.shape != pixels.shape[:-1]:
        raise ValueError(f"expected a bool mask {pixels.shape[:-1]}, found {mask.dtype} {mask.shape}")
    if mask.all():
        raise MaskCoverageError("at least one known pixel", "a mask that covers everything", "Make the mask smaller.")


def _inpainted(inpainter: ImageInpainter | VideoInpainter, pixels: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A copy of pixels, of one picture or several, inpainted box by box."""
    result = pixels.copy(order="C")
    ever = np.logical_or.reduce(mask) if mask.ndim == 3 else mask
    boxes = _boxes(inpainter, ever)
    sizes = [int(ever[box.slices].sum()) for box in boxes]
    done = np.cumsum([0, *sizes]) / max(1, sum(sizes))
    for box, begin, end in zip(boxes, done, done[1:]):
        with progress_range(float(begin), float(end)):
            here = np.ascontiguousarray(mask[..., *box.slices])
            _paste(
                result[..., *box.slices, :], inpainter.inpaint(_clean(pixels[..., *box.slices, :], here), here), here
            )
            report_progress(1)
    return result


def _clean(pixels: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A new contiguous float32 copy in [0, 1] with zeros under the mask: what lies there can influence nothing."""
    clean = np.where(mask[..., None], 0, pixels).astype(np.float32, order="C")
    if WHITE[pixels.dtype] != 1:
        clean /= np.float32(WHITE[pixels.dtype])
    if not np.isfinite(clean).all():
        raise ValueError("expected finite known pixels, found NaN or infinity")
    return clean


def _paste(target: np.ndarray, inpainted: np.ndarray, mask: np.ndarray) -> None:
    """Write the mask of inpainted into target, finite, in [0, 1], in the units of target."""
    values = inpainted[mask]
    if not np.isfinite(values).all():
        raise FloatingPointError("a inpainter inpainted NaN or infinity")
    values, white = np.clip(values, 0, 1), WHITE[target.dtype]
    target[mask] = values if white == 1 else np.rint(values * white)


def _boxes(inpainter: ImageInpainter | VideoInpainter, mask: np.ndarray) -> list[Box]:
    """Boxes around the connected masks, grown by the margin, merged until no two overlap."""
    if not mask.any():
        return []
    height, width = mask.shape
    bytes_of_mask = np.ascontiguousarray(mask).view(np.uint8)
    whole = Box(
        *cv2.boundingRect(bytes_of_mask)
    )  # labelling takes time: nothing of what is known should be looked through
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(bytes_of_mask[whole.slices]), connectivity=8
    )
    boxes: list[Box] = []
    for x, y, w, h in stats[1:count, :4].tolist():
        margin = max(1, inpainter.margin(h, w))
        box = Box(whole.x + x, whole.y + y, w, h).expanded(margin, margin, width, height)
        while overlapping := [other for other in boxes if box.overlaps(other)]:
            boxes = [other for other in boxes if other not in overlapping]
            for other in overlapping:
                box = box.union(other)
        boxes.append(box)
    return boxes
