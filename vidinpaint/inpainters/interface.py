"""`ImageInpainter` and `VideoInpainter`, and what all of them share: checks, crops around the mask, compositing.

An inpainter synthesises the pixels under a mask. It is a frozen dataclass whose fields are its settings, one per file,
found by the name of the file (`vidinpaint.core.registry`). Its input is always clean: float32, contiguous, zeros under
the mask, cropped to the margin that it asks for, with at least one known pixel and one to inpaint. What it returns
under the mask is clipped to [0, 1] and copied into the result; all other pixels stay exactly as they were. An inpainter
that takes long calls `report_progress`; one that needs to see large masks at a smaller size first is a `CoarseToFine`.
"""

from abc import ABC, abstractmethod

import cv2
import numpy as np

from vidinpaint.core.errors import MaskCoverageError
from vidinpaint.core.progress import progress_range, report_progress
from vidinpaint.core.settings import Settings
from vidinpaint.core.window import Box

WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535, np.dtype(np.float32): 1, np.dtype(np.float64): 1}
"""The value of white by the type of the pixels."""


class Inpainter(Settings):
    """The base of image and video inpainters."""

    @property
    def _name(self) -> str:
        """The name of the method: that of its file."""
        return type(self).__module__.rpartition(".")[2]

    def unavailable_reason(self) -> str:
        """Why the method cannot run here, such as missing weights, in one line; empty if it can run."""
        return ""

    def margin(self, height: int, width: int) -> int:
        """Number of known pixels needed on each side of a masked region of height x width pixels; at least 1."""
        return 8


class ImageInpainter(Inpainter, ABC):
    """Inpaints one image."""

    @abstractmethod
    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """image float32 (H, W, 3) RGB in [0, 1], mask bool (H, W), True = inpaint; returns (H, W, 3).

        What it returns outside the mask is ignored. It must not change its input.
        """


class VideoInpainter(Inpainter, ABC):
    """Inpaints consecutive frames together."""

    @abstractmethod
    def inpaint(self, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        """frames float32 (T, H, W, 3) RGB in [0, 1], masks bool (T, H, W), True = inpaint; returns (T, H, W, 3).

        What it returns outside the masks is ignored. It must not change its input.
        """


def inpaint_array(inpainter: ImageInpainter, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A copy of image with its mask inpainted.

    image (H, W, 3) RGB, float32 or float64 in [0, 1], or uint8 or uint16 in their full range; mask bool (H, W), True =
    inpaint. Regions of the mask that lie apart are inpainted separately, so that the cost depends on the mask and not
    on the size of the image. Raises MaskCoverageError if the mask covers the whole image, ValueError for other input.
    """
    _check(image, mask, dimensions=3)
    return _inpainted(inpainter, image, mask)


def inpaint_frames(inpainter: VideoInpainter, frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """A copy of frames with their masks inpainted together.

    frames (T, H, W, 3) RGB as the image of `inpaint_array`, masks bool (T, H, W), True = inpaint. Raises
    MaskCoverageError if the masks cover all frames completely, ValueError for other input.
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
    """A copy of the pixels, of one image or several frames, inpainted crop by crop."""
    result = pixels.copy(order="C")
    any_frame = np.logical_or.reduce(mask) if mask.ndim == 3 else mask
    boxes = _boxes(inpainter, any_frame)
    sizes = [int(any_frame[box.slices].sum()) for box in boxes]
    done = np.cumsum([0, *sizes]) / max(1, sum(sizes))
    for box, begin, end in zip(boxes, done, done[1:]):
        with progress_range(float(begin), float(end)):
            crop = np.ascontiguousarray(mask[..., *box.slices])
            inpainted = inpainter.inpaint(_clean(pixels[..., *box.slices, :], crop), crop)
            _composite(result[..., *box.slices, :], inpainted, crop)
            report_progress(1)
    return result


def _clean(pixels: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A new contiguous float32 copy in [0, 1] with zeros under the mask, so that no masked pixel has any influence."""
    clean = np.where(mask[..., None], 0, pixels).astype(np.float32, order="C")
    if WHITE[pixels.dtype] != 1:
        clean /= np.float32(WHITE[pixels.dtype])
    if not np.isfinite(clean).all():
        raise ValueError("expected finite known pixels, found NaN or infinity")
    return clean


def _composite(target: np.ndarray, inpainted: np.ndarray, mask: np.ndarray) -> None:
    """Write the masked pixels of inpainted into target, clipped to [0, 1], in the range of the type of target."""
    values = inpainted[mask]
    if not np.isfinite(values).all():
        raise FloatingPointError("expected finite pixels from the inpainter, found NaN or infinity")
    values, white = np.clip(values, 0, 1), WHITE[target.dtype]
    target[mask] = values if white == 1 else np.rint(values * white)


def _boxes(inpainter: ImageInpainter | VideoInpainter, mask: np.ndarray) -> list[Box]:
    """Boxes around the connected regions of the mask, widened by the margin, merged until no two overlap."""
    if not mask.any():
        return []
    height, width = mask.shape
    mask_bytes = np.ascontiguousarray(mask).view(np.uint8)
    whole = Box(*cv2.boundingRect(mask_bytes))  # labelling takes time, so it is limited to where the mask is
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(mask_bytes[whole.slices]), connectivity=8
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
