"""How many reference frames a shot may have."""

from types import SimpleNamespace

import pytest

from vidinpaint.stages.reference_frames import _max_frames


@pytest.mark.parametrize(
    ("width", "height", "count"), [(432, 240, 241), (1920, 1080, 12), (3840, 2160, 4), (7680, 4320, 4)]
)
def test_there_are_fewer_large_frames(width: int, height: int, count: int) -> None:
    reader = SimpleNamespace(info=SimpleNamespace(width=width, height=height))
    assert _max_frames(reader) == count  # type: ignore[arg-type]
