"""How far flow one way and flow the other way agree.

e = |f(x) + b(x + f(x))|^2 / (a (|f|^2 + |b|^2) + slack), a = 0.01, slack = 0.5 px^2: up to 1 is consistent
(Sundaram, Brox, Keutzer 2010, section 3.2, eq. 5).
"""

import numpy as np
from numba import njit, prange

from vidinpaint.warping import bilinear_vector

INCONSISTENT = np.float32(1e9)  # leaves the picture: no threshold accepts it


@njit(cache=True, nogil=True, parallel=True)
def forward_backward_error(there, back, slack=0.5):  # type: ignore[no-untyped-def]
    """Normalised squared error of `there` against `back`, both float32 (P, H, W, 2); returns float32 (P, H, W)."""
    P, H, W, _ = there.shape
    error = np.empty((P, H, W), np.float32)
    for pair in prange(P):
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
                scale = np.float32(0.01) * (fx * fx + fy * fy + bx * bx + by * by) + np.float32(slack)
                error[pair, y, x] = square / scale
    return error
