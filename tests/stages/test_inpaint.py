"""What replaces what no frame of a window shows, and what the canvas says about it."""

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.clip import Clip
from vidinpaint.core.errors import SettingError
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.core.window import Box, Window
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.inpainters.pde.telea import Telea
from vidinpaint.reference_frames.alignment import Picture
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.stages.image_synthesis import image_synthesis
from vidinpaint.stages.inpaint import Inpaint
from vidinpaint.stages.inpaint_each_frame import InpaintEachFrame
from vidinpaint.video.array_reader import ArrayReader

T, H, W = 4, 60, 80
MASK = np.zeros((H, W), bool)
MASK[20:36, 24:40] = True
SCENE = texture(H, W)


def inpainted(stage: Inpaint, seen: int, pictures: list[Picture]) -> Canvas:
    """Four still frames with a mask 16 pixels wide, `seen` columns of which were propagated there from elsewhere."""
    source = np.where(MASK, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
    source[20:36, 24 : 24 + seen] = Source.PROPAGATED
    pixels = np.where(source[..., None] == Source.UNFILLED, np.float32(0.1), SCENE)
    codes = (np.repeat(SCENE[None], T, 0) * 255 + 0.5).astype(np.uint8)
    clip: Clip = ArrayReader(codes).read(np.arange(T), 0, T)
    flow = np.zeros((T - 1, H, W, 2), np.float32)
    still = FlowPair(flow, flow, flow[..., 0], flow[..., 0], np.ones(T - 1, bool))
    references = ReferenceSet(lambda: pictures, image_synthesis("telea", {}, 1.0))
    canvas = Canvas(np.repeat(pixels[None], T, 0), np.repeat(source[None], T, 0))
    window = Window(0, 0, 0, T, 0, T, (Box(0, 0, W, H),))
    return stage(clip, np.repeat(MASK[None], T, 0), Box(0, 0, W, H), window, canvas, still, references)


def test_what_the_shot_shows_counts_as_propagated() -> None:
    result = inpainted(Inpaint(), 0, [Picture.of(40, SCENE, np.zeros_like(MASK))])
    assert np.abs(result.pixels - SCENE)[:, MASK].max() < 0.02
    assert (result.source[:, MASK] == Source.PROPAGATED).all()
    assert (result.source[:, ~MASK] == Source.ORIGINAL).all()


def test_what_was_synthesised_for_the_shot_is_taken() -> None:
    result = inpainted(Inpaint(method="harmonic"), 0, [Picture.of(40, SCENE, MASK)])
    expected = inpaint_array(Telea(), SCENE, MASK)
    assert np.abs(result.pixels - expected)[:, MASK].mean() < 0.01
    assert (result.source[:, MASK] == Source.SYNTHESISED).all()


def test_without_reference_frames_it_is_synthesised_here() -> None:
    result = inpainted(Inpaint(method="harmonic"), 8, [])
    unfilled = MASK.copy()
    unfilled[:, :32] = False
    assert (result.source[:, unfilled] == Source.SYNTHESISED).all()
    assert (result.source[:, MASK & ~unfilled] == Source.PROPAGATED).all()
    assert np.allclose(result.pixels, inpaint_array(Harmonic(), SCENE, unfilled), atol=1e-3)


def test_an_inpainter_for_videos_gets_all_frames() -> None:
    result = inpainted(Inpaint(method="temporal_median"), 8, [])
    assert not result.unfilled.any()


def test_nothing_left_is_nothing_done() -> None:
    assert (inpainted(Inpaint(), 16, []).source[:, MASK] == Source.PROPAGATED).all()


def test_detail_is_damped_towards_the_smooth_fill() -> None:
    image = np.where(MASK[..., None], np.float32(0), SCENE)
    full, half, none = (image_synthesis("telea", {}, detail)(image, MASK) for detail in (1.0, 0.5, 0.0))
    assert np.allclose(none, inpaint_array(Harmonic(), image, MASK), atol=1e-6)
    assert np.allclose(half, (full + none) / 2, atol=1e-6)
    assert np.array_equal(half[~MASK], SCENE[~MASK])


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
