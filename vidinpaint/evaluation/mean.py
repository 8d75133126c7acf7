"""`Mean`: of all values that were added, without keeping them."""

import numpy as np


class Mean:
    """The mean of numbers and of the values of arrays; None before anything was added."""

    def __init__(self) -> None:
        self.total, self.count = 0.0, 0

    def add(self, values: np.ndarray | float) -> None:
        array = np.asarray(values)
        self.total += float(array.sum(dtype=np.float64))
        self.count += array.size

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None
