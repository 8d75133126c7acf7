"""How pixels that no frame of a window shows are inpainted, and their source in the canvas."""

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
from vidinpaint.reference_frames.alignment import ShotFrame
from vidinpaint.reference_frames.reference_set import ReferenceSet
from vidinpaint.stages.inpaint import Inpaint
from vidinpaint.stages.inpaint_each_frame import InpaintEachFrame
from vidinpaint.stages.uses_inpainters import image_synthesis
from vidinpaint.video.arrays.reader import ArrayReader

T, H, W = 4, 60, 80
MASK = np.zeros((H, W), bool)
MASK[20:36, 24:40] = True
SCENE = texture(H, W)


def inpainted(stage: Inpaint, columns: int, shot_frames: list[ShotFrame]) -> Canvas:
    """Four static frames with a mask 16 pixels wide, of which `columns` were propagated; the rest is inpainted."""
    source = np.where(MASK, np.uint8(Source.UNFILLED), np.uint8(Source.ORIGINAL))
    source[20:36, 24 : 24 + columns] = Source.PROPAGATED
    pixels = np.where(source[..., None] == Source.UNFILLED, np.float32(0.1), SCENE)
    eight_bit = (np.repeat(SCENE[None], T, 0) * 255 + 0.5).astype(np.uint8)
    clip: Clip = ArrayReader(eight_bit).read(np.arange(T), 0, T)
    flow = np.zeros((T - 1, H, W, 2), np.float32)
    static = FlowPair(flow, flow, flow[..., 0], flow[..., 0], np.ones(T - 1, bool))
    references = ReferenceSet(lambda: shot_frames, image_synthesis("telea", {}, 1.0))
    canvas = Canvas(np.repeat(pixels[None], T, 0), np.repeat(source[None], T, 0))
    window = Window(0, 0, 0, T, 0, T, (Box(0, 0, W, H),))
    return stage(clip, np.repeat(MASK[None], T, 0), Box(0, 0, W, H), window, canvas, static, references)


def test_pixels_from_reference_frames_count_as_propagated() -> None:
    result = inpainted(Inpaint(), 0, [ShotFrame.of(40, SCENE, np.zeros_like(MASK))])
    assert np.abs(result.pixels - SCENE)[:, MASK].max() < 0.02
    assert (result.source[:, MASK] == Source.PROPAGATED).all()
    assert (result.source[:, ~MASK] == Source.ORIGINAL).all()


def test_pixels_synthesised_in_reference_frames_count_as_synthesised() -> None:
    result = inpainted(Inpaint(method="harmonic"), 0, [ShotFrame.of(40, SCENE, MASK)])
    expected = inpaint_array(Telea(), SCENE, MASK)
    assert np.abs(result.pixels - expected)[:, MASK].mean() < 0.01
    assert (result.source[:, MASK] == Source.SYNTHESISED).all()


def test_without_reference_frames_pixels_are_synthesised_in_the_window() -> None:
    result = inpainted(Inpaint(method="harmonic"), 8, [])
    unfilled = MASK.copy()
    unfilled[:, :32] = False
    assert (result.source[:, unfilled] == Source.SYNTHESISED).all()
    assert (result.source[:, MASK & ~unfilled] == Source.PROPAGATED).all()
    assert np.allclose(result.pixels, inpaint_array(Harmonic(), SCENE, unfilled), atol=1e-3)


def test_an_inpainter_for_videos_gets_all_frames() -> None:
    result = inpainted(Inpaint(method="temporal_median"), 8, [])
    assert not result.unfilled.any()


def test_without_unfilled_pixels_nothing_changes() -> None:
    assert (inpainted(Inpaint(), 16, []).source[:, MASK] == Source.PROPAGATED).all()


def test_detail_is_reduced_towards_the_harmonic_interpolation() -> None:
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
