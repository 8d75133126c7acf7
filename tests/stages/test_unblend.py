"""`watermark_removal`: what is half-transparent is un-blended, and only the rest is inpainted."""

import json

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.scenes import pan, psnr
from vidinpaint.core.window import Box
from vidinpaint.execution.jobs.plan_file import known_values, read_values
from vidinpaint.marks.fusion import fuse
from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.marks.template import Template

T, H, W = 24, 96, 160
MARK = Box(70, 50, 64, 30)


def _alpha(opacity: float) -> np.ndarray:
    """float32 (H, W): letters at the place of the mark."""
    image = np.zeros((H, W), np.uint8)
    cv2.putText(image, "MARK", (MARK.x + 3, MARK.y + 22), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 3, cv2.LINE_AA)
    return (image.astype(np.float32) / 255) * np.float32(opacity)


def _marked(frames: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.rint(255 * ((1 - alpha[..., None]) * frames + alpha[..., None] * np.float32(0.95))).astype(np.uint8)


@pytest.fixture(scope="module")
def frames() -> np.ndarray:
    return pan(T, H, W, 3.0, 1.0)


def test_a_half_transparent_mark_in_a_rough_box_is_un_blended(frames: np.ndarray) -> None:
    alpha = _alpha(0.5)
    marked = _marked(frames, alpha)
    box = f"{MARK.x},{MARK.y},{MARK.width},{MARK.height}"
    clean = vidinpaint.inpaint(marked, box, pipeline="watermark_removal")
    where = np.broadcast_to(alpha > 0.02, marked.shape[:3])
    assert psnr(clean / 255, frames, where) > 34
    outside = np.ones((H, W), bool)
    outside[MARK.slices] = False
    np.testing.assert_array_equal(clean[:, outside], marked[:, outside])
    unchanged = (clean == marked).all((0, 3))[MARK.slices]
    assert unchanged.mean() > 0.2  # the box is rough, and most of it is not the mark


def test_an_opaque_mark_is_inpainted(frames: np.ndarray) -> None:
    alpha = _alpha(1.0)
    clean = vidinpaint.inpaint(
        _marked(frames, alpha), (alpha > 0.02).astype(np.uint8) * 255, pipeline="watermark_removal"
    )
    assert psnr(clean / 255, frames, np.broadcast_to(alpha > 0.02, clean.shape[:3])) > 28


def test_the_plan_keeps_marks_exactly() -> None:
    random = np.random.default_rng(0)
    template = Template(*(random.random(shape, np.float32) for shape in ((3, 4), (3, 4, 3), (3, 4))))
    support = random.random((3, 4)) > 0.5
    placed = PlacedMark(template, support, ~support, 5, 6, 2, 4, np.array([0.1, 1], np.float32), 0.75)
    (read,) = read_values(json.loads(json.dumps(known_values({"marks": Marks((placed,))}))))["marks"].placed
    for name in ("alpha", "colour", "deviation"):
        np.testing.assert_array_equal(getattr(read.template, name), getattr(template, name))
    for name in ("support", "given", "strength"):
        np.testing.assert_array_equal(getattr(read, name), getattr(placed, name))
    assert (read.box, read.start, read.stop, read.confidence, read.known) == (Box(5, 6, 4, 3), 2, 4, 0.75, False)


def test_the_better_of_two_estimates_counts_more() -> None:
    random = np.random.default_rng(0)
    truth = random.random((3, 60, 80, 3), np.float32)
    noise = 10 / 255
    unblended = truth + np.float32(noise) * random.standard_normal(truth.shape, np.float32)
    wrong = truth.copy()
    wrong[:, :, :40] += np.float32(0.3)
    where = np.ones(truth.shape[:3], bool)
    where[:, :5] = False
    deviation = np.full(truth.shape[:3], noise, np.float32)
    deviation[:, :, 70:] = np.inf
    fused, weight = fuse(wrong, unblended, deviation, where)
    assert weight[:, 10:, :30].min() > 0.95
    assert weight[:, 10:, 50:70].max() < 0.2
    for nothing in (fused[:, :5] - wrong[:, :5], weight[:, :5], fused[:, :, 70:] - wrong[:, :, 70:], weight[:, :, 70:]):
        assert not nothing.any()
