"""What a user may write behind --mask, and what is refused."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from vidinpaint.core import registry
from vidinpaint.core.errors import MaskError
from vidinpaint.core.settings import setting
from vidinpaint.core.window import Box
from vidinpaint.masks.sources.image import Image
from vidinpaint.masks.sources.interface import MaskSource, TargetClip
from vidinpaint.masks.specs import MaskSpec, parse_mask


@dataclass(frozen=True)
class Bright(MaskSource):
    """A mask source that accepts no path, box or array."""

    level: float = setting(0.9, "A level.", low=0, high=1)

    def open(self, clip: TargetClip) -> np.ndarray:
        return np.ones((clip.size.height, clip.size.width), bool)


@pytest.mark.parametrize(
    ("text", "source", "start", "stop"),
    [
        ("logo.png", Path("logo.png"), 0, None),
        ("10,20,200,60", Box(10, 20, 200, 60), 0, None),
        ("10, 20, 200, 60@5-", Box(10, 20, 200, 60), 5, None),
        ("mask.mp4@-3.5", Path("mask.mp4"), 0, Fraction(7, 2)),
        ("m.png@1:02.040-1:01:00", Path("m.png"), Fraction(6204, 100), 3660),
        ("m.png@00:00:01,500 --> 00:00:03,000", Path("m.png"), Fraction(3, 2), 3),
        ("me@home.png", Path("me@home.png"), 0, None),
        ("me@home.png@.1-90:00", Path("me@home.png"), Fraction(1, 10), 5400),
        ("10,20.png", Path("10,20.png"), 0, None),
    ],
)
def test_reads(text: str, source: Path | Box, start: Fraction, stop: Fraction | None) -> None:
    spec = parse_mask(text)
    assert (spec.source, spec.start, spec.stop) == (source, start, stop)


def test_a_path_that_exists_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a@1-2", "1,2,3,4", "5,6,7,8@1-2"):
        Path(name).touch()
        assert parse_mask(name).source == Path(name)
    spec = parse_mask("1,2,3,4@3-4")
    assert spec.source == Path("1,2,3,4")
    assert spec.start == 3


@pytest.mark.parametrize(
    "text",
    [
        *("", "1,2,3", "1,2,3,4,5", "-1,2,3,4", "1,2,0,4", "1.5,2,3,4", "1,2,99999999,4"),
        *("a.png@5", "a.png@-", "a.png@5-3", "a.png@3-3", "a.png@1:75-", "a.png@1-2-3", "a.png@1:2:3:4-"),
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(MaskError) as caught:
        parse_mask(text)
    assert "\n" not in str(caught.value)


def test_a_source_in_our_own_folder_is_chosen_by_name_unless_it_accepts_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {"bright": Bright, "image": Image}
    monkeypatch.setattr(registry, "names", lambda interface: dict.fromkeys(kinds, ""))
    monkeypatch.setattr(registry, "load", lambda interface, name: kinds[name])
    spec = parse_mask("bright:0.5@1-")
    assert (spec.source, spec.start) == (Bright(0.5), 1)
    assert parse_mask("bright:").source == Bright()
    assert parse_mask("image:0.5").source == Path("image:0.5")
    assert parse_mask("dark:0.5").source == Path("dark:0.5")


def test_arrays() -> None:
    assert MaskSpec(np.zeros((3, 4), bool)).stop is None
    with pytest.raises(MaskError, match=r"\.astype\(bool\)"):
        MaskSpec(np.ones((3, 4), np.uint8))
    for wrong in (np.zeros((3, 4)), np.zeros((2, 3, 4, 3), bool), np.zeros((0, 4), bool)):
        with pytest.raises(MaskError):
            MaskSpec(wrong)
