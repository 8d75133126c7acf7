"""How many reference frames a shot has."""

from types import SimpleNamespace

import pytest

from vidinpaint.stages.reference_frames import _affordable


@pytest.mark.parametrize(
    ("width", "height", "count"), [(432, 240, 241), (1920, 1080, 12), (3840, 2160, 4), (7680, 4320, 4)]
)
def test_large_frames_are_fewer(width: int, height: int, count: int) -> None:
    reader = SimpleNamespace(info=SimpleNamespace(width=width, height=height))
    assert _affordable(reader) == count  # type: ignore[arg-type]
