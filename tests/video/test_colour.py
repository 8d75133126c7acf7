"""Colour: codes to RGB and back, and nothing written outside the masks."""

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from tests.video.clips import pixel_format
from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.window import Box
from vidinpaint.video.pixels.chroma import downsample, upsample
from vidinpaint.video.pixels.colour import composite_into_planes, downscaled_rgb, rgb_from_planes, with_chroma_bleed

FORMATS = ["yuv420p", "yuv422p10le", "yuv444p", "yuv411p", "yuv410p", "yuv440p", "gbrp", "gray", "yuva420p", "gray16le",
           "gbrap16le", "yuv420p16le"]  # fmt: skip
SIZES = [(1, 1), (2, 3), (17, 15), (35, 21), (16, 24)]


def clip_of(name: str, size: tuple[int, int], full_range: bool = False, length: int = 2) -> Clip:
    """Random samples that are inside the RGB cube."""
    format = pixel_format(name)
    random = np.random.default_rng(7)
    scale = 2.0 ** (format.bits - 8)
    low, high = (100, 150) if format.kind != "rgb" else (0, 255)
    planes = tuple(
        (random.uniform(low, high, (length, *format.plane_shape(index, *size))) * scale).astype(format.dtype)
        for index in range(format.colour_planes + format.alpha)
    )
    colour = Colour("bt709", full_range) if format.kind == "yuv" else Colour("rgb", full_range or format.kind == "rgb")
    return Clip(planes, format, colour, np.arange(length), Fraction(1, 25))


def crops(size: tuple[int, int]) -> list[Box]:
    height, width = size
    random = np.random.default_rng(8)
    boxes = [Box(0, 0, width, height)]
    for _ in range(6):
        x, y = int(random.integers(width)), int(random.integers(height))
        boxes.append(Box(x, y, int(random.integers(1, width - x + 1)), int(random.integers(1, height - y + 1))))
    return boxes


@pytest.mark.parametrize(
    ("matrix", "codes", "rgb"),
    [
        ("bt709", (63, 102, 240), (1, 0, 0)),
        ("bt709", (173, 42, 26), (0, 1, 0)),
        ("bt601", (81, 90, 240), (1, 0, 0)),
        ("bt601", (41, 240, 110), (0, 0, 1)),
        ("bt2020", (16, 128, 128), (0, 0, 0)),
        ("bt2020", (235, 128, 128), (1, 1, 1)),
    ],
)
def test_codes_of_the_standards(matrix, codes, rgb):
    format = pixel_format("yuv444p")
    planes = tuple(np.full((1, 2, 2), code, np.uint8) for code in codes)
    clip = Clip(planes, format, Colour(matrix), np.zeros(1, np.int64), Fraction(1))
    found = rgb_from_planes(clip, Box(0, 0, 2, 2))
    np.testing.assert_allclose(found[0, 0, 0], rgb, atol=0.006)
    empty = tuple(np.zeros((1, 2, 2), np.uint8) for _ in codes)
    pixels = np.broadcast_to(np.array(rgb, np.float32), (1, 2, 2, 3)).copy()
    composite_into_planes(empty, format, clip.colour, Box(0, 0, 2, 2), pixels, np.ones((1, 2, 2), bool))
    assert [int(plane[0, 0, 0]) for plane in empty] == list(codes)


@pytest.mark.parametrize("length", [1, 2, 3, 8, 9])
@pytest.mark.parametrize("centred", [False, True])
def test_chroma_comes_back_from_full_size(length, centred):
    chroma = np.random.default_rng(1).random((length, 3)).astype(np.float32)
    for size in (2 * length, 2 * length - 1):
        back = downsample(upsample(chroma, 0, centred)[:size], 0, centred)
        np.testing.assert_allclose(back, chroma, atol=1e-6)


def test_upsampling_is_linear():
    chroma = np.array([0, 4], np.float32)
    assert upsample(chroma, 0, False).tolist() == [0, 2, 4, 4]
    assert upsample(chroma, 0, True).tolist() == [0, 1, 3, 4]


