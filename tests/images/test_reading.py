"""Each kind of file is decoded correctly, or refused with one clear message."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.images.files import exif, picture, scene, tiff, write
from vidinpaint.core.errors import ImageError
from vidinpaint.images.image_file import EXIF, XMP
from vidinpaint.images.reading import read_image_file


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jp2"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_depth_and_channels(tmp_path: Path, suffix: str, dtype: type, channels: int) -> None:
    pixels = picture(64, 80, channels, dtype)
    image = read_image_file(write(tmp_path / f"photo{suffix}", pixels))
    assert image.pixels.dtype == dtype
    assert image.grey == (channels == 1)
    assert image.alpha == (channels == 4)
    assert image.depth == ("8 bit" if dtype == np.uint8 else "16 bit")
    assert (image.height, image.width) == (64, 80)
    if suffix != ".jp2":  # written with a little loss by default
        assert np.array_equal(image.pixels, pixels)


@pytest.mark.parametrize("suffix", [".webp", ".bmp"])
@pytest.mark.parametrize("channels", [3, 4])
def test_other_formats(tmp_path: Path, suffix: str, channels: int) -> None:
    pixels = picture(channels=channels)
    assert np.array_equal(read_image_file(write(tmp_path / f"photo{suffix}", pixels)).pixels, pixels)


def test_float(tmp_path: Path) -> None:
    pixels = picture(dtype=np.float32)
    image = read_image_file(write(tmp_path / "photo.tif", pixels))
    assert image.depth == "float"
    assert np.array_equal(image.pixels, pixels)
    with pytest.raises(ImageError, match="from 0 to 1"):
        read_image_file(write(tmp_path / "bright.tif", pixels * 2))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_photos_are_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = write(tmp_path / f"photo{suffix}", scene(24, 40), orientation)
    image = read_image_file(path)
    shown = cv2.imread(str(path), cv2.IMREAD_COLOR)  # a viewer that knows the tag
    assert np.array_equal(image.pixels, shown[..., ::-1])
    assert image.pixels.shape == ((24, 40, 3) if orientation < 5 else (40, 24, 3))
    assert image.metadata[EXIF] == exif(1)


def test_tiff_is_turned_once(tmp_path: Path) -> None:
    stored = picture(8, 12)
    (tmp_path / "photo.tif").write_bytes(tiff(stored, 2, orientation=6))
    assert np.array_equal(read_image_file(tmp_path / "photo.tif").pixels, np.rot90(stored, 3))


def test_xmp_with_a_possible_orientation_is_dropped_after_a_turn(tmp_path: Path) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    for orientation, kept in ((1, True), (6, False)):
        blocks = [np.frombuffer(exif(orientation), np.uint8), np.frombuffer(xmp, np.uint8)]
        _, data = cv2.imencodeWithMetadata(".webp", picture(), [EXIF, XMP], blocks)
        (tmp_path / "photo.webp").write_bytes(data.tobytes())
        assert (XMP in read_image_file(tmp_path / "photo.webp").metadata) == kept


def test_palette_and_transparent_colours(tmp_path: Path) -> None:
    indices = np.random.default_rng(0).integers(0, 3, (8, 8), np.uint8)
    colours = np.array([[255, 0, 0], [0, 200, 0], [10, 20, 30]], np.uint8)
    chunks = [(b"PLTE", colours.tobytes()), (b"tRNS", b"\xff\0")]
    path = tmp_path / "palette.png"
    path.write_bytes(png(indices, 3, chunks))
    pixels = read_image_file(path).pixels
    assert np.array_equal(pixels[..., :3], colours[indices])
    assert np.array_equal(pixels[..., 3], np.where(indices == 1, 0, 255))


def test_grey_with_alpha(tmp_path: Path) -> None:
    pixels = picture(8, 8, 2)
    (tmp_path / "photo.png").write_bytes(png(pixels, 4))
    read = read_image_file(tmp_path / "photo.png").pixels
    assert np.array_equal(read, pixels[..., [0, 0, 0, 1]])


def test_tiff_colours_are_not_multiplied_by_alpha(tmp_path: Path) -> None:
    pixels = picture(channels=4)
    for extra in (0, 1, 2):
        (tmp_path / "photo.tif").write_bytes(tiff(pixels, 2, extra))
        assert np.array_equal(read_image_file(tmp_path / "photo.tif").pixels, pixels), extra


def test_white_as_zero_is_decoded_correctly(tmp_path: Path) -> None:
    pixels = picture(channels=1)
    (tmp_path / "fax.tif").write_bytes(tiff(pixels, 0))
    assert np.array_equal(read_image_file(tmp_path / "fax.tif").pixels, 255 - pixels)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tiff(picture(channels=2), 1, 2), "other channels"),
        (tiff(picture(channels=4), 5), "other channels"),
        (tiff(picture(channels=1, dtype=np.uint16), 0), "in another layout"),
        (tiff(picture(channels=3), 2, planes=2), "in another layout"),
        (tiff(picture(channels=1, dtype=np.int32), 1), "int32"),
        (b"II+\0" + bytes(100), "BigTIFF"),
        (tiff(picture(), 2)[:-40], "damaged"),
        (b"", "empty"),
        (b"words, not a picture\n" * 100, "OpenCV reads"),
    ],
)
def test_unreadable_files_are_refused_with_the_reason(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "photo.tif").write_bytes(data)
    with pytest.raises(ImageError, match=message):
        read_image_file(tmp_path / "photo.tif")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".bmp", ".jp2", ".ppm", ".avif"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_truncated_files_are_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], suffix: str, part: float
) -> None:
    path = write(tmp_path / f"photo{suffix}", picture(64, 64))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(ImageError):
        read_image_file(path)
    assert capfd.readouterr().err == ""  # no library writes lines of its own


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".tif"])
def test_several_images_in_a_file_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"several{suffix}"
    if suffix == ".tif":
        cv2.imwritemulti(str(path), [picture(), picture(seed=1)])
    else:
        animation = cv2.Animation()
        animation.frames, animation.durations = [picture(channels=4), picture(channels=4, seed=1)], [100, 100]
        cv2.imwriteanimation(str(path), animation)
    with pytest.raises(ImageError, match="with 2"):
        read_image_file(path)


def test_paths_without_a_photo_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such file"):
        read_image_file(tmp_path / "nowhere.png")
    with pytest.raises(ImageError, match="directory"):
        read_image_file(tmp_path)


@pytest.mark.parametrize("size", [(100_000, 100_000), (30_000, 30_000)])
def test_absurd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    data = png(np.zeros((1, 1), np.uint8), 0).replace(struct.pack(">II", 1, 1), struct.pack(">II", *size))
    header = data[12:29]
    data = data[:29] + struct.pack(">I", zlib.crc32(header)) + data[33:]
    (tmp_path / "huge.png").write_bytes(data)
    with pytest.raises(ImageError):
        read_image_file(tmp_path / "huge.png")


def png(pixels: np.ndarray, kind: int, chunks: list[tuple[bytes, bytes]] | None = None) -> bytes:
    """A PNG of 8 bits: kind 0 grey, 3 palette, 4 grey with alpha."""
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", header), *(chunks or []), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body
