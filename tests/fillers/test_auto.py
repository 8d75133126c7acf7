"""The rule that chooses, hole by hole."""

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.fillers.auto import Auto
from vidinpaint.fillers.exemplar.patchmatch import PatchMatch
from vidinpaint.fillers.interface import ImageInpainter, inpaint_array
from vidinpaint.fillers.pde.coherence import Coherence
from vidinpaint.fillers.pde.harmonic import Harmonic

BOX = (slice(40, 80), slice(50, 90))
SCRATCH = (slice(20, 24), slice(10, 120))


def hole_at(*places: tuple[slice, slice]) -> np.ndarray:
    hole = np.zeros((120, 140), bool)
    for place in places:
        hole[place] = True
    return hole


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal but for what the size of the crop changes: where an iteration ends."""
    return bool(np.abs(one - other).max() < 2e-3)


def ramp() -> np.ndarray:
    y, x = np.mgrid[:120, :140] / 500
    return np.stack([0.2 + x, 0.3 + y, 0.5 + x], axis=2).astype(np.float32)


def edge() -> np.ndarray:
    image = ramp()
    image[:, 70:] += 0.3
    return image


@pytest.mark.parametrize(
    ("image", "place", "expected"),
    [
        (texture(120, 140), SCRATCH, Coherence()),
        (ramp(), BOX, Harmonic()),
        (texture(120, 140), BOX, PatchMatch()),
        (edge(), BOX, PatchMatch()),
    ],
    ids=["thin", "plain", "textured", "crossed by an edge"],
)
def test_the_content_decides(image: np.ndarray, place: tuple[slice, slice], expected: ImageInpainter) -> None:
    hole = hole_at(place)
    assert alike(inpaint_array(Auto(), image, hole), inpaint_array(expected, image, hole))


def test_every_hole_gets_its_own_method_and_the_large_ones_are_first() -> None:
    image, hole = texture(120, 140), hole_at(BOX, SCRATCH)
    result = inpaint_array(Auto(), image, hole)
    patched = inpaint_array(PatchMatch(), image, hole)
    assert alike(result[BOX], patched[BOX])
    assert alike(
        result[SCRATCH],
        inpaint_array(Coherence(), np.where(hole_at(BOX)[..., None], patched, image), hole_at(SCRATCH))[SCRATCH],
    )


@pytest.mark.parametrize(("filler", "expected"), [(Auto(thin=20), Coherence()), (Auto(plain=1), Harmonic())], ids=str)
def test_the_settings_move_the_borders(filler: ImageInpainter, expected: ImageInpainter) -> None:
    image, hole = texture(120, 140), hole_at(BOX)
    assert alike(inpaint_array(filler, image, hole), inpaint_array(expected, image, hole))
