"""Converts planar pixel formats for encoders that do not accept the source's; exact where the target allows it."""

import cv2
import numpy as np

from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.window import Box
from vidinpaint.video.pixels.colour import composite_into_planes, rgb_from_planes


def convert(clip: Clip, format: PixelFormat) -> Clip:
    """The clip in another format. RGB becomes limited-range BT.709 YUV; all other samples keep their meaning."""
    if format == clip.format:
        return clip
    if clip.format.kind == "rgb" and format.kind == "yuv":
        return _rgb_to_yuv(clip, format)
    if format.kind not in (clip.format.kind, "yuv") or clip.format.kind == "yuv" != format.kind:
        raise ValueError(f"expected a {clip.format.kind} or yuv format, found {format.name}")
    planes = [_change_bits(plane, clip.format.bits, format) for plane in clip.planes[: clip.format.colour_planes]]
    if clip.format.kind == "grey" and format.kind == "yuv":
        shape = (len(clip), *format.plane_shape(1, clip.height, clip.width))
        planes += [np.full(shape, 1 << (format.bits - 1), format.dtype)] * 2
    elif format.kind == "yuv":
        size = format.plane_shape(1, clip.height, clip.width)
        planes[1:3] = [_resize_chroma(plane, clip.format, format, size) for plane in planes[1:3]]
    if format.alpha:
        opaque = np.full(clip.planes[0].shape, 2**format.bits - 1, format.dtype)
        planes.append(_change_bits(clip.planes[-1], clip.format.bits, format) if clip.format.alpha else opaque)
    return Clip(tuple(planes), format, clip.colour, clip.pts, clip.time_base, clip.first)


def _change_bits(plane: np.ndarray, bits: int, format: PixelFormat) -> np.ndarray:
    shift = format.bits - bits
    if shift >= 0:  # limited-range codes scale by powers of two (BT.2100, table 9); for full range it is close enough
        return plane.astype(format.dtype) << shift
    rounded = (plane.astype(np.uint32) + (1 << (-shift - 1))) >> -shift
    return np.asarray(np.minimum(rounded, 2**format.bits - 1), format.dtype)


def _resize_chroma(plane: np.ndarray, old: PixelFormat, new: PixelFormat, size: tuple[int, int]) -> np.ndarray:
    """Repeat samples where the new format has more (nothing is lost), average them where it has fewer."""
    for axis, finer in ((1, old.chroma_y - new.chroma_y), (2, old.chroma_x - new.chroma_x)):
        if finer > 0:
            plane = np.repeat(plane, 1 << finer, axis)
    plane = plane[:, : size[0], : size[1]] if plane.shape[1] >= size[0] and plane.shape[2] >= size[1] else plane
    if plane.shape[1:] != size:
        plane = np.stack([cv2.resize(frame, size[::-1], interpolation=cv2.INTER_AREA) for frame in plane])
    return np.ascontiguousarray(plane)


def _rgb_to_yuv(clip: Clip, format: PixelFormat) -> Clip:
    box = Box(0, 0, clip.width, clip.height)
    colour = Colour("bt709", False)
    middle = 1 << (format.bits - 1)
    shapes = [format.plane_shape(index, clip.height, clip.width) for index in range(3)]
    planes = tuple(np.full((len(clip), *shape), middle, format.dtype) for shape in shapes)
    everywhere = np.ones((1, clip.height, clip.width), bool)
    for t in range(len(clip)):  # frame by frame, because float pixels take twelve times the memory
        one = clip.cut(clip.first + t, clip.first + t + 1)
        frame = tuple(plane[t : t + 1] for plane in planes)
        composite_into_planes(frame, format, colour, box, rgb_from_planes(one, box), everywhere)
    if format.alpha:
        planes = (*planes, _change_bits(clip.planes[-1], clip.format.bits, format))
    return Clip(planes, format, colour, clip.pts, clip.time_base, clip.first)
