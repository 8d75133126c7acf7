from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.marks.scene import mark
from vidinpaint.core.errors import MaskError
from vidinpaint.marks.template import Template
from vidinpaint.marks.template_file import KEYWORD, Place, read_template, write_template

PLACE = Place(12, 34, 640, 360)


def written(folder: Path) -> Path:
    template = mark(0.5, rim=True)
    uncertain = np.where(template.alpha > 0, 0.02, 0).astype(np.float32)
    write_template(folder / "mark.png", Template(template.alpha, template.colour, uncertain), PLACE)
    return folder / "mark.png"


def test_what_is_written_is_read_again(tmp_path: Path):
    found = read_template(written(tmp_path))
    expected = mark(0.5, rim=True)
    seen = expected.alpha > 0
    assert np.allclose(found.template.alpha, expected.alpha, atol=1e-4)
    assert np.allclose(found.template.colour[seen], expected.colour[seen], atol=1e-4)
    assert np.allclose(found.template.deviation[seen], 0.02)
    assert not found.template.deviation[~seen].any()
    assert found.place == PLACE


def test_any_image_with_alpha_is_a_template(tmp_path: Path):
    picture = np.zeros((9, 8, 4), np.uint8)
    picture[2:5, 2:5] = (0, 0, 255, 128)  # OpenCV's order: red
    cv2.imwrite(str(tmp_path / "red.png"), picture)
    found = read_template(tmp_path / "red.png")
    assert found.place is None
    assert found.template.colour[3, 3].tolist() == [1, 0, 0]
    assert np.isclose(found.template.alpha[3, 3], 128 / 255)
    assert not found.template.deviation.any()


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (np.full((9, 8, 3), 80, np.uint8), "without an alpha channel"),
        (np.full((9, 8), 80, np.uint8), "without an alpha channel"),
        (np.zeros((9, 8, 4), np.uint8), "transparent everywhere"),
        (np.full((9, 8, 4), 255, np.uint8), "opaque everywhere"),
    ],
)
def test_images_that_are_no_template_are_refused(tmp_path: Path, picture: np.ndarray, reason: str):
    cv2.imwrite(str(tmp_path / "mark.png"), picture)
    with pytest.raises(MaskError, match=reason) as error:
        read_template(tmp_path / "mark.png")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_files_that_are_no_image_are_refused(tmp_path: Path, content: bytes):
    (tmp_path / "mark.png").write_bytes(content)
    with pytest.raises(MaskError, match=r"mark\.png"):
        read_template(tmp_path / "mark.png")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(MaskError, match="template"):
            read_template(path)


@pytest.mark.parametrize("length", [40, 200])
def test_a_truncated_file_is_refused(tmp_path: Path, length: int):
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(MaskError, match=r"truncated|damaged"):
        read_template(path)


@pytest.mark.parametrize(("old", "new"), [(b"x=12 y=34", b"x=1q y=34"), (b"x=12 ", b"x=639 "[:5]), (b"=640", b"=104")])
def test_a_text_that_makes_no_sense_is_refused(tmp_path: Path, old: bytes, new: bytes):
    path = written(tmp_path)
    data = path.read_bytes()
    assert KEYWORD.encode() in data
    path.write_bytes(data.replace(old, new))
    with pytest.raises(MaskError, match=r"text chunk|damaged"):
        read_template(path)
