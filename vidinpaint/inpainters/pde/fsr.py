"""Frequency selective reconstruction: models the surroundings of a small block as a sum of few waves.

A block of mask pixels is seen in a window of T x T pixels f with weights w: 1 where known, less where inpainted or
guessed, 0 where unknown, and decreasing with the distance from the block. In the Fourier domain, where weighting is a
convolution, the model is built greedily: with R the spectrum of the weighted residual w (f - g),

    (u, v) <- argmax of omega |R|^2,   c = gamma R(u, v) / W(0, 0),
    G(u, v) += c,   R(k, l) -= c W(k - u, l - v) + conj(c) W(k + u, l + v)

until it has as many waves as the contrast of the window requires. omega favours low frequencies, as in natural images;
gamma compensates for the waves not being orthogonal under the weights. One (u, v) serves all colours. Waves continue
beyond the known part of the window, so regular textures continue into the mask, unlike with any method that smooths.

Blocks are inpainted from the border of the mask inwards, blocks of one layer that touch one after the other. Masks that
are too deep for that are inpainted at half the size first, and the result takes part with a small weight: so structure
comes from all sides, and grain from nearby.

When to use: scattered and thin masks, above all in regular texture; large ones are blurred. Cost: blocks times waves
times T^2 / 2. Sources: Seiler, Jonscher, Schoeberl, Kaup 2015, Resampling Images to a Regular Grid From a Non-Regular
Subset of Pixel Positions Using Frequency Selective Reconstruction; Genser, Seiler, Schilling, Kaup 2018, Signal and
Loss Geometry Aware Frequency Selective Extrapolation for Error Concealment (number of waves and order of the blocks,
but not its growing blocks). OpenCV's xphoto has the method, too, but in 8 bits only, only for sizes that are multiples
of its blocks, and several times slower.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vidinpaint.core.errors import SettingError
from vidinpaint.core.progress import report_progress
from vidinpaint.core.settings import setting
from vidinpaint.inpainters.scales import CoarseToFine
from vidinpaint.numerics.kernels import inner, kernel
from vidinpaint.numerics.morphology import dilate

INPAINTED_WEIGHT = 0.5  # of a pixel that was inpainted, relative to a known one (Seiler 2015, delta)
GUESSED_WEIGHT = 0.1  # of a pixel from half the size, relative to a known one
DECAY = 0.7  # of the weight per pixel of distance from the block (Seiler 2015, rho)
CHUNK_SIZE = 128  # blocks at a time, which bounds the memory


@dataclass(frozen=True)
class Fsr(CoarseToFine):
    """Frequency selective reconstruction: for scattered and thin masks, regular texture."""

    max_depth: ClassVar[float] = 6.0

    block: int = setting(
        4, "Side of the blocks that are inpainted together; even, or 1.", low=1, high=16, unit="pixels"
    )
    window: int = setting(
        32,
        "T: side of the window that a block is modelled in; even, at least 4 times the block.",
        low=8,
        high=128,
        unit="pixels",
    )
    waves: int = setting(50, "Largest number of waves for a block of full contrast.", low=1, high=10_000)
    correction: float = setting(0.5, "gamma: share of a wave that one step adds to the model.", low=0.01, high=1)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.window < 4 * self.block:
            raise SettingError("fsr.window of at least 4 times fsr.block", str(self.window), f"Try {4 * self.block}.")
        if self.window % 2 or (self.block % 2 and self.block > 1):
            raise SettingError("even fsr.block and fsr.window", f"{self.block} and {self.window}", "Use even numbers.")

    def margin(self, height: int, width: int) -> int:
        return self.window // 2

    def start(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self._inpainted(image, mask, 0)

    def refine(self, image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """See `CoarseToFine`."""
        return self._inpainted(image, mask, GUESSED_WEIGHT)

    def _inpainted(self, image: np.ndarray, mask: np.ndarray, guess_weight: float) -> np.ndarray:
        """Inpaint block by block; guess_weight is the weight of the pixels under the mask at first."""
        (height, width), block = mask.shape, self.block
        rows, columns, border = -(-height // block), -(-width // block), (self.window - block) // 2
        inside = slice(border, border + height), slice(border, border + width)
        # colours and weight
        canvas = np.zeros((rows * block + self.window, columns * block + self.window, 4), np.float32)
        canvas[inside] = np.dstack([image, np.where(mask, guess_weight, 1)])
        missing = np.zeros(canvas.shape[:2], bool)
        missing[inside] = mask
        known = np.zeros_like(missing)
        known[inside] = ~mask
        total, done = int(self._blocks(missing).sum()), 0
        for y, x in layers(self._blocks(known), self._blocks(missing), CHUNK_SIZE):
            y, x = y * block, x * block
            model = self._model(canvas[_squares(y, x, self.window)])[
                :, border : border + block, border : border + block
            ]
            squares = _squares(y + border, x + border, block)
            weight = np.full((*model.shape[:3], 1), INPAINTED_WEIGHT, np.float32)
            pixels = np.concatenate([np.clip(model, 0, 1), weight], axis=3)
            canvas[squares] = np.where(missing[squares][..., None], pixels, canvas[squares])
            done += len(y)
            report_progress(done / total)
        return np.asarray(canvas[(*inside, slice(3))])

    def _blocks(self, pixels: np.ndarray) -> np.ndarray:
        """bool (rows, columns) of blocks: whether any pixel of the block is True; pixels has the size of the canvas."""
        border = (self.window - self.block) // 2
        rows, columns = ((side - self.window) // self.block for side in pixels.shape)
        part = pixels[border:, border:][: rows * self.block, : columns * self.block]
        return np.asarray(part.reshape(rows, self.block, columns, self.block).any(axis=(1, 3)))

    def _model(self, windows: np.ndarray) -> np.ndarray:
        """The sums of waves float64 (N, T, T, 3) for windows (N, T, T, 4) of colours and weights."""
        size = self.window
        colours, weight = windows[..., :3], windows[..., 3:]
        sigma = _deviation(colours, weight)
        weight = weight * _nearness(size, self.block)
        mean = (weight * colours).sum((1, 2), keepdims=True) / weight.sum((1, 2))[:, None, None]
        residual = np.fft.rfft2(weight * (colours - mean), axes=(1, 2))
        waves = np.ceil(self.waves * np.clip(10 * sigma, 0.2, 1)).astype(np.int64)
        spectrum = _select(residual, np.fft.fft2(weight[..., 0]), _omega(size), waves, np.float32(self.correction))
        return np.asarray(mean + size * size * np.fft.irfft2(spectrum, (size, size), axes=(1, 2)))


def layers(known: np.ndarray, missing: np.ndarray, max_count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The missing blocks (y, x) from the known ones inwards, max_count at a time, none of which touch each other."""
    known, missing = known.copy(), missing.copy()
    row, column = np.indices(known.shape) % 2
    while missing.any():
        ready = missing & dilate(known, 1, "square")
        for corner in range(4):
            y, x = np.nonzero(ready & (2 * row + column == corner))
            for begin in range(0, len(y), max_count):
                yield y[begin : begin + max_count], x[begin : begin + max_count]
        known |= ready
        missing &= ~ready


