"""Converts crops from a clip's own planes to float RGB, and writes RGB back under the masks only.

Matrices are those of ITU-R BT.601, BT.709 and BT.2020 (non-constant luminance); code values those of BT.709 section 5
and, for full range, of JFIF. Chroma is sited left and, in 4:2:0, between two rows (H.264's default); in full-range
4:2:0 also between two columns (JFIF). FFmpeg's own location tag cannot be read through PyAV.
"""

from functools import lru_cache

import cv2
import numpy as np

from vidinpaint.core.clip import Clip, Colour, Matrix, PixelFormat
from vidinpaint.core.window import Box
from vidinpaint.video.pixels.chroma import downsample, upsample, with_reach
from vidinpaint.video.pixels.clean_chroma import clean_chroma

_LUMA: dict[Matrix, tuple[float, float]] = {  # luma weights of red and blue
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
}
_SAMPLES_PER_SIDE = 5  # at least this many samples squared are averaged for one pixel of a downscaled frame
_MARGIN = 2  # chroma samples around a crop that its pixels depend on, also after two passes of a factor of two


def rgb_from_planes(clip: Clip, box: Box, masks: np.ndarray | None = None) -> np.ndarray:
    """Pixels of a crop as float32 (T, h, w, 3) RGB in [0, 1]; values outside of the range are clipped.

    masks  bool (T, h, w), True = inpaint: chroma beside them is given without the colour that leaked from under them
           (`clean_chroma`). Masks outside the crop are not seen, so the crop should have a margin. Default: chroma as
           it is
    """
    result = np.empty((len(clip), box.height, box.width, 3), np.float32)
    for t in range(len(clip)):
        planes = tuple(plane[t] for plane in clip.planes)
        if masks is not None and masks[t].any() and (clip.format.chroma_x or clip.format.chroma_y):
            planes = _without_leaks(planes, clip.format, box, masks[t])
        codes = _codes(planes, clip.format, clip.colour, box)
        np.clip(_to_rgb(codes, clip.format, clip.colour), 0, 1, out=result[t])
    return result


