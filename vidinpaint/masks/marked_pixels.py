"""`marked_pixels`: which pixels of a picture mark something; the same for images and for the frames of mask videos.

Where the opacity varies, it is the mask: opaque means inpaint, whatever the colour. Elsewhere the colours are: a pixel
is inpainted where its largest channel is over 127 of 255, so that the coloured label images of DAVIS (palette 128,0,0)
work as well as black and white. Pictures that could be read in two ways, or are no masks, are refused:

    opacity and colours both vary   a photo with an object erased, or an object that was cut out?
    everything over 127             black or coloured strokes on white
    many levels, away from edges    a photo, a depth map, a soft matte; but not smooth edges of black and white
    areas between 32 and 127        half-transparent strokes, labels; but not where they are the background
"""

import cv2
import numpy as np

from vidinpaint.core.errors import MaskError

THRESHOLD = 127
BLACK, WHITE = 32, 223  # levels up to and from which a pixel counts as black or white (compression changes them)
MIN_SHARE = 0.005  # of the frame: fewer pixels between black and white are no reason to refuse
EVERYWHERE = 0.25  # of the frame: with more pixels between black and white, there is no place away from edges
MAX_LEVELS = 24  # between black and white, of a picture of a few flat colours
EDGE_WIDTH = 1 / 135  # of the height: reach of a smooth edge on both sides; at least MIN_EDGE_WIDTH pixels
MIN_EDGE_WIDTH = 4
MAX_SLOPE = BLACK // 2  # levels by which neighbouring pixels of an even area may differ
OTHER_COLOUR, MAX_OTHERS = 32, 0.02  # levels by which an opaque pixel differs, and the share of those that may
_EDGE = np.ones((3, 3), np.uint8)


def marked_pixels(samples: np.ndarray, name: str) -> np.ndarray:
    """bool (H, W), True = inpaint.

    samples  uint8 (H, W) grey, (H, W, 3) colours in any order, or (H, W, 4) colours and opacity
    name     the picture as messages call it

    Raises MaskError for a picture that does not say which pixels are meant.
    """
    colours = samples[..., :3] if samples.ndim == 3 else samples[..., None]
    opacity = samples[..., 3] if samples.ndim == 3 and samples.shape[2] == 4 else None
    if opacity is not None and np.ptp(opacity) >= BLACK:
        _check_one_colour(colours, opacity, name)
        values, what = opacity, "an opacity"
    elif opacity is not None and opacity.max() < BLACK:
        return np.zeros(samples.shape[:2], bool)
    else:
        values, what = colours.max(2), "values"
        _check_contrast(colours, values, name)
    between = _between(values)
    _check_levels(values, between, name)
    _check_faint_areas(values, between, what, name)
    return np.asarray(values > THRESHOLD)


def _check_one_colour(colours: np.ndarray, opacity: np.ndarray, name: str) -> None:
    opaque = (opacity >= opacity.max() - np.uint8(8)).view(np.uint8)
    inner = cv2.erode(opaque, _EDGE, iterations=2)  # compression mixes the colours along edges
    seen = colours[(inner if 4 * inner.sum() >= opaque.sum() else opaque).view(bool)]
    seen = seen[:: 1 + len(seen) // 100_000].astype(np.int16)
    different = np.abs(seen - np.median(seen, axis=0)).max(1)
    # a layer with strokes is mostly transparent; the rest of an even photo, from which something was erased, is not
    tolerance = OTHER_COLOUR if opaque.mean() < 0.5 else OTHER_COLOUR // 4
    if (different > tolerance).mean() > MAX_OTHERS:
        raise MaskError(
            "a mask that is marked either by its opacity or by its colours",
            f"{name}, whose opaque pixels have different colours and whose opacity varies, too",
            "Save black and white without transparency, white where to inpaint.",
        )


def _check_contrast(colours: np.ndarray, values: np.ndarray, name: str) -> None:
    if values.min() > THRESHOLD and np.ptp(colours, axis=(0, 1)).max() >= BLACK:
        raise MaskError(
            "a mask with pixels that are not marked",
            f"{name}, whose colours are all over {THRESHOLD} and would all be inpainted",
            "Save black and white, white where to inpaint and black elsewhere.",
        )


def _between(values: np.ndarray) -> np.ndarray:
    """bool (H, W): the pixels between black and white, without those of smooth edges; none where they are few."""
    between = (values > BLACK) & (values < WHITE)
    if between.mean() < MIN_SHARE:
        return np.zeros_like(between)
    if between.mean() < EVERYWHERE:
        marked = (values > THRESHOLD).view(np.uint8)
        edge = cv2.morphologyEx(marked, cv2.MORPH_GRADIENT, _EDGE)
        reach = max(MIN_EDGE_WIDTH, round(EDGE_WIDTH * len(values)))
        between &= cv2.dilate(edge, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) == 0
    return between


def _check_levels(values: np.ndarray, between: np.ndarray, name: str) -> None:
    share = between.mean()
    levels = _level_count(values[between]) if share >= MIN_SHARE else 0
    if levels > MAX_LEVELS:
        raise MaskError(
            "a mask of black and white",
            f"{name}, where {share:.0%} of the pixels have {levels} levels between, as in a photo, a depth map or a "
            "soft matte",
            "Choose a threshold: save white where to inpaint and black elsewhere.",
        )


def _check_faint_areas(values: np.ndarray, between: np.ndarray, what: str, name: str) -> None:
    if between.mean() < MIN_SHARE or (values <= BLACK).mean() < MIN_SHARE:
        return
    even = cv2.morphologyEx(values, cv2.MORPH_GRADIENT, _EDGE) <= MAX_SLOPE
    faint = between & even & (values <= THRESHOLD)
    if faint.mean() >= MIN_SHARE:
        raise MaskError(
            "a mask of black and white",
            f"{name}, where {faint.mean():.1%} of the pixels have {what} of about {np.median(values[faint]):.0f} of "
            "255, more than nothing but too little to be inpainted",
            "Save white, or fully opaque, where to inpaint and black elsewhere.",
        )


def _level_count(values: np.ndarray) -> int:
    """The number of levels that 95 % of the values have."""
    counts = np.sort(np.bincount(values, minlength=256))[::-1].cumsum()
    return 1 + int(np.searchsorted(counts, 0.95 * counts[-1]))
