"""What a filler is, and everything that lives once outside the methods: checks, crop to the hole, paste-back.

A filler invents what no pixel shows. It is a frozen dataclass whose fields are its settings, one a file, found by the
name of the file (`vidinpaint.registry`). It sees only clean input: float32, contiguous, zeros under the hole, cut to
the surroundings that it asked for, at least one pixel known and one to paint. What it returns under the hole is
clipped to [0, 1] and pasted; everything else of the picture stays as it was, bit for bit. A filler that takes long
says how far it is (`vidinpaint.progress.tell`); one that cannot do large holes at once is a `CoarseToFine`.
"""

from abc import ABC, abstractmethod

import cv2
import numpy as np

from vidinpaint.errors import MaskCoverageError
from vidinpaint.progress import part, tell
from vidinpaint.settings import Settings
from vidinpaint.window import Box

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
    def inpaint(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        """image float32 (H, W, 3) RGB in [0, 1], hole bool (H, W), True = inpaint; returns (H, W, 3).

        What is returned outside the mask is ignored. Must not change its input.
        """


class VideoInpainter(Inpainter, ABC):
    """Inpaints consecutive frames together."""

    @abstractmethod
    def inpaint(self, frames: np.ndarray, holes: np.ndarray) -> np.ndarray:
        """frames float32 (T, H, W, 3) RGB in [0, 1], holes bool (T, H, W), True = inpaint; returns (T, H, W, 3).

        What is returned outside the masks is ignored. Must not change its input.
        """


def inpaint_array(filler: ImageInpainter, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A copy of image with its hole painted.

    image (H, W, 3) RGB, float32 or float64 in [0, 1], or uint8 or uint16 in their full range; hole bool (H, W), True =
    paint. Holes that lie apart are painted apart, so that the cost is that of the holes, not of the picture. Raises
    MaskCoverageError where nothing is known.
    """
    _check(image, hole, dimensions=3)
    return _filled(filler, image, hole)


def inpaint_frames(filler: VideoInpainter, frames: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """A copy of frames with their holes painted together.

    frames (T, H, W, 3) RGB as the image of `inpaint_array`, holes bool (T, H, W), True = paint. Raises
    MaskCoverageError where nothing is known in any frame.
    """
    _check(frames, holes, dimensions=4)
    return _filled(filler, frames, holes)


def _check(pixels: np.ndarray, hole: np.ndarray, dimensions: int) -> None:
    layout = "(T, H, W, 3)" if dimensions == 4 else "(H, W, 3)"
    if pixels.ndim != dimensions or pixels.shape[-1] != 3 or pixels.size == 0:
        raise ValueError(f"expected pixels {layout}, found {pixels.shape}")
    if pixels.dtype not in WHITE:
        raise ValueError(f"expected uint8, uint16, float32 or float64 pixels, found {pixels.dtype}")
    if hole.dtype != bool or hole.shape != pixels.shape[:-1]:
        raise ValueError(f"expected a bool hole {pixels.shape[:-1]}, found {hole.dtype} {hole.shape}")
    if hole.all():
        raise MaskCoverageError("at least one known pixel", "a hole that covers everything", "Make the hole smaller.")


def _filled(filler: ImageInpainter | VideoInpainter, pixels: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A copy of pixels, of one picture or several, painted box by box."""
    result = pixels.copy(order="C")
    ever = np.logical_or.reduce(hole) if hole.ndim == 3 else hole
    boxes = _boxes(filler, ever)
    sizes = [int(ever[box.slices].sum()) for box in boxes]
    done = np.cumsum([0, *sizes]) / max(1, sum(sizes))
    for box, begin, end in zip(boxes, done, done[1:]):
        with part(float(begin), float(end)):
            here = np.ascontiguousarray(hole[..., *box.slices])
            _paste(result[..., *box.slices, :], filler.inpaint(_clean(pixels[..., *box.slices, :], here), here), here)
            tell(1)
    return result


def _clean(pixels: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A new contiguous float32 copy in [0, 1] with zeros under the hole: what lies there can influence nothing."""
    clean = np.where(hole[..., None], 0, pixels).astype(np.float32, order="C")
    if WHITE[pixels.dtype] != 1:
        clean /= np.float32(WHITE[pixels.dtype])
    if not np.isfinite(clean).all():
        raise ValueError("expected finite known pixels, found NaN or infinity")
    return clean


def _paste(target: np.ndarray, painted: np.ndarray, hole: np.ndarray) -> None:
    """Write the hole of painted into target, finite, in [0, 1], in the units of target."""
    values = painted[hole]
    if not np.isfinite(values).all():
        raise FloatingPointError("a filler painted NaN or infinity")
    values, white = np.clip(values, 0, 1), WHITE[target.dtype]
    target[hole] = values if white == 1 else np.rint(values * white)


def _boxes(filler: ImageInpainter | VideoInpainter, hole: np.ndarray) -> list[Box]:
    """Boxes around the connected holes, grown by the margin, merged until no two overlap."""
    if not hole.any():
        return []
    height, width = hole.shape
    bytes_of_mask = np.ascontiguousarray(hole).view(np.uint8)
    whole = Box(*cv2.boundingRect(bytes_of_mask))  # labelling takes time: nothing of what is known should be looked through
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(bytes_of_mask[whole.slices]), connectivity=8)
    boxes: list[Box] = []
    for x, y, w, h in stats[1:count, :4].tolist():
        margin = max(1, filler.margin(h, w))
        box = Box(whole.x + x, whole.y + y, w, h).grown(margin, margin, width, height)
        while overlapping := [other for other in boxes if box.overlaps(other)]:
            boxes = [other for other in boxes if other not in overlapping]
            for other in overlapping:
                box = box.union(other)
        boxes.append(box)
    return boxes