@pytest.mark.parametrize("full_range", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FORMATS)
def test_compositing_a_clips_own_pixels_changes_nothing(name, size, full_range):
    clip = clip_of(name, size, full_range)
    whole = rgb_from_planes(clip, Box(0, 0, size[1], size[0]))
    random = np.random.default_rng(9)
    for box in crops(size):
        pixels = rgb_from_planes(clip, box)
        np.testing.assert_allclose(pixels, whole[:, *box.slices], atol=1e-6)
        planes = tuple(plane.copy() for plane in clip.planes)
        composite_into_planes(planes, clip.format, clip.colour, box, pixels, random.random(pixels.shape[:3]) < 0.4)
        for plane, old in zip(planes, clip.planes):
            np.testing.assert_array_equal(plane, old)


def touched(masks: np.ndarray, format: PixelFormat) -> np.ndarray:
    """bool (T, h, w): chroma samples that linear interpolation mixes with a mask, wherever in their block they sit."""
    length, height, width = masks.shape
    result = np.zeros((length, *format.plane_shape(1, height, width)), bool)
    step_y, step_x = 1 << format.chroma_y, 1 << format.chroma_x
    for t, row, column in np.ndindex(result.shape):
        top, left = row * step_y, column * step_x
        rows = slice(max(0, top - step_y + 1), top + 2 * step_y - 1)
        result[t, row, column] = masks[t, rows, max(0, left - step_x + 1) : left + 2 * step_x - 1].any()
    return result


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FORMATS)
def test_only_masks_and_their_chroma_blocks_are_written(name, size):
    clip = clip_of(name, size)
    format = clip.format
    random = np.random.default_rng(10)
    for box in crops(size):
        masks = random.random((len(clip), box.height, box.width)) < 0.1
        planes = tuple(plane.copy() for plane in clip.planes)
        composite_into_planes(planes, format, clip.colour, box, random.random((*masks.shape, 3), np.float32), masks)
        full_masks = np.zeros((len(clip), *size), bool)
        full_masks[:, *box.slices] = masks
        for index, (plane, old) in enumerate(zip(planes, clip.planes)):
            allowed = full_masks
            if format.alpha and index == len(planes) - 1:
                allowed = np.zeros_like(full_masks)
            elif format.kind == "yuv" and index:
                allowed = touched(full_masks, format)
            np.testing.assert_array_equal(plane[~allowed], old[~allowed])


def test_composited_pixels_can_be_read_back():
    clip = clip_of("yuv420p", (32, 32), length=1)
    y, x = np.mgrid[:16, :16].astype(np.float32) / 40 + 0.2
    pixels = np.stack([y, x, (x + y) / 2], -1)[None]
    box = Box(8, 8, 16, 16)
    planes = tuple(plane.copy() for plane in clip.planes)
    composite_into_planes(planes, clip.format, clip.colour, box, pixels, np.ones((1, 16, 16), bool))
    found = rgb_from_planes(Clip(planes, clip.format, clip.colour, clip.pts, clip.time_base), box)
    assert np.abs(found - pixels)[:, 4:-4, 4:-4].max() < 0.01


def test_weight_mixes_old_and_new():
    clip = clip_of("gray", (1, 3), full_range=True, length=1)
    planes = (np.array([[[100, 100, 100]]], np.uint8),)
    weight = np.array([[[0, 0.5, 1]]], np.float32)
    pixels = np.full((1, 1, 3, 3), 200 / 255, np.float32)
    composite_into_planes(planes, clip.format, clip.colour, Box(0, 0, 3, 1), pixels, np.ones((1, 1, 3), bool), weight)
    assert planes[0].ravel().tolist() == [100, 150, 200]


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p", "yuv444p", "yuv411p", "gray"])
@pytest.mark.parametrize("full_range", [False, True])
def test_chroma_bleed_is_what_changes_with_the_chroma_under_the_mask(name, full_range):
    clip = clip_of(name, (18, 22), full_range, length=1)
    format, box = clip.format, Box(3, 1, 15, 16)
    masks = np.zeros((1, 16, 15), bool)
    masks[0, 5:8, 4:7] = masks[0, 12, 11] = True
    planes = tuple(plane.copy() for plane in clip.planes)
    full_masks = np.zeros((1, 18, 22), bool)
    full_masks[:, *box.slices] = masks
    for index in range(1, format.colour_planes):
        planes[index][touched(full_masks, format)] += 30
    other = Clip(planes, format, clip.colour, clip.pts, clip.time_base)
    changed = np.abs(rgb_from_planes(other, box) - rgb_from_planes(clip, box)).max(-1) > 1e-4
    np.testing.assert_array_equal(with_chroma_bleed(masks, format, clip.colour, box), changed | masks)


