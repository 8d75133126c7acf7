"""Small picture files made byte by byte, for what OpenCV does not write itself."""

import struct
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.images.image_file import EXIF

SHORT, LONG = 3, 4


def picture(height: int = 24, width: int = 32, channels: int = 3, dtype: type = np.uint8, seed: int = 0) -> np.ndarray:
    """Noise (H, W, C), or (H, W) for one channel, over the whole range."""
    random = np.random.default_rng(seed).random((height, width, channels))
    values = random.astype(dtype) if np.dtype(dtype).kind == "f" else (random * (np.iinfo(dtype).max + 1)).astype(dtype)
    return values[..., 0] if channels == 1 else values


def scene(height: int, width: int) -> np.ndarray:
    """uint8 (H, W, 3): a smooth picture whose corners all differ, so that JPEG keeps it and turning it shows."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (height + width)], -1).astype(np.uint8)


def directory(tags: dict[int, tuple[int, int]], order: str, start: int, following: int = 0) -> bytes:
    """A TIFF directory that lies at `start`: number -> (type, value)."""
    entries = b"".join(
        struct.pack(order + "HHI", tag, kind, 1) + struct.pack(order + ("HH" if kind == SHORT else "I"), *values)
        for tag, (kind, value) in sorted(tags.items())
        for values in [(value, 0) if kind == SHORT else (value,)]
    )
    return struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", following)


def exif(orientation: int, order: str = ">", preview: bytes = b"") -> bytes:
    """An EXIF block with an orientation, and a preview picture in its second directory."""
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    first = directory({0x0112: (SHORT, orientation), 0x011A: (LONG, 72)}, order, 8, 8 + 2 + 24 + 4 if preview else 0)
    if not preview:
        return head + first
    start = 8 + len(first) + 2 + 24 + 4
    second = directory({0x0201: (LONG, start), 0x0202: (LONG, len(preview))}, order, 8 + len(first))
    return head + first + second + preview


def tiff(
    pixels: np.ndarray, photometric: int, extra: int | None = None, planes: int = 1, orientation: int = 1
) -> bytes:
    """An uncompressed little-endian TIFF; of several samples all are of 8 bits."""
    height, width = pixels.shape[:2]
    samples = 1 if pixels.ndim == 2 else pixels.shape[2]
    data = pixels.tobytes()
    tags = {
        256: (LONG, width), 257: (LONG, height), 258: (SHORT, 8 * pixels.itemsize), 259: (SHORT, 1),
        262: (SHORT, photometric), 273: (LONG, 8), 274: (SHORT, orientation), 277: (SHORT, samples),
        278: (LONG, height), 279: (LONG, len(data)), 284: (SHORT, planes),
    }  # fmt: skip
    if extra is not None:
        tags[338] = (SHORT, extra)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory(tags, "<", 8 + len(data))


def write(path: Path, pixels: np.ndarray, orientation: int = 0) -> Path:
    """Write RGB(A) or grey pixels as they are, and an EXIF block with an orientation where one is given."""
    stored = pixels if pixels.ndim == 2 else pixels[..., [2, 1, 0, 3][: pixels.shape[2]]]
    blocks = {EXIF: np.frombuffer(exif(orientation), np.uint8)} if orientation else {}
    lossless = {".webp": [cv2.IMWRITE_WEBP_LOSSLESS_MODE, 2]}.get(path.suffix, [])
    _, data = cv2.imencodeWithMetadata(
        path.suffix, np.ascontiguousarray(stored), list(blocks), list(blocks.values()), lossless
    )
    path.write_bytes(data.tobytes())
    return path
