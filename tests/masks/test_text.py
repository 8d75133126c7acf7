"""The mask source `text`: subtitles are found, timed and masked per glyph; text of the scene is left alone."""

import logging
from pathlib import Path

import numpy as np
import pytest

from tests.detection.text.subtitles import HEIGHT, WIDTH, background, blend, footage, text_layer
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.detection.detection import Detection, draw
from vidinpaint.masks.sources.text import Text
from vidinpaint.masks.specs import parse_mask

START, STOP = 9, 40
FRAMES = 50
LINE = text_layer("Where were you?", 80, 165, 2)


def shown(frame: int) -> float:
    return float(START <= frame < STOP)


def masked(found: list[Detection], frames: int = FRAMES) -> np.ndarray:
    return draw(found, 0, frames, HEIGHT, WIDTH)


@pytest.mark.parametrize("method", ["network", "strokes"])
@pytest.mark.parametrize("speed", [0, 2])
def test_a_subtitle_is_masked_per_glyph_and_timed_to_the_frame(method: str, speed: int) -> None:
    clip = footage(blend(background(FRAMES, speed), LINE, shown))
    (line,) = Text(method=method).detect(clip)
    assert (line.start, line.stop) == (START, STOP)
    truth = LINE[1][..., 0] > 0.02
    mask = masked([line])[20]
    assert (mask & truth).sum() >= 0.99 * truth.sum()
    assert (mask & ~truth).sum() <= 0.015 * truth.size


def test_a_fading_line_is_masked_as_long_as_it_is_seen() -> None:
    def fading(frame: int) -> float:
        return float(np.clip(min((frame - 7) / 10, (45 - frame) / 10), 0, 1))

    (line,) = Text().detect(footage(blend(background(FRAMES, 2), LINE, fading)))
    assert abs(line.start - 8) <= 1
    assert abs(line.stop - 45) <= 1


def test_a_line_that_takes_the_place_of_another_is_a_line_of_its_own() -> None:
    second = text_layer("I was at home.", 90, 165, 2)
    frames = blend(background(FRAMES, 2), LINE, lambda frame: frame < 23)
    found = Text().detect(footage(blend(frames, second, lambda frame: frame >= 23)))
    assert [(line.start, line.stop) for line in found] == [(0, 23), (23, FRAMES)]


def test_text_that_moves_with_the_scene_is_left_alone_unless_asked_for() -> None:
    frames = background(FRAMES, 0)
    (scene,) = blend(frames[:1], text_layer("BAKERY", 120, 90, 0), lambda _: 1.0)
    panned = footage(np.stack([np.roll(scene, frame // 3, 1) for frame in range(FRAMES)]))
    assert Text().detect(panned) == []


def test_a_sign_on_a_still_camera_is_left_alone_unless_asked_for() -> None:
    clip = footage(blend(background(FRAMES, 0), text_layer("BAKERY", 30, 70, 0), lambda _: 1.0))
    assert Text().detect(clip) == []
    (sign,) = Text(scene=True, method="strokes").detect(clip)
    assert (sign.start, sign.stop) == (0, FRAMES)


def test_areas_say_where_lines_count() -> None:
    clip = footage(blend(background(FRAMES, 2), LINE, shown))
    assert len(Text(area="lower", method="strokes").detect(clip)) == 1
    assert len(Text(area="upper+0 120 320 60", method="strokes").detect(clip)) == 1
    assert Text(area="upper", method="strokes").detect(clip) == []
    assert Text(keep="0,120,320,60", method="strokes").detect(clip) == []


@pytest.mark.parametrize("frames", [1, 12])
@pytest.mark.parametrize("level", [0, 255])
def test_a_clip_without_text_has_an_empty_list(frames: int, level: int) -> None:
    assert Text().detect(footage(np.full((frames, HEIGHT, WIDTH, 3), level, np.uint8))) == []
    assert Text(method="strokes").detect(footage(background(frames, 2))) == []


def test_a_subtitle_in_a_clip_of_one_frame_is_found() -> None:
    (line,) = Text().detect(footage(blend(background(1, 0), LINE, lambda _: 1.0)))
    assert (line.start, line.stop) == (0, 1)
    truth = LINE[1][..., 0] > 0.02
    assert (masked([line], 1)[0] & truth).sum() >= 0.95 * truth.sum()


def test_the_setting_behind_the_colon_is_the_area() -> None:
    assert parse_mask("text:0,120,320,60").source == Text(area="0,120,320,60")
    assert parse_mask("text:area=lower,scene=true").source == Text(area="lower", scene=True)


@pytest.mark.parametrize("area", ["attic", "1,2,3", "1,2,0,4", "lower+"])
def test_areas_that_are_none_are_refused_in_one_line(area: str) -> None:
    with pytest.raises(SettingError, match=r"text\.area as x,y,width,height"):
        Text(area=area)


def test_weights_that_opencv_cannot_load_are_replaced_by_strokes_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no network")
    clip = footage(blend(background(FRAMES, 2), LINE, shown))
    with caplog.at_level(logging.WARNING):
        assert len(Text(weights=str(damaged)).detect(clip)) == 1
    assert "found by its strokes, which is worse" in caplog.text
    with pytest.raises(WeightsError):
        Text(weights=str(tmp_path / "missing.onnx")).detect(clip)
