"""`inpaint_image` on files."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.images.files import exif, picture, scene, write
from vidinpaint.core.errors import MaskError, OutputError
from vidinpaint.images.image_file import EXIF
from vidinpaint.images.reading import read_image_file


class Counting:
    """Progress that adds up."""

    def __init__(self) -> None:
        self.total, self.done, self.unit, self.ended = 0, 0, "", False

    def begin(self, what: str, total: int | None, unit: str = "frame") -> None:
        self.total, self.unit = total or 0, unit

    def stage(self, name: str) -> None: ...

    def advance(self, count: int) -> None:
        self.done += count

    def end(self) -> None:
        self.ended = True


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_known_pixels_and_alpha_are_bit_identical(tmp_path: Path, suffix: str, dtype: type, channels: int) -> None:
    pixels = picture(30, 41, channels, dtype)
    source, output = write(tmp_path / f"in{suffix}", pixels), tmp_path / f"out{suffix}"
    done = vidinpaint.inpaint_image(source, "10,12,9,7", output, method="harmonic")
    result = read_image_file(output).pixels
    mask = np.zeros((30, 41), bool)
    mask[12:19, 10:19] = True
    assert (result.shape, result.dtype) == (pixels.shape, pixels.dtype)
    assert np.array_equal(result[~mask], pixels[~mask])
    assert np.array_equal(result, vidinpaint.inpaint_image(pixels, mask, method="harmonic"))
    if channels == 4:
        assert np.array_equal(result[..., 3], pixels[..., 3])
    assert (done.pixels, done.width, done.height, done.method, done.notes) == (63, 41, 30, "harmonic", ())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_mask_shows_the_photo_upright(tmp_path: Path, orientation: int) -> None:
    source = write(tmp_path / "in.png", scene(24, 40), orientation)
    upright = cv2.imread(str(source), cv2.IMREAD_COLOR)[..., ::-1]
    height, width = upright.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    mask[3:8, 5:12] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    vidinpaint.inpaint_image(source, tmp_path / "mask.png", tmp_path / "out.png", method="harmonic")
    result = read_image_file(tmp_path / "out.png")
    assert result.metadata[EXIF] == exif(1)
    assert np.array_equal(result.pixels[mask == 0], upright[mask == 0])
    shown = cv2.imread(str(tmp_path / "out.png"), cv2.IMREAD_COLOR)[..., ::-1]
    assert np.array_equal(shown, result.pixels)


def test_a_mask_of_another_size(tmp_path: Path) -> None:
    source = write(tmp_path / "in.png", picture())
    write(tmp_path / "mask.png", np.kron([[0, 255], [0, 0]], np.ones((6, 8))).astype(np.uint8))
    with pytest.raises(MaskError, match="--resize-mask"):
        vidinpaint.inpaint_image(source, tmp_path / "mask.png", tmp_path / "out.png")
    done = vidinpaint.inpaint_image(source, tmp_path / "mask.png", tmp_path / "out.png", resize_mask=True)
    assert done.pixels == 12 * 16


def test_the_input_is_replaced_only_with_overwrite(tmp_path: Path) -> None:
    pixels = picture()
    source = write(tmp_path / "in.png", pixels)
    with pytest.raises(OutputError, match="--overwrite"):
        vidinpaint.inpaint_image(source, "10,8,5,5", source)
    vidinpaint.inpaint_image(source, "10,8,5,5", source, overwrite=True)
    assert 0 < (read_image_file(source).pixels != pixels).any(-1).sum() <= 25


def test_a_format_that_cannot_hold_the_photo_is_refused_before_any_work(tmp_path: Path) -> None:
    source = write(tmp_path / "in.png", picture(channels=4))
    progress = Counting()
    with pytest.raises(OutputError, match="alpha"):
        vidinpaint.inpaint_image(source, "10,8,5,5", tmp_path / "out.jpg", progress=progress)
    assert progress.total == 0


def test_progress_counts_the_pixels_of_the_mask(tmp_path: Path) -> None:
    progress = Counting()
    vidinpaint.inpaint_image(picture(), "10,8,5,5", method="harmonic", progress=progress)
    assert (progress.total, progress.done, progress.unit, progress.ended) == (25, 25, "pixel", True)


def test_an_empty_mask_is_noted_if_a_program_made_it_and_refused_as_a_file(tmp_path: Path) -> None:
    source, nothing = write(tmp_path / "in.png", picture()), np.zeros((24, 32), np.uint8)
    done = vidinpaint.inpaint_image(source, nothing, tmp_path / "out.png")
    assert "marks nothing" in done.notes[0]
    assert np.array_equal(read_image_file(tmp_path / "out.png").pixels, picture())
    write(tmp_path / "mask.png", nothing)
    with pytest.raises(MaskError, match="which marks nothing"):
        vidinpaint.inpaint_image(source, tmp_path / "mask.png", tmp_path / "new.png")
    assert not (tmp_path / "new.png").exists()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, vidinpaint; assert not {'numba', 'cv2', 'av'} & {*sys.modules}; vidinpaint.inpaint_image"
    subprocess.run([sys.executable, "-c", code], check=True)
