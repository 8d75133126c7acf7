"""How far flow one way and flow the other way agree.

e = |f(x) + b(x + f(x))|^2 / (a (|f|^2 + |b|^2) + slack), a = 0.01, slack = 0.5 px^2: up to 1 is consistent
(Sundaram, Brox, Keutzer 2010, section 3.2, eq. 5).
"""

import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.warping import bilinear_vector

INCONSISTENT = np.float32(1e9)  # leaves the picture: no threshold accepts it


def forward_backward_error(there: np.ndarray, back: np.ndarray, slack: float = 0.5) -> np.ndarray:
    """Normalised squared error of `there` against `back`, both float32 (P, H, W, 2); returns float32 (P, H, W)."""
    error = np.empty(there.shape[:3], np.float32)
    there, back = np.ascontiguousarray(there), np.ascontiguousarray(back)
    run_in_ranges(_measure, len(error), there, back, np.float32(slack), error)
    return error


@kernel
def _measure(start, stop, there, back, slack, error):  # type: ignore[no-untyped-def]
    _, H, W, _ = there.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                fx, fy = there[pair, y, x, 0], there[pair, y, x, 1]
                if fx == 0 and fy == 0 and back[pair, y, x, 0] == 0 and back[pair, y, x, 1] == 0:
                    error[pair, y, x] = 0
                    continue
                at_x, at_y = np.float32(x) + fx, np.float32(y) + fy
                if at_x < 0 or at_y < 0 or at_x > W - 1 or at_y > H - 1:
                    error[pair, y, x] = INCONSISTENT
                    continue
                bx, by = bilinear_vector(back[pair], at_x, at_y)
                square = (fx + bx) ** 2 + (fy + by) ** 2
                scale = np.float32(0.01) * (fx * fx + fy * fy + bx * bx + by * by) + slack
                error[pair, y, x] = square / scale
