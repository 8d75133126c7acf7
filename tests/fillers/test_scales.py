"""Large holes at half the size first."""

from dataclasses import dataclass, field

import numpy as np

from vidinpaint.fillers.interface import inpaint_array
from vidinpaint.fillers.scales import CoarseToFine, Layer, enlarged, halved


@dataclass(frozen=True)
class Recorder(CoarseToFine):
    """Paints the mean of what is known, then nothing new; remembers the sizes and the guesses."""

    largest: int = 50
    calls: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)

    def at_once(self, hole: np.ndarray) -> bool:
        return int(hole.sum()) <= self.largest

    def start(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        self.calls.append(("start", hole.shape))
        return np.where(hole[..., None], image[~hole].mean(0), image)

    def refine(self, image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        self.calls.append(("refine", hole.shape))
        return image


def test_a_large_hole_is_painted_from_the_size_that_can_be_done_at_once() -> None:
    filler, image, hole = Recorder(), np.full((80, 60, 3), 0.25, np.float32), np.zeros((80, 60), bool)
    hole[20:44, 20:44] = True
    result = inpaint_array(filler, image, hole)
    assert filler.calls == [("start", (10, 10)), ("refine", (20, 20)), ("refine", (40, 40))]
    assert np.abs(result - 0.25).max() < 1e-6


def test_a_hole_that_leaves_nothing_at_half_the_size_is_painted_at_once() -> None:
    filler, hole = Recorder(largest=0), np.ones((16, 16), bool)
    hole[::4, ::4] = False
    inpaint_array(filler, np.full((16, 16, 3), 0.5, np.float32), hole)
    assert filler.calls == [("start", (16, 16))]


def test_a_coarse_pixel_is_the_mean_of_the_known_ones() -> None:
    hole = np.array([[True, False, False, False], [False, False, True, True]])
    image = np.where(hole[..., None], 0, np.arange(8, dtype=np.float32).reshape(2, 4, 1).repeat(3, axis=2))
    coarse = halved(Layer(image, hole))
    assert coarse.hole.tolist() == [[False, False]]
    assert np.allclose(coarse.image[0, :, 0], [(1 + 4 + 5) / 3, (2 + 3) / 2])


def test_enlarging_keeps_what_is_known() -> None:
    hole = np.zeros((5, 7), bool)
    hole[2:4, 2:5] = True
    layer = Layer(np.where(hole[..., None], 0, np.full((5, 7, 3), 0.5, np.float32)), hole)
    larger = enlarged(np.full((3, 4, 3), 0.25, np.float32), layer)
    assert (larger[hole] == 0.25).all()
    assert (larger[~hole] == 0.5).all()
