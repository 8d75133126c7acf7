"""Converts decoded frames to arrays, one per plane, and arrays to frames to encode, without changing a sample.

FFmpeg has more than a hundred pixel formats. Planar integer formats are delivered as they are, interleaved ones are
split into the planar format with the same samples, and the few remaining ones are converted by FFmpeg to the nearest
planar format, which is noted.
"""

import re
from dataclasses import dataclass

import av
import numpy as np

from vidinpaint.core.clip import PixelFormat

_SUBSAMPLING = {"444": (0, 0), "422": (1, 0), "420": (1, 1), "440": (0, 1), "411": (2, 0), "410": (2, 2)}
_PLANAR_YUV = re.compile(r"yuv(j|a?)(\d{3})p(\d*)(le|be)?$")
_PLANAR_RGB = re.compile(r"gbr(a?)p(\d*)(le|be)?$")
_GREY = re.compile(r"gray(\d*)(le|be)?$")
_SEMI_PLANAR = {  # name: (planar equivalent, bits to shift down, whether V comes before U)
    "nv12": ("yuv420p", 0, False),
    "nv21": ("yuv420p", 0, True),
    "nv16": ("yuv422p", 0, False),
    "nv24": ("yuv444p", 0, False),
    "nv42": ("yuv444p", 0, True),
    "nv20le": ("yuv422p10le", 0, False),
    "p010le": ("yuv420p10le", 6, False),
    "p210le": ("yuv422p10le", 6, False),
    "p410le": ("yuv444p10le", 6, False),
    "p012le": ("yuv420p12le", 4, False),
    "p212le": ("yuv422p12le", 4, False),
    "p412le": ("yuv444p12le", 4, False),
    "p016le": ("yuv420p16le", 0, False),
    "p216le": ("yuv422p16le", 0, False),
    "p416le": ("yuv444p16le", 0, False),
}
_PACKED = {  # name: (planar equivalent, order of the interleaved components; "-" is padding)
    "rgb24": ("gbrp", "rgb"),
    "bgr24": ("gbrp", "bgr"),
    "rgb0": ("gbrp", "rgb-"),
    "bgr0": ("gbrp", "bgr-"),
    "0rgb": ("gbrp", "-rgb"),
    "0bgr": ("gbrp", "-bgr"),
    "rgba": ("gbrap", "rgba"),
    "bgra": ("gbrap", "bgra"),
    "argb": ("gbrap", "argb"),
    "abgr": ("gbrap", "abgr"),
    "rgb48le": ("gbrp16le", "rgb"),
    "rgb48be": ("gbrp16le", "rgb"),
    "bgr48le": ("gbrp16le", "bgr"),
    "rgba64le": ("gbrap16le", "rgba"),
    "rgba64be": ("gbrap16le", "rgba"),
    "bgra64le": ("gbrap16le", "bgra"),
    "vuya": ("yuva444p", "vuya"),
    "vuyx": ("yuv444p", "vuy-"),
    "vyu444": ("yuv444p", "vyu"),
    "ayuv64le": ("yuva444p16le", "ayuv"),
    "yuyv422": ("yuv422p", "yuyv"),
    "yvyu422": ("yuv422p", "yvyu"),
    "uyvy422": ("yuv422p", "uyvy"),
}
_GREY_ALPHA = {"ya8": "gbrap", "ya16le": "gbrap16le", "ya16be": "gbrap16le"}
_CONVERTED = {"pal8": "gbrp", "monow": "gray", "monob": "gray", "grayf32le": "gray16le", "grayf16le": "gray16le"}
_TRANSPARENT_PALETTE = PixelFormat("gbrap", "rgb", 8, alpha=True)
_COMPONENTS = {"yuv": "yuva", "rgb": "rgba", "grey": "y"}