@pytest.mark.parametrize("name", FORMATS)
def test_downscaled_frames_are_means_of_the_known_pixels(name: str) -> None:
    clip = clip_of(name, (32, 48))
    plain, known_part = downscaled_rgb(clip, 1, np.zeros((32, 48), bool), (6, 4))
    whole = rgb_from_planes(clip, Box(0, 0, 48, 32))[1].reshape(4, 8, 6, 8, 3).mean((1, 3))
    assert plain.shape == whole.shape
    assert (known_part == 1).all()
    np.testing.assert_allclose(plain, whole, atol=0.07)  # coarse chroma samples extend beyond the edges
    mask = np.zeros((32, 48), bool)
    mask[4:13, 10:26] = True
    damaged = tuple(plane.copy() for plane in clip.planes)
    for plane in damaged:
        down, across = 32 // plane.shape[1], 48 // plane.shape[2]
        plane[:, -(-4 // down) : 12 // down, -(-10 // across) : 26 // across] = 0
    known, known_part = downscaled_rgb(clip, 1, mask, (6, 4))
    np.testing.assert_array_equal(downscaled_rgb(replace(clip, planes=damaged), 1, mask, (6, 4))[0], known)
    assert known_part.shape == (4, 6)
    assert known_part[3, 0] == 1
    assert known_part[1, 2] < 0.5


def yellow_box(margin: int) -> tuple[Clip, np.ndarray, np.ndarray]:
    """A bluish 4:2:0 clip with a yellow box, the mask of the box with a margin in pixels, and the true planes."""
    y, x = np.mgrid[:64, :80]
    background = np.stack([0.3 + 0.2 * np.sin(x / 5), 0.4 + 0.2 * np.sin(y / 7), np.full(x.shape, 0.6)], -1)
    truth = background.astype(np.float32)[None]
    frames, mask = truth.copy(), np.zeros((1, 64, 80), bool)
    frames[:, 21:44, 25:52] = (1, 1, 0)
    mask[:, 21 - margin : 44 + margin, 25 - margin : 52 + margin] = True
    planes, true_planes = (subsampled(pixels) for pixels in (frames, truth))
    format = pixel_format("yuv420p")
    return Clip(planes, format, Colour(), np.zeros(1, np.int64), Fraction(1, 25)), mask, true_planes


def subsampled(pixels: np.ndarray) -> tuple[np.ndarray, ...]:
    box = Box(0, 0, pixels.shape[2], pixels.shape[1])
    planes = tuple(
        np.zeros((1, *pixel_format("yuv444p").plane_shape(i, *pixels.shape[1:3])), np.uint8) for i in range(3)
    )
    composite_into_planes(planes, pixel_format("yuv444p"), Colour(), box, pixels, np.ones(pixels.shape[:3], bool))
    chroma = (plane.reshape(1, 32, 2, 40, 2).mean((2, 4)).round().astype(np.uint8) for plane in planes[1:])
    return planes[0], *chroma


def test_chroma_that_leaked_from_under_the_mask_is_replaced_and_luma_stays():
    clip, mask, true_planes = yellow_box(margin=0)
    box = Box(0, 0, 80, 64)
    beside = cv2.dilate(mask[0].astype(np.uint8), np.ones((5, 5)))[None].astype(bool) & ~mask
    true = rgb_from_planes(replace(clip, planes=true_planes), box)[beside]
    tinted, clean = rgb_from_planes(clip, box)[beside], rgb_from_planes(clip, box, mask)[beside]
    assert np.abs(tinted - true).max() > 0.2
    assert np.abs(clean - true).max() < 0.08
    np.testing.assert_allclose(clean @ (0.2126, 0.7152, 0.0722), tinted @ (0.2126, 0.7152, 0.0722), atol=5e-3)


def test_chroma_around_a_mask_with_a_margin_stays_as_it_is():
    clip, mask, _ = yellow_box(margin=4)
    box = Box(0, 0, 80, 64)
    np.testing.assert_array_equal(rgb_from_planes(clip, box, mask), rgb_from_planes(clip, box))


def test_chroma_of_a_frame_that_is_all_mask_is_left_alone():
    clip, _, _ = yellow_box(margin=0)
    box = Box(0, 0, 80, 64)
    everything = np.ones((1, 64, 80), bool)
    np.testing.assert_array_equal(rgb_from_planes(clip, box, everything), rgb_from_planes(clip, box))
