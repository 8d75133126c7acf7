"""Forward-backward consistency: how far flow in one direction of time agrees with flow in the other.

e = |f(x) + b(x + f(x))|^2 / (a (|f|^2 + |b|^2) + slack), a = 0.01, slack = 0.5 px^2: up to 1 is consistent
(Sundaram, Brox, Keutzer 2010, section 3.2, eq. 5).
"""

import numpy as np

from vidinpaint.numerics.kernels import kernel, run_in_ranges
from vidinpaint.numerics.warping import bilinear_vector

INCONSISTENT = np.float32(1e9)  # error where the flow leaves the picture; above every threshold


def forward_backward_error(ahead: np.ndarray, behind: np.ndarray, slack: float = 0.5) -> np.ndarray:
    """Normalised squared error, float32 (P, H, W), of `ahead` against `behind`, both float32 (P, H, W, 2) in pixels.

    Up to 1 is consistent; INCONSISTENT where `ahead` leaves the picture. slack is in pixels squared.
    """
    error = np.empty(ahead.shape[:3], np.float32)
    ahead, behind = np.ascontiguousarray(ahead), np.ascontiguousarray(behind)
    run_in_ranges(_measure, len(error), ahead, behind, np.float32(slack), error)
    return error


@kernel
def _measure(start, stop, ahead, behind, slack, error):  # type: ignore[no-untyped-def]
    _, H, W, _ = ahead.shape
    for pair in range(start, stop):
        for y in range(H):
            for x in range(W):
                fx, fy = ahead[pair, y, x, 0], ahead[pair, y, x, 1]
                if fx == 0 and fy == 0 and behind[pair, y, x, 0] == 0 and behind[pair, y, x, 1] == 0:
                    error[pair, y, x] = 0
                    continue
                at_x, at_y = np.float32(x) + fx, np.float32(y) + fy
                if at_x < 0 or at_y < 0 or at_x > W - 1 or at_y > H - 1:
                    error[pair, y, x] = INCONSISTENT
                    continue
                bx, by = bilinear_vector(behind[pair], at_x, at_y)
                square = (fx + bx) ** 2 + (fy + by) ** 2
                scale = np.float32(0.01) * (fx * fx + fy * fy + bx * bx + by * by) + slack
                error[pair, y, x] = square / scale