@dataclass(frozen=True)
class Layout:
    """How FFmpeg's pixel format `name` becomes planes of `format`; `converted`: FFmpeg's scaler is used first."""

    name: str
    format: PixelFormat
    converted: bool = False

    @property
    def note(self) -> str | None:
        if self.converted:
            return f"pixel format {self.name} converted to {self.format.name}"
        if self.name != self.format.name and not self.name.startswith("yuvj") and not self.name.endswith("be"):
            return f"pixel format {self.name} read as {self.format.name}, no sample changed"
        return None


def planar(name: str) -> PixelFormat | None:
    """The `PixelFormat` of a planar format FFmpeg calls `name`; None if it is not one. Always little endian."""
    if match := _PLANAR_YUV.match(name):
        letter, ratio, bits, _ = match.groups()
        if ratio not in _SUBSAMPLING:
            return None
        plain = f"yuv{letter.replace('j', '')}{ratio}p{bits}{'le' if bits else ''}"
        return PixelFormat(plain, "yuv", int(bits or 8), *_SUBSAMPLING[ratio], alpha=letter == "a")
    if match := _PLANAR_RGB.match(name):
        letter, bits, _ = match.groups()
        return PixelFormat(f"gbr{letter}p{bits}{'le' if bits else ''}", "rgb", int(bits or 8), alpha=letter == "a")
    if match := _GREY.match(name):
        bits = match.group(1)
        return PixelFormat(f"gray{bits}{'le' if bits else ''}", "grey", int(bits or 8))
    return None


def layout(name: str) -> Layout:
    """How frames of FFmpeg's pixel format `name` are delivered."""
    equivalent = name
    if name in _SEMI_PLANAR:
        equivalent = _SEMI_PLANAR[name][0]
    elif name in _PACKED:
        equivalent = _PACKED[name][0]
    elif name in _GREY_ALPHA:
        equivalent = _GREY_ALPHA[name]
    if format := planar(equivalent):
        return Layout(name, format)
    nearest = planar(_CONVERTED.get(name) or _nearest(name))
    assert nearest is not None
    return Layout(name, nearest, converted=True)


def layout_of(frame: av.VideoFrame) -> Layout:
    """How this frame and those like it are delivered: as its pixel format, but a palette with its opacity, if any."""
    name = frame.format.name
    return Layout(name, _TRANSPARENT_PALETTE, converted=True) if _has_transparent_palette(frame) else layout(name)


def fits(frame: av.VideoFrame, pixel_layout: Layout) -> bool:
    """Whether `planes_of` delivers a frame in this layout without losing anything."""
    if frame.format.name != pixel_layout.name:
        return False
    return pixel_layout.format.alpha or not _has_transparent_palette(frame)


def _has_transparent_palette(frame: av.VideoFrame) -> bool:
    if frame.format.name != "pal8":
        return False
    opacity = np.frombuffer(memoryview(frame.planes[1]), np.uint32)[:256] >> 24
    return bool((opacity[np.unique(_samples(frame, 0, np.dtype(np.uint8)))] < 255).any())


def _nearest(name: str) -> str:
    """The planar format that loses least for a format that is not in the tables."""
    format = av.VideoFormat(name, 16, 16)
    above_8_bits = max(component.bits for component in format.components) > 8
    alpha = "a" if any(component.is_alpha for component in format.components) else ""
    if len(format.components) == 1 and not format.has_palette and not format.is_bayer:
        return "gray16le" if above_8_bits else "gray"
    if format.is_rgb or format.has_palette or format.is_bayer or name.startswith("xyz"):
        return f"gbr{alpha}p16le" if above_8_bits else f"gbr{alpha}p"
    ratio = {(16, 16): "444", (8, 16): "422", (8, 8): "420"}.get((format.chroma_width(), format.chroma_height()), "444")
    return f"yuv{alpha}{ratio}p16le" if above_8_bits else f"yuv{alpha}{ratio}p"


