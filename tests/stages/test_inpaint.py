"""What replaces what no frame of a window shows, and what the canvas says about it."""

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.anchors.album import Anchors
from vidinpaint.anchors.alignment import Picture
from vidinpaint.canvas import Canvas, Source
from vidinpaint.clip import Clip
from vidinpaint.errors import SettingError
from vidinpaint.fillers.interface import inpaint_array
from vidinpaint.fillers.pde.harmonic import Harmonic
from vidinpaint.fillers.pde.telea import Telea
from vidinpaint.flow_pair import FlowPair
from vidinpaint.stages.image_synthesis import image_synthesis
from vidinpaint.stages.inpaint import Inpaint
from vidinpaint.stages.inpaint_each_frame import InpaintEachFrame
from vidinpaint.video.array_reader import ArrayReader
from vidinpaint.window import Box, Window

T, H, W = 4, 60, 80
HOLE = np.zeros((H, W), bool)
HOLE[20:36, 24:40] = True
SCENE = texture(H, W)


def inpainted(stage: Inpaint, seen: int, pictures: list[Picture]) -> Canvas:
    """Four still frames with a hole 16 pixels wide, `seen` columns of which were carried there from elsewhere."""
    source = np.where(HOLE, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
    source[20:36, 24 : 24 + seen] = Source.PROPAGATED
    pixels = np.where(source[..., None] == Source.UNFILLED, np.float32(0.1), SCENE)
    codes = (np.repeat(SCENE[None], T, 0) * 255 + 0.5).astype(np.uint8)
    clip: Clip = ArrayReader(codes).read(np.arange(T), 0, T)
    flow = np.zeros((T - 1, H, W, 2), np.float32)
    still = FlowPair(flow, flow, flow[..., 0], flow[..., 0], np.ones(T - 1, bool))
    references = Anchors(lambda: pictures, image_synthesis("telea", {}, 1.0))
    canvas = Canvas(np.repeat(pixels[None], T, 0), np.repeat(source[None], T, 0))
    window = Window(0, 0, 0, T, 0, T, (Box(0, 0, W, H),))
    return stage(clip, np.repeat(HOLE[None], T, 0), Box(0, 0, W, H), window, canvas, still, references)


def test_what_the_shot_shows_counts_as_carried() -> None:
    result = inpainted(Inpaint(), 0, [Picture.of(40, SCENE, np.zeros_like(HOLE))])
    assert np.abs(result.pixels - SCENE)[:, HOLE].max() < 0.02
    assert (result.source[:, HOLE] == Source.PROPAGATED).all()
    assert (result.source[:, ~HOLE] == Source.ORIGINAL).all()


def test_what_was_synthesised_for_the_shot_is_taken() -> None:
    result = inpainted(Inpaint(method="harmonic"), 0, [Picture.of(40, SCENE, HOLE)])
    expected = inpaint_array(Telea(), SCENE, HOLE)
    assert np.abs(result.pixels - expected)[:, HOLE].mean() < 0.01
    assert (result.source[:, HOLE] == Source.SYNTHESISED).all()


def test_without_reference_frames_it_is_synthesised_here() -> None:
    result = inpainted(Inpaint(method="harmonic"), 8, [])
    unfilled = HOLE.copy()
    unfilled[:, :32] = False
    assert (result.source[:, unfilled] == Source.SYNTHESISED).all()
    assert (result.source[:, HOLE & ~unfilled] == Source.PROPAGATED).all()
    assert np.allclose(result.pixels, inpaint_array(Harmonic(), SCENE, unfilled), atol=1e-3)


def test_an_inpainter_for_videos_gets_all_frames() -> None:
    result = inpainted(Inpaint(method="temporal_median"), 8, [])
    assert not result.unfilled.any()


def test_nothing_left_is_nothing_done() -> None:
    assert (inpainted(Inpaint(), 16, []).source[:, HOLE] == Source.PROPAGATED).all()


def test_detail_is_damped_towards_the_smooth_fill() -> None:
    image = np.where(HOLE[..., None], np.float32(0), SCENE)
    full, half, none = (image_synthesis("telea", {}, detail)(image, HOLE) for detail in (1.0, 0.5, 0.0))
    assert np.allclose(none, inpaint_array(Harmonic(), image, HOLE), atol=1e-6)
    assert np.allclose(half, (full + none) / 2, atol=1e-6)
    assert np.array_equal(half[~HOLE], SCENE[~HOLE])


def test_wrong_names_are_refused() -> None:
    for settings in (
        {"method": "x"},
        {"remainder_method": "x"},
        {"remainder_method": "temporal_median"},
        {"detail": 1.5},
    ):
        with pytest.raises(SettingError):
            Inpaint(**settings)
    with pytest.raises(SettingError, match="radius"):
        InpaintEachFrame(method="telea", options={"telea": {"radus": 3}})