def downscaled_rgb(clip: Clip, t: int, mask: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Frame t downscaled to size (w, h), without what is under its mask bool (H, W), True = inpaint.

    Returns the means of the known pixels, float32 (h, w, 3) RGB in [0, 1], and which part of each pixel is known,
    float32 (h, w) in [0, 1]. The planes are downscaled before the conversion, which is much faster than converting all
    pixels to RGB; large planes are subsampled first.
    """
    codes, known_parts = [], []
    shape: tuple[int, ...] = ()
    for plane in clip.planes[: clip.format.colour_planes]:
        if plane.shape[1:] != shape:
            shape = plane.shape[1:]
            step = max(1, min(shape[0] // size[1], shape[1] // size[0]) // _SAMPLES_PER_SIDE)
            known = _known_samples(shape, mask)[::step, ::step]
            known_parts.append(cv2.resize(known, size, interpolation=cv2.INTER_AREA))
        total = cv2.resize(plane[t, ::step, ::step] * known, size, interpolation=cv2.INTER_AREA)
        codes.append(total / np.maximum(known_parts[-1], np.float32(1e-6)))
    if clip.format.kind == "grey":
        codes = codes * 3
    rgb = np.clip(_to_rgb(cv2.merge(codes), clip.format, clip.colour), 0, 1)
    return rgb.astype(np.float32), np.minimum.reduce(known_parts)


def _known_samples(shape: tuple[int, ...], mask: np.ndarray) -> np.ndarray:
    """float32 of a plane's shape: 1 where a sample holds nothing of what is under the mask bool (H, W), else 0."""
    for axis in (0, 1):
        mask = with_reach(mask, axis, -(-mask.shape[axis] // shape[axis]))
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
    """Write a crop's pixels into the planes, in place: luma under the masks, and chroma that holds colour from there.

    Chroma samples hold colour from under a mask if their block, or the pixels beside it (`with_reach`), touch the mask.

    planes   writable arrays of whole frames, (T, H, W) or the chroma's size; the alpha plane stays unchanged
    pixels   float32 (T, h, w, 3) RGB in [0, 1] of the crop `box`; those outside the masks only serve as neighbours of
             chroma samples
    masks    bool (T, h, w), True = write
    weight   float32 (T, h, w) in [0, 1], the weight of the new value, 0 for chroma blocks beside the masks. Default: 1
             everywhere
    """
    for t in range(len(masks)):
        x, y, width, height = cv2.boundingRect(masks[t].view(np.uint8))
        if not width:
            continue
        region = (slice(y, y + height), slice(x, x + width))
        region_weight = None if weight is None else weight[t][region]
        target = Box(box.x + x, box.y + y, width, height)
        frame = tuple(plane[t] for plane in planes)
        _composite_frame(frame, format, colour, (box, pixels[t]), (target, masks[t][region]), region_weight)


def with_chroma_bleed(masks: np.ndarray, format: PixelFormat, colour: Colour, box: Box) -> np.ndarray:
    """Chroma bleed: pixels whose RGB is mixed with chroma from under a mask.

    masks bool (T, h, w) of the crop `box`, True = inpaint; the result has the same shape and includes the masks. Masks
    outside the crop are not seen, so the crop should have a margin.
    """
    result = masks.copy()
    if format.kind != "yuv":
        return result
    for axis, shift, centred in _axes(format, colour):
        first = box.x if axis else box.y
        result = _bleed_along_axis(result, axis + 1, shift, centred, first)
    return result


def _without_leaks(
    planes: tuple[np.ndarray, ...], format: PixelFormat, box: Box, mask: np.ndarray
) -> tuple[np.ndarray, ...]:
    """One frame's planes with clean chroma around the mask bool (h, w) of the crop `box`."""
    height, width = planes[0].shape
    area = _aligned(box, format, width, height)
    masked = _placed(mask, box, area, format)
    luma = planes[0][area.slices].astype(np.float32)
    luma = np.pad(luma, [(0, whole - size) for whole, size in zip(masked.shape, luma.shape)], "edge")
    seen = _blocks((~masked).astype(np.float32), format).sum((1, 3))
    means = _blocks(np.where(masked, 0, luma), format).sum((1, 3)) / np.where(seen, seen, np.nan)
    leaked = _block_max(_with_chroma_reach(masked, format), format)
    wanted = cv2.dilate((seen > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # shown pixels depend on them
    y, x = area.y >> format.chroma_y, area.x >> format.chroma_x
    region = (slice(y, y + leaked.shape[0]), slice(x, x + leaked.shape[1]))
    cleaned = [plane.copy() for plane in planes[1:3]]
    chroma, covered = [plane[region] for plane in cleaned], _block_max(masked, format)
    found = clean_chroma(chroma, means, leaked, covered, wanted, 2**format.bits - 1)
    for plane, values in zip(cleaned, found):
        plane[region] = values
    return planes[0], *cleaned


def _axes(format: PixelFormat, colour: Colour) -> list[tuple[int, int, bool]]:
    """For each subsampled axis of a plane: axis, log2 of the step, centred siting."""
    centred_columns = colour.full_range and format.chroma_x == format.chroma_y == 1
    axes = [(0, format.chroma_y, True), (1, format.chroma_x, centred_columns)]
    return [axis for axis in axes if axis[1]]


def _bleed_along_axis(masks: np.ndarray, axis: int, shift: int, centred: bool, first: int) -> np.ndarray:
    """Pixels that depend, along one axis, on a chroma sample that holds colour from under a mask."""
    step = 1 << shift
    before = step + first % step
    after = step - (before + masks.shape[axis]) % step
    pads = [(0, 0)] * masks.ndim
    pads[axis] = (before, after)
    values = np.moveaxis(with_reach(np.pad(masks, pads), axis, step), axis, 0)
    touched = np.asarray(values.reshape(-1, step, *values.shape[1:]).any(1))
    for _ in range(shift):  # as in `upsample`, with "or" instead of sums
        previous = np.concatenate([touched[:1], touched[:-1]])
        following = np.concatenate([touched[1:], touched[-1:]])
        pair = [touched | previous if centred else touched, touched | following]
        touched = np.stack(pair, 1).reshape(-1, *touched.shape[1:])
    return np.moveaxis(touched, 0, axis)[_slice_along(masks.ndim, axis, before, masks.shape[axis])]


def _slice_along(dimensions: int, axis: int, first: int, length: int) -> tuple[slice, ...]:
    slices = [slice(None)] * dimensions
    slices[axis] = slice(first, first + length)
    return tuple(slices)


def _codes(planes: tuple[np.ndarray, ...], format: PixelFormat, colour: Colour, box: Box) -> np.ndarray:
    """The crop's code values float32 (h, w, 3), with chroma at full size; grey is repeated three times."""
    colour_planes = planes[: format.colour_planes]
    if format.kind != "yuv":
        channels = [plane[box.slices].astype(np.float32) for plane in colour_planes]
        return cv2.merge(channels * 3 if format.kind == "grey" else channels)
    luma = planes[0][box.slices].astype(np.float32)
    return cv2.merge([luma, *(_full_size(plane, format, colour, box) for plane in planes[1:3])])


def _full_size(plane: np.ndarray, format: PixelFormat, colour: Colour, box: Box) -> np.ndarray:
    """One chroma plane, interpolated to the pixels of a crop."""
    spans = []
    for first, length, shift, size in (
        (box.y, box.height, format.chroma_y, plane.shape[0]),
        (box.x, box.width, format.chroma_x, plane.shape[1]),
    ):
        start = max(0, (first >> shift) - _MARGIN)
        stop = min(size, ((first + length - 1) >> shift) + 1 + _MARGIN)
        spans.append((start, stop, first - (start << shift)))
    (top, bottom, y), (left, right, x) = spans
    values = plane[top:bottom, left:right].astype(np.float32)
    for axis, shift, centred in _axes(format, colour):
        for _ in range(shift):
            values = upsample(values, axis, centred)
    return values[y : y + box.height, x : x + box.width]


def _composite_frame(
    planes: tuple[np.ndarray, ...],
    format: PixelFormat,
    colour: Colour,
    crop: tuple[Box, np.ndarray],
    target: tuple[Box, np.ndarray],
    weight: np.ndarray | None,
) -> None:
    """One frame of `composite_into_planes`: `crop` is (box, pixels), `target` is (box around the mask, mask)."""
    (box, pixels), (mask_box, mask) = crop, target
    height, width = planes[0].shape
    area = _aligned(mask_box, format, width, height)
    codes = _codes(planes, format, colour, area)
    _copy_overlap(codes, area, _from_rgb(pixels, format, colour), box)
    inner = (slice(mask_box.y - area.y, None), slice(mask_box.x - area.x, None))
    for index in range(format.colour_planes):
        new = codes[..., index]
        region, region_mask, region_weight = mask_box.slices, mask, weight
        if format.kind == "yuv" and index and (format.chroma_x or format.chroma_y):
            for axis, shift, centred in _axes(format, colour):
                for _ in range(shift):
                    new = downsample(new, axis, centred)
            y, x = area.y >> format.chroma_y, area.x >> format.chroma_x
            region = (slice(y, y + new.shape[0]), slice(x, x + new.shape[1]))
            region_mask = _block_max(_with_chroma_reach(_placed(mask, mask_box, area, format), format), format)
            if weight is not None:
                region_weight = _block_max(_placed(np.where(mask, weight, 0), mask_box, area, format), format)
        else:
            new = new[inner][: mask_box.height, : mask_box.width]
        _write(planes[index][region], new, region_mask, region_weight, _code_range(format, colour, index))


def _aligned(box: Box, format: PixelFormat, width: int, height: int) -> Box:
    """The box enlarged by the support of the chroma filter and aligned to whole chroma blocks."""
    step_x, step_y = 1 << format.chroma_x, 1 << format.chroma_y
    enlarged = box.expanded(_MARGIN * step_x * (step_x > 1), _MARGIN * step_y * (step_y > 1), width, height)
    left, top = enlarged.x - enlarged.x % step_x, enlarged.y - enlarged.y % step_y
    right = min(width, -(-(enlarged.x + enlarged.width) // step_x) * step_x)
    bottom = min(height, -(-(enlarged.y + enlarged.height) // step_y) * step_y)
    return Box(left, top, right - left, bottom - top)


def _copy_overlap(codes: np.ndarray, area: Box, crop: np.ndarray, box: Box) -> None:
    """Copy the intersection of two rectangles from `crop` (at `box`) to `codes` (at `area`)."""
    left, top = max(area.x, box.x), max(area.y, box.y)
    right = min(area.x + area.width, box.x + box.width)
    bottom = min(area.y + area.height, box.y + box.height)
    source = crop[top - box.y : bottom - box.y, left - box.x : right - box.x]
    codes[top - area.y : bottom - area.y, left - area.x : right - area.x] = source


def _placed(values: np.ndarray, box: Box, area: Box, format: PixelFormat) -> np.ndarray:
    """Values given for `box`, among zeros for all whole chroma blocks of `area`."""
    step_x, step_y = 1 << format.chroma_x, 1 << format.chroma_y
    placed = np.zeros((area.height + -area.height % step_y, area.width + -area.width % step_x), values.dtype)
    y, x = box.y - area.y, box.x - area.x
    placed[y : y + box.height, x : x + box.width] = values
    return placed


def _with_chroma_reach(mask: np.ndarray, format: PixelFormat) -> np.ndarray:
    return with_reach(with_reach(mask, 0, 1 << format.chroma_y), 1, 1 << format.chroma_x)


def _block_max(values: np.ndarray, format: PixelFormat) -> np.ndarray:
    """The largest value in each chroma block."""
    return np.asarray(_blocks(values, format).max((1, 3)))


def _blocks(values: np.ndarray, format: PixelFormat) -> np.ndarray:
    """(rows of blocks, rows of a block, columns of blocks, columns of a block) of an array of whole chroma blocks."""
    step_x, step_y = 1 << format.chroma_x, 1 << format.chroma_y
    height, width = values.shape
    return values.reshape(height // step_y, step_y, width // step_x, step_x)


def _write(
    plane: np.ndarray, new: np.ndarray, mask: np.ndarray, weight: np.ndarray | None, code_range: tuple[int, int]
) -> None:
    """plane[mask] = new, clipped to the range of codes, blended with the old value by weight, and rounded."""
    values = np.clip(new[mask], *code_range)
    if weight is not None:
        alpha = weight[mask].astype(np.float32)
        values = alpha * values + (1 - alpha) * plane[mask]
    plane[mask] = np.rint(values).astype(plane.dtype)


def _code_range(format: PixelFormat, colour: Colour, index: int) -> tuple[int, int]:
    """The smallest and the largest code of a plane."""
    if colour.full_range or format.kind == "rgb":
        return 0, 2**format.bits - 1
    scale = 2 ** (format.bits - 8)
    return 16 * scale, (240 if index else 235) * scale


@lru_cache(maxsize=32)
def _transforms(format: PixelFormat, colour: Colour) -> tuple[np.ndarray, np.ndarray]:
    """Affine matrices float64 (3, 4) from codes to RGB and back; the last column is the offset."""
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
    if format.kind == "grey":  # every RGB value to its luma, three times
        inverse = luma_span * np.tile([0.2126, 0.7152, 0.0722], (3, 1))
    return np.c_[matrix, -matrix @ offset], np.c_[inverse, offset]


def _to_rgb(codes: np.ndarray, format: PixelFormat, colour: Colour) -> np.ndarray:
    return cv2.transform(codes, _transforms(format, colour)[0])


def _from_rgb(pixels: np.ndarray, format: PixelFormat, colour: Colour) -> np.ndarray:
    return cv2.transform(pixels, _transforms(format, colour)[1])
