"""Every kind of image gives the same mask."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidinpaint.core.errors import MaskError
from vidinpaint.masks.mask_image import MaskSize, is_image, read_mask_image

SIZE = MaskSize(40, 30)
MASK = np.zeros((30, 40), bool)
MASK[5:12, 8:30] = True


def _grey(high: int, low: int = 0, kind: type = np.uint8) -> np.ndarray:
    return np.where(MASK, high, low).astype(kind)


def _opacity(colour: np.ndarray) -> np.ndarray:
    return np.dstack([colour, colour, colour, _grey(255)])


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("white.png", _grey(255)),
        ("just.png", _grey(128, 127)),
        ("colour.png", np.dstack([_grey(0), _grey(128), _grey(0)])),
        ("deep.png", _grey(128 * 257, 127 * 257, np.uint16)),
        ("opacity.png", _opacity(np.zeros_like(MASK, np.uint8))),
        ("white.bmp", _grey(255)),
        ("white.jpg", _grey(255)),
        ("float.tiff", _grey(1, 0, np.float32)),
        ("levels.tiff", _grey(254, 3, np.float32)),
        ("ünïcode name.webp", np.dstack([_grey(255)] * 3)),
    ],
)
def test_masked_where_the_largest_colour_is_over_127(tmp_path: Path, name: str, samples: np.ndarray) -> None:
    path = tmp_path / name
    path.write_bytes(cv2.imencode(path.suffix, samples)[1].tobytes())
    assert is_image(path)
    np.testing.assert_array_equal(read_mask_image(path, SIZE), MASK)


def test_a_name_that_is_not_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"mask\xff.png")
    try:
        path.write_bytes(cv2.imencode(".png", _grey(255))[1].tobytes())
    except OSError:  # macOS has no such names
        return
    assert is_image(path)
    np.testing.assert_array_equal(read_mask_image(path, SIZE), MASK)


def test_one_bit(tmp_path: Path) -> None:
    path = tmp_path / "bits.png"
    cv2.imwrite(str(path), _grey(255), [cv2.IMWRITE_PNG_BILEVEL, 1])
    np.testing.assert_array_equal(read_mask_image(path, SIZE), MASK)


def test_opacity_is_ignored_where_colour_tells(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    cv2.imwrite(str(path), np.dstack([_grey(255)] * 3 + [np.full(MASK.shape, 255, np.uint8)]))
    np.testing.assert_array_equal(read_mask_image(path, SIZE), MASK)


def test_labels_are_not_taken_for_an_empty_mask(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "m.png"), _grey(1))
    with pytest.raises(MaskError, match="0/1 mask"):
        read_mask_image(tmp_path / "m.png", SIZE)


def test_size(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "m.png"), cv2.resize(_grey(255), (20, 15), interpolation=cv2.INTER_NEAREST))
    with pytest.raises(MaskError) as caught:
        read_mask_image(tmp_path / "m.png", SIZE)
    assert str(caught.value).startswith("expected a mask of 40 x 30, found 20 x 15 'm.png'. Use --resize-mask")
    scaled = read_mask_image(tmp_path / "m.png", MaskSize(40, 30, resize=True))
    assert scaled.shape == MASK.shape
    assert scaled.dtype == bool
    assert np.count_nonzero(scaled != MASK) <= 60  # a pixel along the edge


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n and then nothing"])
def test_unreadable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "m.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MaskError) as caught:
        read_mask_image(path, SIZE)
    assert "\n" not in str(caught.value)