def _squares(y: np.ndarray, x: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices (N, size, size) of the squares whose top left corners are y, x (N,)."""
    offsets = np.arange(size)
    return y[:, None, None] + offsets[:, None], x[:, None, None] + offsets


def _deviation(colours: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The standard deviation (N,) of the pixels with a weight in each window, of the colour with the largest one."""
    seen = (weight > 0).astype(np.float32)
    count = seen.sum((1, 2))
    mean = (seen * colours).sum((1, 2)) / count
    square = (seen * colours**2).sum((1, 2)) / count - mean**2
    return np.asarray(np.sqrt(np.maximum(square, 0)).max(1))


def _nearness(size: int, block: int) -> np.ndarray:
    """(T, T, 1): the weight of a pixel by its distance from the centre of the block."""
    offsets = np.arange(size) - ((size - block) // 2 + (block - 1) / 2)
    return np.asarray(DECAY ** np.hypot(offsets[:, None], offsets), np.float32)[..., None]


def _omega(size: int) -> np.ndarray:
    """(T, T / 2 + 1): the weight of each frequency, from 1 for zero to 0 for the highest along the diagonal."""
    v, u = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)
    return np.asarray((1 - np.sqrt(2) * np.hypot(v, u)) ** 2, np.float32)


@kernel
def _select(residuals, weights, omega, waves, correction):  # type: ignore[no-untyped-def]
    """Spectra of the models, complex (N, T, T / 2 + 1, 3), from those of the weighted residuals and weights (N, T, T).

    Changes residuals.
    """
    count, size, half, _ = residuals.shape
    middle = size // 2
    model = np.zeros_like(residuals)
    for n in range(count):
        residual = residuals[n]
        tiled = np.empty(
            (2 * size, size + half), np.complex64
        )  # [i, j] is W(i, j - T / 2), so that shifts need no modulo
        for i in range(2 * size):
            for j in range(size + half):
                tiled[i, j] = weights[n, i % size, (j + middle) % size]
        factor = correction / weights[n, 0, 0].real
        u, v = _strongest(residual, omega)
        for _ in range(waves[n]):
            a, b, c = factor * residual[u, v, 0], factor * residual[u, v, 1], factor * residual[u, v, 2]
            model[n, u, v, 0] += a
            model[n, u, v, 1] += b
            model[n, u, v, 2] += c
            mirrored = (size - u) % size, (size - v) % size
            self_mirrored = mirrored == (u, v)
            if not self_mirrored and mirrored[1] == v:  # both halves of these columns are in the half spectrum
                model[n, mirrored[0], v, 0] += np.conj(a)
                model[n, mirrored[0], v, 1] += np.conj(b)
                model[n, mirrored[0], v, 2] += np.conj(c)
            best, u_next, v_next = np.float32(-1), 0, 0
            for k in range(size):
                for h in range(half):
                    w = tiled[k - u + size, h - v + middle]
                    red, green, blue = residual[k, h, 0] - a * w, residual[k, h, 1] - b * w, residual[k, h, 2] - c * w
                    if not self_mirrored:
                        w = tiled[k + u, h + v + middle]
                        red -= np.conj(a) * w
                        green -= np.conj(b) * w
                        blue -= np.conj(c) * w
                    residual[k, h, 0], residual[k, h, 1], residual[k, h, 2] = red, green, blue
                    energy = omega[k, h] * (_square(red) + _square(green) + _square(blue))
                    if energy > best:
                        best, u_next, v_next = energy, k, h
            u, v = u_next, v_next
    return model


@inner
def _strongest(residual, omega):  # type: ignore[no-untyped-def]
    best, u, v = np.float32(-1), 0, 0
    for k in range(omega.shape[0]):
        for h in range(omega.shape[1]):
            energy = _square(residual[k, h, 0]) + _square(residual[k, h, 1]) + _square(residual[k, h, 2])
            if omega[k, h] * energy > best:
                best, u, v = omega[k, h] * energy, k, h
    return u, v


@inner
def _square(z):  # type: ignore[no-untyped-def]
    return z.real * z.real + z.imag * z.imag
