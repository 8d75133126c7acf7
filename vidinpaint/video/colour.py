"""From a clip's own planes to float RGB and back, for crops, without touching anything but the masks.

Matrices are those of ITU-R BT.601, BT.709 and BT.2020 (non-constant luminance); codes those of BT.709 section 5 and,
for full range, of JFIF. Chroma sits left and, in 4:2:0, between two rows (H.264's default), in full-range 4:2:0
between two columns too (JFIF). FFmpeg's own location tag cannot be read through PyAV.
"""

from functools import lru_cache

import cv2
import numpy as np

from vidinpaint.core.clip import Clip, Colour, Matrix, PixelFormat
from vidinpaint.core.window import Box
from vidinpaint.video.chroma import downsample, upsample

_LUMA: dict[Matrix, tuple[float, float]] = {  # weights of red and blue
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
}
SAMPLES = 5  # a side of a large frame's pixels that are looked at for one of a small copy of it, at the least
_REACH = 2  # chroma samples around a crop that its pixels depend on, two passes of a factor two included


def rgb_from_planes(clip: Clip, box: Box) -> np.ndarray:
    """Pixels of a crop as float32 (T, h, w, 3) RGB in [0, 1]; values that no display shows are cut off."""
    result = np.empty((len(clip), box.height, box.width, 3), np.float32)
    for t in range(len(clip)):
        codes = _codes(tuple(plane[t] for plane in clip.planes), clip.format, clip.colour, box)
        np.clip(_to_rgb(codes, clip.format, clip.colour), 0, 1, out=result[t])
    return result


