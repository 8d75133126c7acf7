"""Shift map: a mosaic of a few shifted copies of the image, with the least visible seams (OpenCV's implementation).

Regular images repeat at a few distances. He and Sun match all known patches with patches some distance away, take the
60 most frequent shifts, and assign one of them to each mask pixel: the labelling in which neighbours with different
shifts differ least, by graph cuts. OpenCV does both (INPAINT_SHIFTMAP of xphoto), in Lab colours.

OpenCV returns an image, in which known pixels have changed and pixels without a result are black, and it fails above
800 x 600 pixels. Therefore only the map is taken from it: a fourth channel, too faint to influence anything, holds the
index of each pixel, and in the result that of its source. The rest is done here: sources under the mask are rejected;
pixels without a source take the shift of a neighbour that has one; large images are searched at half the size and the
shifts doubled, so that the copied pixels are as sharp as the image; pixels without any shift are inpainted by
`harmonic`, with a note in the log.

When to use: repetitive images; nothing is blended, so seams are visible where the light changes. Cost: proportional to
the image and not to the mask, about half a second for 50 000 pixels. Sources: He, Sun 2012, Statistics of Patch Offsets
for Image Completion; Pritch, Kav-Venaki, Peleg 2009, Shift-Map Image Editing.
"""

import logging
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.exemplar.pyramid import clean_centres
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.scales import Layer, downscaled

log = logging.getLogger(__name__)

INDEX_SCALE = np.float32(2.0**-40)  # keeps indices exact, and far below all colours (Lab: up to 100)
MIN_SIDE = 16  # pixels: the shifts of OpenCV are longer
RADIUS = 4  # of OpenCV's patches; it treats masked pixels as black, so it needs clean patches
SIDES = ((-1, 0), (0, -1), (0, 1), (1, 0))
NONE = -1  # no source


@dataclass(frozen=True)
class ShiftMap(ImageInpainter):
    """Shift map (OpenCV): a mosaic of shifted copies, for repetitive images."""

    largest: int = setting(
        60_000, "Largest image that is searched at its full size.", low=1000, high=480_000, unit="pixels"
    )

    def margin(self, height: int, width: int) -> int:
        return 64 + 2 * max(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        source = self._sources(Layer(image, mask))
        result, found = image.copy(), source >= 0
        result[found] = image.reshape(-1, 3)[source[found]]
        remaining = mask & ~found
        if remaining.any():
            log.info("shift_map: no shift for %d of %d pixels, inpainted by harmonic", remaining.sum(), mask.sum())
            result = Harmonic().inpaint(np.where(remaining[..., None], np.float32(0), result), remaining)
        return result

    def _sources(self, layer: Layer) -> np.ndarray:
        """int64 (H, W): the index of the known pixel that a mask pixel is copied from; NONE where there is none."""
        coarse = downscaled(layer)
        if layer.mask.size <= self.largest or not coarse.mask.any() or coarse.mask.all():
            source = _search(layer, self.largest)
        else:
            source = _doubled(self._sources(coarse), layer.mask)
        report_progress(0.9)
        return _spread(source, layer.mask)


def _search(layer: Layer, largest: int) -> np.ndarray:
    """The sources that OpenCV finds, int64 (H, W), NONE elsewhere."""
    mask = layer.mask
    none = np.full(mask.shape, NONE, np.int64)
    if min(mask.shape) < MIN_SIDE or mask.size > largest or not clean_centres(mask, RADIUS).any():
        return none
    lab = cv2.cvtColor(np.clip(layer.image, 0, 1), cv2.COLOR_RGB2Lab)
    index = np.arange(mask.size, dtype=np.float32).reshape(mask.shape) * INDEX_SCALE
    with_index = np.dstack([lab, index])
    inpainted = np.zeros_like(with_index)
    try:
        known = np.where(mask, np.uint8(0), np.uint8(255))
        cv2.xphoto.inpaint(with_index, known, inpainted, cv2.xphoto.INPAINT_SHIFTMAP)
    except cv2.error as error:
        log.warning("shift_map: OpenCV failed: %s", error)
        return none
    source = np.clip(np.rint(inpainted[..., 3] / INDEX_SCALE), 0, mask.size - 1).astype(np.int64)
    # a pixel that OpenCV left black has index 0, of a pixel that may be known but has another colour
    same = (inpainted[..., :3] == lab.reshape(-1, 3)[source]).all(axis=2)
    return np.where(mask & same & ~mask.reshape(-1)[source], source, none)


def _doubled(coarse: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The sources at twice the size: the same shifts, twice as long."""
    y, x = np.nonzero(mask)
    from_y, from_x = np.divmod(coarse[y // 2, x // 2], coarse.shape[1])
    source = np.full(mask.shape, NONE, np.int64)
    source[y, x] = _checked(2 * from_y + y % 2, 2 * from_x + x % 2, coarse[y // 2, x // 2] >= 0, mask)
    return source


def _spread(source: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Give mask pixels without a source the shift of a neighbour if it leads to a known pixel, the nearest first."""
    source = source.copy()
    height, width = mask.shape
    y, x = np.nonzero(mask & (source < 0))
    while len(y):
        found = np.full(len(y), NONE, np.int64)
        for dy, dx in SIDES:
            v, u = np.clip(y + dy, 0, height - 1), np.clip(x + dx, 0, width - 1)
            neighbour = source[v, u]
            from_y, from_x = np.divmod(neighbour, width)
            candidate = _checked(from_y + y - v, from_x + x - u, neighbour >= 0, mask)
            found = np.where(found < 0, candidate, found)
        if (found < 0).all():
            break
        source[y, x] = found
        y, x = y[found < 0], x[found < 0]
    return source


def _checked(y: np.ndarray, x: np.ndarray, valid: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The indices of the pixels at y, x (N,) where valid and known; NONE elsewhere."""
    height, width = mask.shape
    inside = valid & (y >= 0) & (y < height) & (x >= 0) & (x < width)
    index = np.where(inside, y * width + x, 0)
    return np.where(inside & ~mask.reshape(-1)[index], index, NONE)
