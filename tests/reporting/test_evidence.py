"""Which moments are selected, and what their images show."""

from fractions import Fraction

import cv2
import numpy as np

from tests.reporting.runs import (
    BASE,
    CROP,
    HEIGHT,
    MASK,
    WIDTH,
    StaticMasks,
    check,
    clip,
    evidence,
    info,
    plan,
    results,
)
from vidinpaint.checking.record import FrameCheck
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.provenance import SOURCE_COLOURS
from vidinpaint.core.window import Box, Plan, Window
from vidinpaint.reporting.evidence import Evidence, select_moments, select_view
from vidinpaint.reporting.images import jpeg


def decoded(data: bytes) -> np.ndarray:
    """RGB, or RGBA if the file has alpha."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return image[..., [2, 1, 0, 3][: image.shape[2]]]


def test_moments_are_spread_over_the_frames_that_have_masks() -> None:
    assert select_moments(StaticMasks(frames=range(100, 200)), 1000, 4) == (112, 137, 162, 187)
    assert select_moments(StaticMasks(frames=range(7, 10)), 30) == (7, 8, 9)
    assert select_moments(StaticMasks(frames=range(0)), 30) == ()


def test_the_view_is_around_the_masks_where_they_are_small() -> None:
    assert select_view([Box(20, 20, 100, 40)], 1920, 1080) == Box(0, 0, 480, 270)
    assert select_view([Box(900, 500, 100, 40)], 1920, 1080) == Box(710, 385, 480, 270)
    assert select_view([Box(300, 620, 700, 60)], 1280, 720) == Box(268, 290, 764, 430)
    assert select_view([Box(20, 20, 100, 40), Box(1800, 1000, 100, 40)], 1920, 1080) == Box(0, 0, 1920, 1080)
    assert select_view([Box(20, 20, 100, 40)], 640, 360) == Box(0, 0, 640, 360)
    assert select_view([], 1920, 1080) == Box(0, 0, 1920, 1080)


def test_counts_and_images() -> None:
    result = evidence()
    assert (result.counts == [0, 36 * 20, 0, 36 * 20, 0]).all()
    assert len(result.moments) == 12
    moment = result.moments[-1]
    assert (moment.frame, moment.seconds) == (28, 28 / 25)
    assert (moment.width, moment.height) == (WIDTH, HEIGHT)
    assert moment.middle == (MASK.x + MASK.width / 2) / WIDTH
    before, after, source = (decoded(data) for data in (moment.before, moment.after, moment.source))
    middle = (slice(40, 56), slice(66, 94))
    assert np.abs(before[middle].mean((0, 1)) - (255, 0, 0)).max() < 12
    assert after[middle].max() < 12
    tinted = source[..., 3] > 0
    assert tinted.sum() == MASK.area
    assert tinted[MASK.slices].all()
    assert tuple(source[40, 62, :3]) == SOURCE_COLOURS[Source.SYNTHESISED]
    assert tuple(source[40, 98, :3]) == SOURCE_COLOURS[Source.PROPAGATED]


def test_the_order_of_windows_does_not_matter() -> None:
    forward, backward = evidence((0, 1, 2)), evidence((2, 0, 1))
    assert forward.moments == backward.moments
    assert np.array_equal(forward.counts, backward.counts)


def test_the_worst_windows_are_shown_as_well() -> None:
    few = StaticMasks(frames=range(9))
    for order in ((0, 1, 2), (2, 1, 0)):
        result = Evidence(plan(), info(), few)
        for index in order:
            window = result.plan.windows[index]
            verdict = check(index, "good" if index == 0 else "bad", score=2.0)
            result.collect(window, *results(window), verdict)
        assert [moment.frame for moment in result.moments] == [*range(9), 15, 25]
    many = Evidence(plan(1), info(), StaticMasks(frames=range(0)))
    for window in many.plan.windows:
        frames = (FrameCheck(window.start, 1440),)
        verdict = check(window.index, "suspect", score=0.1 * (window.index % 7), frames=frames)
        many.collect(window, *results(window), verdict)
    assert [moment.frame for moment in many.moments] == [6, 13, 20, 27]


def test_a_window_without_masks_adds_nothing() -> None:
    result = Evidence(plan(), info(), StaticMasks(frames=range(0)))
    result.collect(result.plan.windows[0], {}, (), None)
    assert result.moments == ()
    assert not result.counts.any()


def test_images_are_upright_square_and_small() -> None:
    turned = evidence(display_matrix=(0, -1, 0, 1, 0, 0, 0, 0, 1)).moments[0]
    assert (turned.width, turned.height) == (HEIGHT, WIDTH)
    image = decoded(turned.before)
    y, x = WIDTH - 1 - (MASK.x + 10), MASK.y + 10  # a quarter turn counter-clockwise
    assert np.abs(image[y, x].astype(int) - (255, 0, 0)).max() < 20
    wide = evidence(sample_aspect=Fraction(8)).moments[0]
    assert (wide.width, wide.height) == (640, 48)
    assert decoded(wide.source).shape == (48, 640, 4)


def test_small_masks_of_large_frames_are_shown_in_full_size() -> None:
    frames = np.zeros((1, 720, 1280, 3), np.uint8)
    frames[:, 300:340, 600:680, 0] = 255
    masks = frames[..., 0] > 0
    mask = Box(600, 300, 80, 40)
    single = Plan(np.arange(1), BASE, ((0, 1),), (Window(0, 0, 0, 1, 0, 1, (mask,)),))
    result = Evidence(single, info(width=1280, height=720), StaticMasks(mask, range(1)))
    assert result.view == Box(400, 185, 480, 270)
    canvas = Canvas(np.zeros((1, 40, 80, 3), np.float32), np.full((1, 40, 80), Source.PROPAGATED, np.uint8))
    result.collect(single.windows[0], {"clip": clip(frames), "mask": masks}, (canvas,), None)
    (moment,) = result.moments
    assert (moment.width, moment.height) == (480, 270)
    red = decoded(moment.before)[..., 0] > 128
    assert red[116:154, 202:278].all()
    assert not red[:114].any()
    assert (decoded(moment.source)[..., 3] > 0).sum() == 80 * 40


def test_small_areas_stay_visible_after_downscaling() -> None:
    result = Evidence(plan(), info(sample_aspect=Fraction(1, 8), width=WIDTH), StaticMasks())
    window = result.plan.windows[0]
    values, (canvas,) = results(window)
    source = np.zeros_like(canvas.source)
    source[:, :, 40] = Source.UNFILLED  # one column, an eighth of a pixel on the page
    result.collect(window, values, (Canvas(canvas.pixels, source),), None)
    tint = decoded(result.moments[0].source)
    column = tint[HEIGHT // 2, (CROP.x + 40) // 8]
    assert column[3] > 0
    assert np.abs(column[:3].astype(int) - SOURCE_COLOURS[Source.UNFILLED]).max() < 12


def test_images_stay_small_whatever_they_show() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (360, 640, 3)).astype(np.uint8)
    assert len(jpeg(noise)) < 90_000
    assert len(jpeg(noise)) > len(jpeg(np.full_like(noise, 128)))
