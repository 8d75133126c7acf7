"""`Area`: parts of the frame by name or in pixels."""

import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.core.window import Box
from vidinpaint.detection.area import Area
from vidinpaint.masks.sources.mark import Mark
from vidinpaint.masks.specs import parse_mask


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("everywhere", Box(300, 200, 10, 10), True),
        ("", Box(300, 200, 10, 10), False),
        ("left+0 100 640 50", Box(500, 120, 10, 10), True),
        ("upper", Box(300, 20, 10, 10), True),
        ("upper", Box(300, 300, 10, 10), False),
        ("lower", Box(300, 300, 10, 10), True),
        ("corners", Box(10, 10, 50, 20), True),
        ("corners", Box(300, 10, 50, 20), False),
        ("0,100,640,50", Box(300, 110, 20, 20), True),
        ("0,100,640,50", Box(300, 160, 20, 20), False),
    ],
)
def test_a_box_belongs_to_an_area_by_its_centre(text: str, box: Box, expected: bool) -> None:
    assert Area.parse(text, "mark.area").holds(box, 640, 360) is expected


@pytest.mark.parametrize("text", ["attic", "1,2,3", "0,0,0,10", "a,b,c,d"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="x,y,width,height"):
        Mark(text)


def test_an_area_stands_behind_the_colon() -> None:
    source = parse_mask("mark:0,560,1280,160").source
    assert isinstance(source, Mark)
    assert source.area == "0,560,1280,160"
