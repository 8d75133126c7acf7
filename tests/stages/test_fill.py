"""Which filler invents what, and what the canvas says about it."""

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.canvas import Canvas, Source
from vidinpaint.errors import SettingError
from vidinpaint.flow_pair import FlowPair
from vidinpaint.stages.fill import Fill, FillEachFrame


def still(frames: int, height: int, width: int) -> FlowPair:
    flow = np.zeros((frames - 1, height, width, 2), np.float32)
    return FlowPair(flow, flow, flow[..., 0], flow[..., 0], np.ones(frames - 1, bool))


def canvas(seen: int) -> Canvas:
    """Four frames with a hole 12 pixels wide, `seen` columns of which were carried there from elsewhere."""
    pixels = np.repeat(texture(40, 60)[None], 4, 0)
    source = np.zeros((4, 40, 60), np.uint8)
    source[:, 14:26, 24:36] = Source.UNFILLED
    source[:, 14:26, 24 : 24 + seen] = Source.PROPAGATED
    return Canvas(pixels, source)


@pytest.mark.parametrize(("seen", "used"), [(3, "harmonic"), (9, "telea")])
def test_holes_that_stay_closed_have_a_filler_of_their_own(seen: int, used: str) -> None:
    given = canvas(seen)
    filled = Fill(filler="telea", closed="harmonic")(given, still(4, 40, 60))
    expected = Fill(filler=used, closed="")(given, still(4, 40, 60))
    assert np.array_equal(filled.pixels, expected.pixels)
    other = Fill(filler="telea" if used == "harmonic" else "harmonic", closed="")(given, still(4, 40, 60))
    assert not np.array_equal(filled.pixels, other.pixels)
    assert not filled.unfilled.any()
    assert (filled.source == Source.SYNTHESISED).sum() == given.unfilled.sum()
    assert np.allclose(filled.pixels, filled.pixels[0], atol=1e-3)


def test_a_filler_for_clips_gets_all_frames() -> None:
    given = canvas(0)
    part = np.array(given.source)
    part[2] = Source.ORIGINAL
    filled = Fill(filler="temporal_median", closed="")(Canvas(given.pixels, part), still(4, 40, 60))
    assert np.allclose(filled.pixels[0], given.pixels[2], atol=1e-6)


def test_nothing_left_is_nothing_done() -> None:
    given = canvas(12)
    assert Fill()(given, still(4, 40, 60)) is given


def test_wrong_names_are_refused() -> None:
    for settings in ({"filler": "x"}, {"closed": "x"}, {"rest": "x"}, {"rest": "temporal_median"}):
        with pytest.raises(SettingError):
            Fill(**settings)
    with pytest.raises(SettingError, match="radius"):
        FillEachFrame(filler="telea", options={"telea": {"radus": 3}})
