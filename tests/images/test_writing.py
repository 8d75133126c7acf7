"""An image is read back exactly as written, or the loss is noted; a file is complete or absent."""

import errno
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.images.files import exif, picture, scene, write
from vidinpaint.core.errors import OutputError
from vidinpaint.images.formats import FORMATS, format_of
from vidinpaint.images.image_file import EXIF, ICC, XMP, ImageFile
from vidinpaint.images.reading import read_image_file
from vidinpaint.images.writing import check_image_output, write_image_file

RGB_PROFILE = bytes(16) + b"RGB " + bytes(16) + b"acsp" + bytes(100)
CASES = [
    (suffix, channels, dtype)
    for suffix, format in FORMATS.items()
    for channels in (1, 3, 4)
    for dtype, depth in ((np.uint8, "8 bit"), (np.uint16, "16 bit"), (np.float32, "float"))
    if depth in format.depths and {1: format.grey, 3: format.colour, 4: format.alpha}[channels] and (format.exact)
]


@pytest.mark.parametrize(("suffix", "channels", "dtype"), CASES)
def test_what_a_format_holds_is_read_back_exactly(tmp_path: Path, suffix: str, channels: int, dtype: type) -> None:
    pixels = picture(64, 67, channels, dtype)
    path = tmp_path / f"photo{suffix}"
    format_of(path).check(ImageFile(pixels))
    assert write_image_file(ImageFile(pixels), path) == []
    back = read_image_file(path).pixels
    assert back.dtype == dtype
    if suffix == ".webp" and channels == 1:  # WebP has no grey
        back = back[..., 0]
    assert np.array_equal(back, pixels)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg"])
@pytest.mark.parametrize("grey", [True, False])
def test_jpeg_is_close_and_noted_as_not_exact(tmp_path: Path, suffix: str, grey: bool) -> None:
    pixels = scene(64, 80)
    pixels = pixels[..., 0].copy() if grey else pixels
    path = tmp_path / f"photo{suffix}"
    assert any("encodes all pixels again" in note for note in write_image_file(ImageFile(pixels), path))
    back = read_image_file(path).pixels
    assert back.shape == pixels.shape
    assert cv2.PSNR(back, pixels) > 48
    sharp = np.zeros((32, 32, 3), np.uint8)
    sharp[:, ::2] = (255, 0, 0)  # only chroma in full resolution keeps such lines
    write_image_file(ImageFile(sharp), path)
    assert cv2.PSNR(read_image_file(path).pixels, sharp) > 40


@pytest.mark.parametrize(
    ("name", "pixels", "message"),
    [
        ("photo.jpg", picture(channels=4), "alpha"),
        ("photo.jpg", picture(dtype=np.uint16), "16 bit"),
        ("photo.webp", picture(dtype=np.uint16), "16 bit"),
        ("photo.png", picture(dtype=np.float32), r"Write a \.tif\."),
        ("photo.ppm", picture(channels=1), "grey"),
        ("photo.pgm", picture(channels=3), "colour"),
    ],
)
def test_images_that_a_format_cannot_hold_are_refused(name: str, pixels: np.ndarray, message: str) -> None:
    with pytest.raises(OutputError, match=message):
        format_of(Path(name)).check(ImageFile(pixels))


@pytest.mark.parametrize("name", ["photo", "photo.gif", "photo.mp4", "photo.exr", ".png"])
def test_names_of_no_image_file_are_refused(name: str) -> None:
    with pytest.raises(OutputError, match=r"\.png, \.jpg"):
        format_of(Path(name))


@pytest.mark.parametrize(
    ("suffix", "lost"),
    [
        (".png", {"XMP"}),
        (".webp", set()),
        (".jpg", {"XMP"}),
        (".avif", {"XMP", "ICC"}),
        (".tif", {"EXIF", "XMP", "ICC"}),
    ],
)
def test_metadata_is_kept_or_its_loss_is_noted(tmp_path: Path, suffix: str, lost: set[str]) -> None:
    given = {EXIF: exif(1), XMP: b"<x:xmpmeta/>", ICC: RGB_PROFILE}
    if suffix == ".png":
        del given[ICC]  # libpng wants a profile that is right in every byte
    path = tmp_path / f"photo{suffix}"
    notes = " ".join(write_image_file(ImageFile(picture(), given), path))
    kept = {kind: block for kind, block in given.items() if {EXIF: "EXIF", XMP: "XMP", ICC: "ICC"}[kind] not in lost}
    assert read_image_file(path).metadata == kept
    assert all(name in notes for name in lost)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_resolution_is_kept_and_turns_with_the_picture(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = write(tmp_path / "photo.jpg", scene(40, 60), orientation)
    data = bytearray(path.read_bytes())
    at = data.find(b"JFIF\0")
    data[at + 7 : at + 12] = struct.pack(">BHH", 1, 300, 150)
    path.write_bytes(data)
    notes = write_image_file(read_image_file(path), tmp_path / f"out{suffix}")
    assert not any("resolution" in note for note in notes)
    assert read_image_file(tmp_path / f"out{suffix}").beside.dots_per_inch == (
        (300, 150) if orientation == 1 else (150, 300)
    )
    assert any("resolution" in note for note in write_image_file(read_image_file(path), tmp_path / "out.webp"))


@pytest.mark.parametrize(
    ("behind", "name"), [(b"\xff\xd8\xff\xe0 gain map", "second picture"), (b"\0\0\0\x18ftypmp42", "film behind")]
)
def test_what_follows_a_photo_in_its_file_is_named(tmp_path: Path, behind: bytes, name: str) -> None:
    path = write(tmp_path / "photo.jpg", scene(40, 60))
    path.write_bytes(path.read_bytes() + behind)
    assert name in write_image_file(read_image_file(path), tmp_path / "out.png")[0]


@pytest.mark.parametrize("metadata", [{EXIF: exif(1) + bytes(70_000)}, {ICC: RGB_PROFILE + bytes(70_000)}])
def test_metadata_that_is_too_long_is_left_out(tmp_path: Path, metadata: dict[int, bytes]) -> None:
    notes = write_image_file(ImageFile(scene(20, 20), metadata), tmp_path / "photo.jpg")
    assert "does not keep" in notes[0]
    assert read_image_file(tmp_path / "photo.jpg").metadata == {}


def test_a_profile_for_other_channels_is_left_out(tmp_path: Path) -> None:
    profile = RGB_PROFILE.replace(b"RGB ", b"CMYK")
    assert "profile" in write_image_file(ImageFile(picture(), {ICC: profile}), tmp_path / "photo.webp")[0]
    assert read_image_file(tmp_path / "photo.webp").metadata == {}


def test_a_size_that_a_format_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="20000 x 1"):
        write_image_file(ImageFile(picture(1, 20_000)), tmp_path / "photo.webp")
    assert list(tmp_path.iterdir()) == []


def test_paths_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "old.png").write_text("precious")
    for name, message in (("folder.png", "folder"), ("old.png", "--overwrite"), ("no/photo.png", "folder")):
        with pytest.raises(OutputError, match=message):
            check_image_output(tmp_path / name, overwrite=False)
    check_image_output(tmp_path / "old.png", overwrite=True)
    with pytest.raises(OutputError, match="folder"):
        check_image_output(tmp_path / "folder.png", overwrite=True)


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "photo.png").write_text("precious")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="disk full"):
        write_image_file(ImageFile(picture()), tmp_path / "photo.png")
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]
    assert (tmp_path / "photo.png").read_text() == "precious"
