"""Resamples chroma to full size and back, by factors of two along one axis.

Upsampling is linear interpolation. Downsampling is its biorthogonal partner, so that down(up(c)) == c exactly and
pixels outside the masks keep their chroma. For samples that sit on every second pixel, this is the 5/3 low-pass filter
of Le Gall and Tabatabai 1988; for samples between two pixels it is the partner (-1, 3, 3, -1)/4 of the spline
(1, 3, 3, 1)/4 (Cohen, Daubechies and Feauveau 1992, table 6.2). Planes are extended by repeating the last sample.
"""

import numpy as np


def upsample(chroma: np.ndarray, axis: int, centred: bool) -> np.ndarray:
    """Twice as many samples along `axis` of a float array.

    centred: True if a sample sits between its two pixels (4:2:0 vertically), False if it sits on the first ("left").
    """
    values = np.moveaxis(chroma, axis, 0)
    before = np.concatenate([values[:1], values[:-1]])
    after = np.concatenate([values[1:], values[-1:]])
    result = np.empty((2 * len(values), *values.shape[1:]), values.dtype)
    if centred:
        weighted = values * np.float32(0.75)
        result[0::2] = weighted + np.float32(0.25) * before
        result[1::2] = weighted + np.float32(0.25) * after
    else:
        result[0::2] = values
        result[1::2] = np.float32(0.5) * (values + after)
    return np.moveaxis(result, 0, axis)


def with_reach(masks: np.ndarray, axis: int, step: int) -> np.ndarray:
    """A bool array, True = inpaint, widened along `axis` to all pixels whose chroma block holds colour from a mask.

    An encoder computes a chroma sample from more pixels than the `step` pixels of its block. Which ones depends on its
    filter and on where in the block the sample sits, and files rarely say. With linear interpolation, the reach is at
    most step - 1 pixels beyond the block, wherever the sample sits.
    """
    result = masks.copy()
    values, widened = np.moveaxis(masks, axis, 0), np.moveaxis(result, axis, 0)
    for shift in range(1, step):
        widened[shift:] |= values[:-shift]
        widened[:-shift] |= values[shift:]
    return result


def downsample(samples: np.ndarray, axis: int, centred: bool) -> np.ndarray:
    """Half as many samples (rounded up) along `axis` of a float array; inverts `upsample` of the same `centred`."""
    values = np.moveaxis(samples, axis, 0)
    odd = len(values) % 2
    end = values[-1:]
    if centred and odd and len(values) > 1:  # the missing pixel would equal the last chroma sample
        end = np.float32(1.5) * values[-1:] - np.float32(0.5) * values[-2:-1]
    start = values[:1]
    padded = np.concatenate([start, start, values, end, end, end])
    count = (len(values) + 1) // 2

    def tap(offset: int) -> np.ndarray:
        return padded[2 + offset : 2 + offset + 2 * count : 2]

    if centred:
        result = np.float32(0.75) * (tap(0) + tap(1)) - np.float32(0.25) * (tap(-1) + tap(2))
    else:
        result = (
            np.float32(0.75) * tap(0)
            + np.float32(0.25) * (tap(-1) + tap(1))
            - np.float32(0.125) * (tap(-2) + tap(2))
        )  # fmt: skip
    return np.moveaxis(result, 0, axis)
