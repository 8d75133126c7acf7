"""Photos come out upright, whatever the block that says so holds."""

import cv2
import numpy as np
import pytest

from tests.images.files import exif, picture
from vidinpaint.core.orientation import Turn, avif_turn, exif_turn, matrix_turn, upright_block
from vidinpaint.core.window import Box
from vidinpaint.images.image_file import EXIF

PICTURE = np.arange(6, dtype=np.uint8).reshape(2, 3)
UPRIGHT = {
    1: [[0, 1, 2], [3, 4, 5]],
    2: [[2, 1, 0], [5, 4, 3]],
    3: [[5, 4, 3], [2, 1, 0]],
    4: [[3, 4, 5], [0, 1, 2]],
    5: [[0, 3], [1, 4], [2, 5]],
    6: [[3, 0], [4, 1], [5, 2]],
    7: [[5, 2], [4, 1], [3, 0]],
    8: [[2, 5], [1, 4], [0, 3]],
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_orientation(orientation: int, order: str) -> None:
    block = exif(orientation, order)
    assert exif_turn(block)(PICTURE).tolist() == UPRIGHT[orientation]
    after = upright_block(block)
    assert after == exif(1, order)
    assert exif_turn(after) == Turn()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_viewer_turns_it_the_same_way(orientation: int) -> None:
    pixels = picture(6, 9)
    block = np.frombuffer(exif(orientation), np.uint8)
    _, data = cv2.imencodeWithMetadata(".png", pixels, [EXIF], [block])
    assert np.array_equal(exif_turn(exif(orientation))(pixels), cv2.imdecode(data, cv2.IMREAD_COLOR))


def test_the_preview_of_what_was_removed_is_gone() -> None:
    block = exif(6, preview=b"the old picture")
    after = upright_block(block)
    assert after is not None
    assert len(after) == len(block)
    assert b"old" not in after
    assert exif_turn(after) == Turn()


def test_the_prefix_of_some_formats_is_taken_off() -> None:
    assert exif_turn(b"Exif\0\0" + exif(6)) == exif_turn(exif(6)) == Turn(3)
    assert upright_block(b"Exif\0\0" + exif(6)) == exif(1)


@pytest.mark.parametrize("block", [b"", b"MM", b"MM\0*", b"MM\0*\xff\xff\xff\xff", b"no exif at all", exif(6)[:20]])
def test_a_damaged_block_turns_nothing_and_is_dropped(block: bytes) -> None:
    assert exif_turn(block) == Turn()
    assert upright_block(block) is None


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation: int) -> None:
    assert exif_turn(exif(orientation)) == Turn()
    assert upright_block(exif(orientation)) == exif(1)


def test_hostile_blocks_never_fail() -> None:
    random = np.random.default_rng(0)
    good = exif(6, preview=b"preview")
    for _ in range(3000):
        block = bytearray(good)
        for at in random.integers(4, len(block), 3):
            block[at] = random.integers(256)
        assert isinstance(exif_turn(bytes(block)), Turn)
        after = upright_block(bytes(block))
        assert after is None or len(after) == len(block)


@pytest.mark.parametrize(
    ("boxes", "turn"),
    [
        (b"", Turn()),
        (b"\0\0\0\x09irot\x01", Turn(1)),
        (b"\0\0\0\x09irot\x02", Turn(2)),
        (b"\0\0\0\x09irot\x03", Turn(3)),
        (b"\0\0\0\x09imir\x01", Turn(0, True)),  # left and right
        (b"\0\0\0\x09imir\0", Turn(2, True)),  # top and bottom
        (b"\0\0\0\x09irot\x01....\0\0\0\x09imir\0", Turn(3, True)),
        (b"\0\0\0\x09irot\x03....\0\0\0\x09imir\0", Turn(1, True)),
    ],
)
def test_avif_stores_the_turn_in_boxes(boxes: bytes, turn: Turn) -> None:
    assert avif_turn(b"\0\0\0 ftypavif" + boxes + b"\0\0\0\0mdat\0\0\0\x09irot\x02") == turn


def test_truncated_avif_turns_nothing() -> None:
    assert avif_turn(b"\0\0\0\x09irot\x01") == Turn()
    assert avif_turn(b"") == Turn()


TURNS = [Turn(quarters, mirrored) for quarters in range(4) for mirrored in (False, True)]


@pytest.mark.parametrize("turn", TURNS)
def test_the_inverse_and_boxes_of_a_turn(turn: Turn) -> None:
    assert turn.inverse()(turn(PICTURE)).tolist() == PICTURE.tolist()
    frames = np.stack([PICTURE, PICTURE + 10])
    assert np.array_equal(turn(frames, rows=1), np.stack([turn(PICTURE), turn(PICTURE + 10)]))
    assert turn.size(3, 2) == turn(PICTURE).shape[::-1]
    stored = Box(2, 1, 4, 3)
    picture = np.zeros((9, 12), bool)
    picture[stored.slices] = True
    expected = np.zeros(turn(picture).shape, bool)
    expected[turn.box(stored, 12, 9).slices] = True
    assert np.array_equal(turn(picture), expected)


@pytest.mark.parametrize("matrix", [(a, 0, 0, d) for a in (1, -1) for d in (1, -1)] +
                         [(0, b, c, 0) for b in (1, -1) for c in (1, -1)])  # fmt: skip
def test_a_display_matrix_moves_every_pixel(matrix: tuple[int, int, int, int]) -> None:
    a, b, c, d = (value << 16 for value in matrix)
    turn = matrix_turn((a, b, 0, c, d, 0, 0, 0, 1 << 30))
    assert turn is not None
    height, width = PICTURE.shape
    places = {(x * matrix[0] + y * matrix[2], x * matrix[1] + y * matrix[3]): PICTURE[y, x]
              for y in range(height) for x in range(width)}  # fmt: skip
    left, top = (min(place[axis] for place in places) for axis in (0, 1))
    shown = np.zeros(turn(PICTURE).shape, np.uint8)
    for (x, y), value in places.items():
        shown[y - top, x - left] = value
    assert turn(PICTURE).tolist() == shown.tolist()


def test_a_matrix_that_is_no_quarter_turn() -> None:
    assert matrix_turn(()) == Turn()
    assert matrix_turn((56756, 32768, 0, -32768, 56756, 0, 0, 0, 1 << 30)) is None
