"""The rule that chooses a method for each region of the mask."""

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.inpainters.auto import Auto
from vidinpaint.inpainters.exemplar.patchmatch import PatchMatch
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.inpainters.pde.coherence import Coherence
from vidinpaint.inpainters.pde.harmonic import Harmonic

BOX = (slice(40, 80), slice(50, 90))
SCRATCH = (slice(20, 24), slice(10, 120))


def mask_at(*regions: tuple[slice, slice]) -> np.ndarray:
    mask = np.zeros((120, 140), bool)
    for region in regions:
        mask[region] = True
    return mask


def alike(first: np.ndarray, second: np.ndarray) -> bool:
    """Equal except for the effect of the crop on when an iteration stops."""
    return bool(np.abs(first - second).max() < 2e-3)


def ramp() -> np.ndarray:
    y, x = np.mgrid[:120, :140] / 500
    return np.stack([0.2 + x, 0.3 + y, 0.5 + x], axis=2).astype(np.float32)


def edge() -> np.ndarray:
    image = ramp()
    image[:, 70:] += 0.3
    return image


@pytest.mark.parametrize(
    ("image", "region", "expected"),
    [
        (texture(120, 140), SCRATCH, Coherence()),
        (ramp(), BOX, Harmonic()),
        (texture(120, 140), BOX, PatchMatch()),
        (edge(), BOX, PatchMatch()),
    ],
    ids=["thin", "plain", "textured", "crossed by an edge"],
)
def test_the_content_decides(image: np.ndarray, region: tuple[slice, slice], expected: ImageInpainter) -> None:
    mask = mask_at(region)
    assert alike(inpaint_array(Auto(), image, mask), inpaint_array(expected, image, mask))


def test_each_region_gets_its_own_method_and_the_large_ones_come_first() -> None:
    image, mask = texture(120, 140), mask_at(BOX, SCRATCH)
    result = inpaint_array(Auto(), image, mask)
    patched = inpaint_array(PatchMatch(), image, mask)
    assert alike(result[BOX], patched[BOX])
    assert alike(
        result[SCRATCH],
        inpaint_array(Coherence(), np.where(mask_at(BOX)[..., None], patched, image), mask_at(SCRATCH))[SCRATCH],
    )


@pytest.mark.parametrize(
    ("inpainter", "expected"), [(Auto(thin=20), Coherence()), (Auto(plain=1), Harmonic())], ids=str
)
def test_the_settings_move_the_thresholds(inpainter: ImageInpainter, expected: ImageInpainter) -> None:
    image, mask = texture(120, 140), mask_at(BOX)
    assert alike(inpaint_array(inpainter, image, mask), inpaint_array(expected, image, mask))
