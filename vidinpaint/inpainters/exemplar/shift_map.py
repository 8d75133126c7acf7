"""Shift maps: the mask as a mosaic of a few shifted copies of the picture, cut so that the seams are least seen.

Regular pictures repeat themselves at few distances. He and Sun match all patches of the known part with patches some
way off, take the 60 shifts that occur most, and give every mask pixel one of them: the labelling for which neighbours
of different shifts differ least, by graph cuts. OpenCV does both (xphoto's INPAINT_SHIFTMAP), in Lab colours.

OpenCV returns a picture, changes known pixels, leaves others black where it finds nothing, and has faults above 800 x
600 pixels. So what it is asked for here is not the picture but the map: a fourth channel, too faint to influence
anything, propagates each pixel's own number, and comes out as that of its source. With the map, the rest is done here:
sources in the mask are refused; pixels without one take the shift of a neighbour that has one; large pictures are
searched at half the size and the shifts doubled, so that what is copied is as sharp as the picture; what no shift
serves is left to `harmonic`, with a note in the log.

Sources: He, Sun 2012, Statistics of Patch Offsets for Image Completion; Pritch, Kav-Venaki, Peleg 2009, Shift-Map Image
Editing. Cost: that of the surroundings, not of the mask: about half a second for 50000 pixels. For pictures that repeat
themselves; nothing is blended, so where the light changes there are seams.
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

FAINT = np.float32(2.0**-40)  # of a number: sources stay exact, and below all colours (Lab: up to 100)
SMALLEST = 16  # pixels a side: OpenCV's shifts are longer
RADIUS = 4  # of OpenCV's patches; it takes the mask for black, so it needs clean ones
SIDES = ((-1, 0), (0, -1), (0, 1), (1, 0))
NONE = -1  # no source


@dataclass(frozen=True)
class ShiftMap(ImageInpainter):
    """Shift map (OpenCV): a mosaic of shifted copies, for repetitive pictures."""

    largest: int = setting(
        60_000, "Largest picture that is searched at its full size.", low=1000, high=480_000, unit="pixels"
    )

    def margin(self, height: int, width: int) -> int:
        return 64 + 2 * max(height, width)

    def inpaint(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `ImageInpainter`."""
        source = self._sources(Layer(image, mask))
        result, found = image.copy(), source >= 0
        result[found] = image.reshape(-1, 3)[source[found]]
        left = mask & ~found
        if left.any():
            log.info("shift_map: no shift for %d of %d pixels, inpainted by harmonic", left.sum(), mask.sum())
            result = Harmonic().inpaint(np.where(left[..., None], np.float32(0), result), left)
        return result

    def _sources(self, layer: Layer) -> np.ndarray:
        """int64 (H, W): the number of the known pixel that a mask pixel is a copy of; NONE where there is none."""
        coarse = downscaled(layer)
        if layer.mask.size <= self.largest or not coarse.mask.any() or coarse.mask.all():
            source = _search(layer, self.largest)
        else:
            source = _doubled(self._sources(coarse), layer.mask)
        report_progress(0.9)
        return _spread(source, layer.mask)


def _search(layer: Layer, largest: int) -> np.ndarray:
    """The sources that OpenCV finds."""
    mask = layer.mask
    none = np.full(mask.shape, NONE, np.int64)
    if min(mask.shape) < SMALLEST or mask.size > largest or not clean_centres(mask, RADIUS).any():
        return none
    lab = cv2.cvtColor(np.clip(layer.image, 0, 1), cv2.COLOR_RGB2Lab)
    number = np.arange(mask.size, dtype=np.float32).reshape(mask.shape) * FAINT
    numbered = np.dstack([lab, number])
    inpainted = np.zeros_like(numbered)
    try:
        cv2.xphoto.inpaint(numbered, np.where(mask, np.uint8(0), np.uint8(255)), inpainted, cv2.xphoto.INPAINT_SHIFTMAP)
    except cv2.error as error:
        log.warning("shift_map: OpenCV gave up: %s", error)
        return none
    source = np.clip(np.rint(inpainted[..., 3] / FAINT), 0, mask.size - 1).astype(np.int64)
    # a pixel that OpenCV left black has the number 0, of a pixel that may be known but has another colour
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
    """Mask pixels without a source take the shift of a neighbour, the nearest first, if it leads to a known pixel."""
    source = source.copy()
    height, width = mask.shape
    y, x = np.nonzero(mask & (source < 0))
    while len(y):
        found = np.full(len(y), NONE, np.int64)
        for dy, dx in SIDES:
            v, u = np.clip(y + dy, 0, height - 1), np.clip(x + dx, 0, width - 1)
            near = source[v, u]
            from_y, from_x = np.divmod(near, width)
            candidate = _checked(from_y + y - v, from_x + x - u, near >= 0, mask)
            found = np.where(found < 0, candidate, found)
        if (found < 0).all():
            break
        source[y, x] = found
        y, x = y[found < 0], x[found < 0]
    return source


def _checked(y: np.ndarray, x: np.ndarray, wanted: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The numbers of the pixels at y, x (N,), where wanted and known; else NONE."""
    height, width = mask.shape
    inside = wanted & (y >= 0) & (y < height) & (x >= 0) & (x < width)
    number = np.where(inside, y * width + x, 0)
    return np.where(inside & ~mask.reshape(-1)[number], number, NONE)