def downscaled_rgb(clip: Clip, t: int, mask: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Frame t made small, without what is under its mask.

    mask bool (H, W), size (w, h); returns the means of what is known, float32 (h, w, 3) RGB in [0, 1], and its share
    float32 (h, w) of each pixel. Planes are shrunk as they are, which is much quicker than turning all pixels to RGB;
    of large ones SAMPLES x SAMPLES pixels or more go into one.
    """
    codes, shares = [], []
    shape: tuple[int, ...] = ()
    for plane in clip.planes[: clip.format.colour_planes]:
        if plane.shape[1:] != shape:
            shape = plane.shape[1:]
            step = max(1, min(shape[0] // size[1], shape[1] // size[0]) // SAMPLES)
            known = _known_in(shape, mask)[::step, ::step]
            shares.append(cv2.resize(known, size, interpolation=cv2.INTER_AREA))
        total = cv2.resize(plane[t, ::step, ::step] * known, size, interpolation=cv2.INTER_AREA)
        codes.append(total / np.maximum(shares[-1], np.float32(1e-6)))
    if clip.format.kind == "grey":
        codes = codes * 3
    rgb = np.clip(_to_rgb(cv2.merge(codes), clip.format, clip.colour), 0, 1)
    return rgb.astype(np.float32), np.minimum.reduce(shares)


def _known_in(shape: tuple[int, ...], mask: np.ndarray) -> np.ndarray:
    """float32, 1 where all pixels that a sample of a plane of this shape stands for are known, else 0."""
    known: np.ndarray = (~mask).astype(np.float32)
    if known.shape == shape:
        return known
    return (cv2.resize(known, shape[::-1], interpolation=cv2.INTER_AREA) > 0.99).astype(np.float32)


def composite_into_planes(
    planes: tuple[np.ndarray, ...],
    format: PixelFormat,
    colour: Colour,
    box: Box,
    pixels: np.ndarray,
    masks: np.ndarray,
    weight: np.ndarray | None = None,
) -> None:
    """Write a crop's pixels into the planes, in place: luma under the masks, chroma whose block touches a mask.

    planes   writable arrays (T, H, W) or the chroma's size, of whole frames; a plane of opacity stays as it is
    pixels   float32 (T, h, w, 3) RGB of the crop `box`; those outside the masks serve as neighbours of chroma only
    masks    bool (T, h, w)
    weight   float32 (T, h, w) in [0, 1], how much of the new value counts; None for all of it
    """
    for t in range(len(masks)):
        x, y, width, height = cv2.boundingRect(masks[t].view(np.uint8))
        if not width:
            continue
        part = (slice(y, y + height), slice(x, x + width))
        share = None if weight is None else weight[t][part]
        target = Box(box.x + x, box.y + y, width, height)
        frame = tuple(plane[t] for plane in planes)
        _inpaint_frame(frame, format, colour, (box, pixels[t]), (target, masks[t][part]), share)


def with_chroma_bleed(masks: np.ndarray, format: PixelFormat, box: Box, colour: Colour | None = None) -> np.ndarray:
    """bool like `masks` (T, h, w) of a crop `box`: pixels whose RGB is mixed with chroma from under a mask.

    True in the masks too. Only masks inside the crop are known; give one with a margin.
    """
    result = masks.copy()
    if format.kind != "yuv":
        return result
    for axis, shift, centred, first in _axes(format, colour, box):
        result = _reach_of_blocks(result, axis, shift, centred, first)
    return result


def _axes(format: PixelFormat, colour: Colour | None, box: Box) -> list[tuple[int, int, bool, int]]:
    """Per subsampled axis of a (T, h, w) array: axis, log2 of the step, siting, position of the crop."""
    rows = (-2, format.chroma_y, True, box.y)
    columns = (-1, format.chroma_x, _centred_columns(format, colour), box.x)
    return [axis for axis in (rows, columns) if axis[1]]


def _centred_columns(format: PixelFormat, colour: Colour | None) -> bool:
    return colour is not None and colour.full_range and format.chroma_x == format.chroma_y == 1


def _reach_of_blocks(masks: np.ndarray, axis: int, shift: int, centred: bool, first: int) -> np.ndarray:
    """Pixels along one axis that read a chroma sample whose block touches a mask."""
    step = 1 << shift
    before = first % step
    after = -(before + masks.shape[axis]) % step
    pads = [(0, 0)] * masks.ndim
    pads[axis] = (before, after)
    values = np.moveaxis(np.pad(masks, pads), axis, 0)
    dirty = np.asarray(values.reshape(-1, step, *values.shape[1:]).any(1))
    for _ in range(shift):  # what `upsample` does, with "or" for its sums
        before_it = np.concatenate([dirty[:1], dirty[:-1]])
        after_it = np.concatenate([dirty[1:], dirty[-1:]])
        dirty = np.stack([dirty | before_it if centred else dirty, dirty | after_it], 1).reshape(-1, *dirty.shape[1:])
    return np.moveaxis(dirty, 0, axis)[_cut(masks.ndim, axis, before, masks.shape[axis])]


def _cut(dimensions: int, axis: int, first: int, length: int) -> tuple[slice, ...]:
    cut = [slice(None)] * dimensions
    cut[axis] = slice(first, first + length)
    return tuple(cut)


def _codes(planes: tuple[np.ndarray, ...], format: PixelFormat, colour: Colour, box: Box) -> np.ndarray:
    """The crop's code values float32 (h, w, 3), chroma at full size; grey three times."""
    colours = planes[: format.colour_planes]
    if format.kind != "yuv":
        parts = [plane[box.slices].astype(np.float32) for plane in colours]
        return cv2.merge(parts * 3 if format.kind == "grey" else parts)
    luma = planes[0][box.slices].astype(np.float32)
    return cv2.merge([luma, *(_full_size(plane, format, colour, box) for plane in planes[1:3])])


def _full_size(plane: np.ndarray, format: PixelFormat, colour: Colour, box: Box) -> np.ndarray:
    """One chroma plane, interpolated for the pixels of a crop."""
    spans = []
    for first, length, shift, size in (
        (box.y, box.height, format.chroma_y, plane.shape[0]),
        (box.x, box.width, format.chroma_x, plane.shape[1]),
    ):
        start = max(0, (first >> shift) - _REACH)
        stop = min(size, ((first + length - 1) >> shift) + 1 + _REACH)
        spans.append((start, stop, first - (start << shift)))
    (top, bottom, y), (left, right, x) = spans
    values = plane[top:bottom, left:right].astype(np.float32)
    for axis, shift, centred, _ in _axes(format, colour, box):
        for _ in range(shift):
            values = upsample(values, axis, centred)
    return values[y : y + box.height, x : x + box.width]


def _inpaint_frame(
    planes: tuple[np.ndarray, ...],
    format: PixelFormat,
    colour: Colour,
    inpainted: tuple[Box, np.ndarray],
    target: tuple[Box, np.ndarray],
    weight: np.ndarray | None,
) -> None:
    """One frame of `composite_into_planes`; `inpainted` is the whole crop, `target` the rectangle around its masks."""
    (box, pixels), (mask_box, masks) = inpainted, target
    height, width = planes[0].shape
    area = _aligned(mask_box, format, width, height)
    codes = _codes(planes, format, colour, area)
    _put(codes, area, _from_rgb(pixels, format, colour), box)
    inner = (slice(mask_box.y - area.y, None), slice(mask_box.x - area.x, None))
    for index in range(format.colour_planes):
        new = codes[..., index]
        place, where, share = mask_box.slices, masks, weight
        if format.kind == "yuv" and index and (format.chroma_x or format.chroma_y):
            for axis, shift, centred, _ in _axes(format, colour, area):
                for _ in range(shift):
                    new = downsample(new, axis, centred)
            y, x = area.y >> format.chroma_y, area.x >> format.chroma_x
            place = (slice(y, y + new.shape[0]), slice(x, x + new.shape[1]))
            where = _blocks(masks, mask_box, area, format)
            share = None if weight is None else _blocks(np.where(masks, weight, 0), mask_box, area, format)
        else:
            new = new[inner][: mask_box.height, : mask_box.width]
        _write(planes[index][place], new, where, share, _legal(format, colour, index))


def _aligned(box: Box, format: PixelFormat, width: int, height: int) -> Box:
    """The box grown to whole chroma blocks and as many more as the filter that makes chroma looks at."""
    step_x, step_y = 1 << format.chroma_x, 1 << format.chroma_y
    grown = box.grown(_REACH * step_x * (step_x > 1), _REACH * step_y * (step_y > 1), width, height)
    left, top = grown.x - grown.x % step_x, grown.y - grown.y % step_y
    right = min(width, -(-(grown.x + grown.width) // step_x) * step_x)
    bottom = min(height, -(-(grown.y + grown.height) // step_y) * step_y)
    return Box(left, top, right - left, bottom - top)


def _put(codes: np.ndarray, area: Box, crop: np.ndarray, box: Box) -> None:
    """Copy what two rectangles have in common from `crop` to `codes`."""
    left, top = max(area.x, box.x), max(area.y, box.y)
    right = min(area.x + area.width, box.x + box.width)
    bottom = min(area.y + area.height, box.y + box.height)
    source = crop[top - box.y : bottom - box.y, left - box.x : right - box.x]
    codes[top - area.y : bottom - area.y, left - area.x : right - area.x] = source


def _blocks(values: np.ndarray, box: Box, area: Box, format: PixelFormat) -> np.ndarray:
    """The largest value in each chroma block of `area`, of values given for `box`."""
    step_x, step_y = 1 << format.chroma_x, 1 << format.chroma_y
    rows, columns = -(-area.height // step_y), -(-area.width // step_x)
    whole = np.zeros((rows * step_y, columns * step_x), values.dtype)
    y, x = box.y - area.y, box.x - area.x
    whole[y : y + box.height, x : x + box.width] = values
    return np.asarray(whole.reshape(rows, step_y, columns, step_x).max((1, 3)))


def _write(
    plane: np.ndarray, new: np.ndarray, where: np.ndarray, weight: np.ndarray | None, legal: tuple[int, int]
) -> None:
    """plane[where] = new, cut to legal codes, mixed with the old value by weight, and rounded."""
    values = np.clip(new[where], *legal)
    if weight is not None:
        share = weight[where].astype(np.float32)
        values = share * values + (1 - share) * plane[where]
    plane[where] = np.rint(values).astype(plane.dtype)


def _legal(format: PixelFormat, colour: Colour, index: int) -> tuple[int, int]:
    """The smallest and the largest code that stand for a displayable value."""
    if colour.full_range or format.kind == "rgb":
        return 0, 2**format.bits - 1
    scale = 2 ** (format.bits - 8)
    return 16 * scale, (240 if index else 235) * scale


@lru_cache(maxsize=32)
def _transforms(format: PixelFormat, colour: Colour) -> tuple[np.ndarray, np.ndarray]:
    """Matrices float64 (3, 4) from codes to RGB and back, the last column added."""
    peak, scale = 2.0**format.bits - 1, 2.0 ** (format.bits - 8)
    if colour.full_range or format.kind == "rgb":
        black, luma_span, chroma_span = 0.0, peak, peak
    else:
        black, luma_span, chroma_span = 16 * scale, 219 * scale, 224 * scale
    matrix = np.eye(3) / luma_span
    offset = np.full(3, black)
    if format.kind == "yuv":
        red, blue = _LUMA[colour.matrix]
        green = 1 - red - blue
        u, v = 2 * (1 - blue), 2 * (1 - red)
        to_rgb = np.array([[1, 0, v], [1, -u * blue / green, -v * red / green], [1, u, 0]])
        matrix = to_rgb @ np.diag([1 / luma_span, 1 / chroma_span, 1 / chroma_span])
        offset[1:] = 128 * scale
    inverse = np.linalg.inv(matrix)
    if format.kind == "grey":  # any RGB to its luma, three times
        inverse = luma_span * np.tile([0.2126, 0.7152, 0.0722], (3, 1))
    return np.c_[matrix, -matrix @ offset], np.c_[inverse, offset]


def _to_rgb(codes: np.ndarray, format: PixelFormat, colour: Colour) -> np.ndarray:
    return cv2.transform(codes, _transforms(format, colour)[0])


def _from_rgb(pixels: np.ndarray, format: PixelFormat, colour: Colour) -> np.ndarray:
    return cv2.transform(pixels, _transforms(format, colour)[1])
