"""Large masks are inpainted at half the size first."""

from dataclasses import dataclass, field

import numpy as np

from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.scales import CoarseToFine, Layer, downscaled, enlarged


@dataclass(frozen=True)
class Recorder(CoarseToFine):
    """Inpaints with the mean of the known pixels, then changes nothing; records the sizes and the guesses."""

    largest: int = 50
    calls: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    def can_start(self, mask: np.ndarray) -> bool:
        return int(mask.sum()) <= self.largest

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        self.calls.append(("start", mask.shape))
        return np.where(mask[..., None], image[~mask].mean(0), image)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        self.calls.append(("refine", mask.shape))
        return image


def test_a_large_mask_is_inpainted_from_the_size_at_which_it_can_start() -> None:
    inpainter, image, mask = Recorder(), np.full((80, 60, 3), 0.25, np.float32), np.zeros((80, 60), bool)
    mask[20:44, 20:44] = True
    result = inpaint_array(inpainter, image, mask)
    assert inpainter.calls == [("start", (10, 10)), ("refine", (20, 20)), ("refine", (40, 40))]
    assert np.abs(result - 0.25).max() < 1e-6


def test_a_mask_that_vanishes_at_half_the_size_is_inpainted_directly() -> None:
    inpainter, mask = Recorder(largest=0), np.ones((16, 16), bool)
    mask[::4, ::4] = False
    inpaint_array(inpainter, np.full((16, 16, 3), 0.5, np.float32), mask)
    assert inpainter.calls == [("start", (16, 16))]


def test_a_coarse_pixel_is_the_mean_of_the_known_ones() -> None:
    mask = np.array([[True, False, False, False], [False, False, True, True]])
    image = np.where(mask[..., None], 0, np.arange(8, dtype=np.float32).reshape(2, 4, 1).repeat(3, axis=2))
    coarse = downscaled(Layer(image, mask))
    assert coarse.mask.tolist() == [[False, False]]
    assert np.allclose(coarse.image[0, :, 0], [(1 + 4 + 5) / 3, (2 + 3) / 2])


def test_enlarging_keeps_known_pixels() -> None:
    mask = np.zeros((5, 7), bool)
    mask[2:4, 2:5] = True
    layer = Layer(np.where(mask[..., None], 0, np.full((5, 7, 3), 0.5, np.float32)), mask)
    larger = enlarged(np.full((3, 4, 3), 0.25, np.float32), layer)
    assert (larger[mask] == 0.25).all()
    assert (larger[~mask] == 0.5).all()
