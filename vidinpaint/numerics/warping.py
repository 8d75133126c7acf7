"""Reading fields and pictures between pixels: bilinear, cubic, and whether the pixels around are known.

Positions are (x, y) in pixels, (0, 0) the centre of the first pixel. These are the innermost loops of the project;
they are compiled into the kernels that call them.
"""

import numpy as np

from vidinpaint.numerics.kernels import inner


@inner
def corner(position, size):  # type: ignore[no-untyped-def]
    """The pixel before a position along one axis, such that the next one exists too (for size >= 2)."""
    return min(int(position), max(size - 2, 0))


@inner
def bilinear(field, x, y):  # type: ignore[no-untyped-def]
    """field (H, W) at (x, y), which must be inside."""
    H, W = field.shape
    x0, y0 = corner(x, W), corner(y, H)
    x1, y1 = min(x0 + 1, W - 1), min(y0 + 1, H - 1)
    p, q = np.float32(x - x0), np.float32(y - y0)
    one = np.float32(1)
    top = (one - p) * field[y0, x0] + p * field[y0, x1]
    bottom = (one - p) * field[y1, x0] + p * field[y1, x1]
    return (one - q) * top + q * bottom


@inner
def _around(x, y, H, W):  # type: ignore[no-untyped-def]
    """The four pixels around (x, y), as x0, y0, x1, y1, and their weights in reading order."""
    x0, y0 = corner(x, W), corner(y, H)
    x1, y1 = min(x0 + 1, W - 1), min(y0 + 1, H - 1)
    p, q = np.float32(x - x0), np.float32(y - y0)
    one = np.float32(1)
    a, b, c, d = (one - p) * (one - q), p * (one - q), (one - p) * q, p * q
    return x0, y0, x1, y1, a, b, c, d


@inner
def bilinear_vector(field, x, y):  # type: ignore[no-untyped-def]
    """The two components of field (H, W, 2) at (x, y)."""
    H, W, _ = field.shape
    x0, y0, x1, y1, a, b, c, d = _around(x, y, H, W)
    dx = a * field[y0, x0, 0] + b * field[y0, x1, 0] + c * field[y1, x0, 0] + d * field[y1, x1, 0]
    dy = a * field[y0, x0, 1] + b * field[y0, x1, 1] + c * field[y1, x0, 1] + d * field[y1, x1, 1]
    return dx, dy


@inner
def on_grid(position, size, step):  # type: ignore[no-untyped-def]
    """Position of a pixel, along one axis, on a grid of `size` samples of `step` pixels each; clipped to the grid."""
    if step == 1:
        return position
    half = np.float32(0.5)
    return min(max((position + half) / np.float32(step) - half, np.float32(0)), np.float32(size - 1))


@inner
def bilinear_hop(field, value, x, y):  # type: ignore[no-untyped-def]
    """The two components of field (H, W, 2), and value (H, W), at (x, y)."""
    H, W = value.shape
    x0, y0, x1, y1, a, b, c, d = _around(x, y, H, W)
    dx = a * field[y0, x0, 0] + b * field[y0, x1, 0] + c * field[y1, x0, 0] + d * field[y1, x1, 0]
    dy = a * field[y0, x0, 1] + b * field[y0, x1, 1] + c * field[y1, x0, 1] + d * field[y1, x1, 1]
    average = a * value[y0, x0] + b * value[y0, x1] + c * value[y1, x0] + d * value[y1, x1]
    return dx, dy, average


@inner
def all_known(mask, x, y, reach):  # type: ignore[no-untyped-def]
    """Whether no pixel that interpolation at (x, y) touches is in the mask; reach 0: 2 x 2 pixels, 1: 4 x 4."""
    H, W = mask.shape
    x0, y0 = corner(x, W), corner(y, H)
    for row in range(max(0, y0 - reach), min(H, y0 + 2 + reach)):
        for column in range(max(0, x0 - reach), min(W, x0 + 2 + reach)):
            if mask[row, column]:
                return False
    return True


@inner
def cubic_weights(p):  # type: ignore[no-untyped-def]
    """Weights of the four pixels around a fraction p (Keys 1981, a = -0.5)."""
    a = np.float32(-0.5)
    p2 = p * p
    p3 = p2 * p
    return (
        a * (p3 - np.float32(2) * p2 + p),
        (a + np.float32(2)) * p3 - (a + np.float32(3)) * p2 + np.float32(1),
        -(a + np.float32(2)) * p3 + (np.float32(2) * a + np.float32(3)) * p2 - a * p,
        -a * (p3 - p2),
    )


@inner
def sample_colour(picture, mask, x, y, colour):  # type: ignore[no-untyped-def]
    """Write picture (H, W, 3) at (x, y) into colour (3,): cubic where its 4 x 4 pixels are known, else bilinear."""
    H, W, _ = picture.shape
    x0, y0 = corner(x, W), corner(y, H)
    p, q = np.float32(x - x0), np.float32(y - y0)
    if x0 >= 1 and y0 >= 1 and x0 < W - 2 and y0 < H - 2 and all_known(mask, x, y, np.int64(1)):
        columns, rows = cubic_weights(p), cubic_weights(q)
        for c in range(3):
            total = np.float32(0)
            for j in range(4):
                line = np.float32(0)
                for i in range(4):
                    line += columns[i] * picture[y0 - 1 + j, x0 - 1 + i, c]
                total += rows[j] * line
            colour[c] = total
        return
    x1, y1 = min(x0 + 1, W - 1), min(y0 + 1, H - 1)
    one = np.float32(1)
    for c in range(3):
        top = (one - p) * picture[y0, x0, c] + p * picture[y0, x1, c]
        bottom = (one - p) * picture[y1, x0, c] + p * picture[y1, x1, c]
        colour[c] = (one - q) * top + q * bottom
