"""From half the size to full size for methods that copy pixels: source positions are scaled up, not colours.

An image that was completed by copying is defined by its sources: the pixel from which each mask pixel was copied. Twice
a source position at half the size is one at full size, so all detail of the copied regions is kept. Errors remain where
regions meet: for each patch of the enlarged image, a better match is searched near its own and those of its neighbours
(PatchMatch, `matching`), and the pixel in the middle of the match is the new source.

Cost: about 20 comparisons per mask pixel. Sources: Barnes, Shechtman, Finkelstein, Goldman 2009, PatchMatch, section 3;
Pritch, Kav-Venaki, Peleg 2009, Shift-Map Image Editing, section 3 (shifts refined from coarse to fine).
"""

import cv2
import numpy as np

from vidinpaint.core.progress import report_progress
from vidinpaint.inpainters.exemplar.matching import improve, prepare, random_matches
from vidinpaint.inpainters.exemplar.pyramid import usable_radius
from vidinpaint.inpainters.scales import Layer
from vidinpaint.numerics.kernels import kernel

RADIUS = 3  # of the patches that are matched, in pixels
ROUNDS = 2
SCANS = 2  # of matching per round
REACH = 2  # of the search around a match, in pixels: the error of a position at half the size


def refine_sources(layer: Layer, coarse: np.ndarray) -> np.ndarray:
    """Sources int32 (H, W) for the mask of a layer, from those at half its size; -1 where known."""
    source = enlarged_sources(coarse, layer.mask)
    radius = usable_radius(layer.mask, RADIUS)
    for count in range(ROUNDS if radius > 0 else 0):
        report_progress(count / ROUNDS)
        source = _improved(layer, source, radius, seed=count)
    return source


def enlarged_sources(coarse: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Sources int32 (H, W) at twice the size; a source under the mask is replaced by that of the nearest pixel."""
    width = mask.shape[1]
    y, x = np.nonzero(mask)
    coarse_source = coarse[y // 2, x // 2]
    v, u = 2 * (coarse_source // coarse.shape[1]) + y % 2, 2 * (coarse_source % coarse.shape[1]) + x % 2
    valid = (coarse_source >= 0) & _known(mask, v, u)
    if valid.any():
        invalid = np.ones(mask.shape, np.uint8)
        invalid[y[valid], x[valid]] = 0
        _, label = cv2.distanceTransformWithLabels(
            invalid, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        index = np.zeros(label.max() + 1, int)
        index[label[y[valid], x[valid]]] = np.flatnonzero(valid)
        nearest = index[label[y, x]]
        v, u = v[nearest] + y - y[nearest], u[nearest] + x - x[nearest]
    any_known = np.resize(np.flatnonzero(~mask), len(y))
    source = np.full(mask.shape, -1, np.int32)
    source[y, x] = np.where(_known(mask, v, u), v * width + u, any_known)
    return source


def _known(mask: np.ndarray, v: np.ndarray, u: np.ndarray) -> np.ndarray:
    """bool (N,): whether the pixels at v, u lie inside the image and outside the mask."""
    inside = (v >= 0) & (u >= 0) & (v < mask.shape[0]) & (u < mask.shape[1])
    known: np.ndarray = inside & ~mask[np.where(inside, v, 0), np.where(inside, u, 0)]
    return known


def _improved(layer: Layer, source: np.ndarray, radius: int, seed: int) -> np.ndarray:
    """Sources that fit together better: the centres of matching patches."""
    width = layer.shape[1]
    search = prepare(layer.mask, radius, trust=1)
    matches = random_matches(search, seed)
    v, u = np.divmod(source[search.y, search.x], width)
    valid = (v >= 0) & search.clean[v, u]
    matches[valid] = np.stack([v, u], axis=1)[valid]
    guess = mixed(layer.image, source, radius)
    grey = guess.mean(2, keepdims=True)
    matches, _ = improve(search, np.concatenate([guess, grey], axis=2), matches, SCANS, REACH, seed)
    better = source.copy()
    better[search.y, search.x] = matches[:, 0] * width + matches[:, 1]
    return np.where(layer.mask, better, -1)


def copied(image: np.ndarray, source: np.ndarray) -> np.ndarray:
    """A copy of image (H, W, C) in which each pixel with a source, int32 (H, W), has the colour of the source."""
    return np.where((source < 0)[..., None], image, image.reshape(-1, image.shape[2])[np.maximum(source, 0)])


def mixed(image: np.ndarray, source: np.ndarray, radius: int) -> np.ndarray:
    """As `copied`, without seams: a pixel is the mean of the colours that the shifts of its neighbours give it.

    The weights are a Gaussian with a sigma of radius / 2 pixels. Inside a region copied as a whole, all shifts agree.
    """
    offsets = np.arange(-radius, radius + 1)
    gaussian = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * (radius / 2) ** 2)).astype(np.float32)
    result = image.copy()
    _mix(image, source, result, gaussian, radius)
    return result


@kernel
def _mix(image, source, result, gaussian, radius):  # type: ignore[no-untyped-def]
    height, width = source.shape
    for y in range(height):
        for x in range(width):
            if source[y, x] < 0:
                continue
            red, green, blue, total = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
            for j in range(max(0, y - radius), min(height, y + radius + 1)):
                for i in range(max(0, x - radius), min(width, x + radius + 1)):
                    v, u = source[j, i] // width + y - j, source[j, i] % width + x - i
                    # its own source is valid; shifts of neighbours may lead outside the image or into the mask
                    if source[j, i] >= 0 and 0 <= v < height and 0 <= u < width and source[v, u] < 0:
                        weight = gaussian[j - y + radius, i - x + radius]
                        red += weight * image[v, u, 0]
                        green += weight * image[v, u, 1]
                        blue += weight * image[v, u, 2]
                        total += weight
            result[y, x, 0], result[y, x, 1], result[y, x, 2] = red / total, green / total, blue / total