def planes_of(frame: av.VideoFrame, pixel_layout: Layout) -> list[np.ndarray]:
    """The planes of one frame in `Clip`'s order; views into the frame where no samples are interleaved."""
    name, format = pixel_layout.name, pixel_layout.format
    if pixel_layout.converted:
        frame = frame.reformat(format=format.name)
        name = format.name
    if name in _SEMI_PLANAR:
        return _from_semi_planar(frame, name)
    if name in _PACKED:
        return _from_packed(frame, name)
    if name in _GREY_ALPHA:
        grey, alpha = np.moveaxis(_samples(frame, 0, _sample_type(name), 2, frame.width), -1, 0).astype(format.dtype)
        return [grey, grey, grey, alpha]
    dtype = _sample_type(name)
    planes = [_samples(frame, index, dtype)[..., 0] for index in range(len(frame.planes))]
    if dtype.byteorder == ">":
        planes = [plane.astype(format.dtype) for plane in planes]
    if format.kind == "rgb":  # stored G, B, R
        planes[:3] = planes[2], planes[0], planes[1]
    return planes


def frame_of(planes: list[np.ndarray], format: PixelFormat, name: str) -> av.VideoFrame:
    """A new frame with the samples of `planes`, in FFmpeg's `name`: format.name itself, or its packed equivalent."""
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, name)
    if name in _PACKED:
        letters = _PACKED[name][1]
        target = _samples(frame, 0, _sample_type(name), len(letters), width)
        for letter, plane in zip(_COMPONENTS[format.kind], planes):
            target[..., letters.index(letter)] = plane
        for index, letter in enumerate(letters):
            if letter == "-":
                target[..., index] = 0
        return frame
    order = [1, 2, 0, 3] if format.kind == "rgb" else [0, 1, 2, 3]
    for index in range(len(planes)):
        _samples(frame, index, format.dtype)[..., 0] = planes[order[index]]
    return frame


def _sample_type(name: str) -> np.dtype:
    """The type of one stored sample of a format."""
    if name.endswith("be"):
        return np.dtype(">u2")
    return np.dtype("<u2") if name.endswith("le") else np.dtype(np.uint8)


def _samples(
    frame: av.VideoFrame, index: int, dtype: np.dtype, components: int = 1, width: int | None = None
) -> np.ndarray:
    """A writable view (rows, columns, components) of one plane, without the padding at the end of each row."""
    plane = frame.planes[index]
    width = plane.width if width is None else width
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, abs(plane.line_size))[: plane.height]
    view: np.ndarray = lines[:, : width * components * dtype.itemsize].view(dtype).reshape(-1, width, components)
    return view[::-1] if plane.line_size < 0 else view


def _from_semi_planar(frame: av.VideoFrame, name: str) -> list[np.ndarray]:
    """Planes of a format that interleaves U and V; some formats use the upper bits only."""
    _, shift, swapped = _SEMI_PLANAR[name]
    dtype = _sample_type(name)
    luma = _samples(frame, 0, dtype)[..., 0] >> shift
    chroma = _samples(frame, 1, dtype, 2, frame.planes[1].width) >> shift
    first, second = chroma[..., 0], chroma[..., 1]
    return [luma, second, first] if swapped else [luma, first, second]


def _from_packed(frame: av.VideoFrame, name: str) -> list[np.ndarray]:
    """Planes of a format that interleaves the components of each pixel, or of two pixels."""
    equivalent, letters = _PACKED[name]
    format = planar(equivalent)
    assert format is not None
    if letters.count("y") == 2:
        pairs = _samples(frame, 0, _sample_type(name), 4, -(-frame.width // 2))
        first = letters.index("y")
        luma = pairs[..., first::2].reshape(frame.height, -1)[:, : frame.width]
        return [luma, pairs[..., letters.index("u")], pairs[..., letters.index("v")]]
    pixels = _samples(frame, 0, _sample_type(name), len(letters), frame.width).astype(format.dtype, copy=False)
    components = _COMPONENTS[format.kind][: 3 + format.alpha]
    return [pixels[..., letters.index(letter)] for letter in components]
