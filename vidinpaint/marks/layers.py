"""`Layer`: a part of a mark of one opacity and colour, estimated from all its pixels together.

Where a layer covers pixels fully, the picture is J = (1 - a) B + a C. The temporal standard deviation of J is 1 - a
times that of B, which varies smoothly and so follows from the pixels around the mark; and J regressed on the predicted
B, over pixels and time, has the slope 1 - a. The mean of J then gives C. White and black are what most marks are made
of: the brightest channel of a bright layer is expected near 1, the darkest of a dark one near 0.
"""

from dataclasses import dataclass

import numpy as np

OPACITIES = np.linspace(0.02, 0.99, 195)
"""The opacities that are compared: steps of .005, a quarter of a level at the contrast of common marks."""
_GROUPS = 8  # of pixels, by column, that the jackknife leaves out in turn
_COLOUR_SPREAD = 0.15  # standard deviation of colours from white or black
_MIXED = 0.3  # of the distance to white or black is left in a layer without inner pixels, whose colours are mixed
_OUTSIDE_SPREAD = 0.03  # colours beyond white or black do not exist: this is the error of the prediction
_SLOPE_BIAS = 0.05  # of the regression: its predictor has an error
_RELATED = 0.05  # standard deviation of the opacities of two layers of one mark, mostly drawn and then faded together
_STEADY = 0.1  # relative error of the standard deviation over one independent frame, pooled over a mark


@dataclass(frozen=True, eq=False)
class Layer:
    """A part of a mark.

    opacity    0 to 1
    colour     float32 (3,): RGB in [0, 1]
    deviation  standard deviation of the opacity
    misfit     how unlikely the colour is, in standard deviations from white or black
    """

    opacity: float
    colour: np.ndarray
    deviation: float
    misfit: float


@dataclass(frozen=True, eq=False)
class Samples:
    """What is known of the pixels of one layer: frames T, pixels n.

    observed  float32 (T, n, 3)
    expected  float32 (T, n, 3): the predicted background
    variance  float32 (n,): temporal variance of the background, as its surroundings have it, mean of the channels
    error     float32 (n,): mean square error of the prediction
    columns   int (n,): where the pixels are, to divide them into groups
    blurred   standard deviation of the slopes from pixels that the layer covers in part only
    frames    how many frames differ: `prediction.independent_frames`
    noise     standard deviation of the compression's noise
    """

    observed: np.ndarray
    expected: np.ndarray
    variance: np.ndarray
    error: np.ndarray
    columns: np.ndarray
    blurred: float
    frames: float
    noise: float


def fit_layer(samples: Samples, bright: bool, related: Layer | None = None) -> Layer:
    """Opacity and colour of a layer that is brighter, or darker, than the background.

    related  another layer of the same mark, whose opacity is probably much the same. Default: none
    """
    groups = _groups(samples.columns)
    cost = np.zeros(len(OPACITIES))
    for slope, variance in (_spread_slope(samples, groups), _regression_slope(samples, groups)):
        cost += (1 - OPACITIES - slope) ** 2 / (variance + samples.blurred**2)
    if related is not None:
        cost += (OPACITIES - related.opacity) ** 2 / (_RELATED**2 + related.deviation**2)
    observed, expected = samples.observed.mean((0, 1)), samples.expected.mean((0, 1))
    colours = (observed - (1 - OPACITIES[:, None]) * expected) / OPACITIES[:, None]
    beyond = colours.max(axis=1) - 1 if bright else -colours.min(axis=1)
    misfit = beyond / np.where(beyond > 0, _OUTSIDE_SPREAD, _COLOUR_SPREAD)
    cost += misfit**2
    best = int(cost.argmin())
    likelihood = np.exp((cost[best] - cost) / 2)
    uncertainty = np.sum(likelihood * (OPACITIES - OPACITIES[best]) ** 2) / likelihood.sum()
    colour = np.clip(colours[best], 0, 1).astype(np.float32)
    if samples.blurred:
        colour = 1 - _MIXED * (1 - colour) if bright else _MIXED * colour
    return Layer(float(OPACITIES[best]), colour, float(np.sqrt(uncertainty)), abs(float(misfit[best])))


def _groups(columns: np.ndarray) -> np.ndarray:
    """bool (groups, n): the pixels without one of the groups."""
    borders = np.quantile(columns, np.linspace(0, 1, _GROUPS + 1)[1:-1])
    group = np.searchsorted(borders, columns)
    return np.stack([group != k for k in np.unique(group)])


def _jackknife(estimates: np.ndarray) -> float:
    count = len(estimates)
    return float((count - 1) / count * np.sum((estimates - estimates.mean()) ** 2))


def _spread_slope(samples: Samples, groups: np.ndarray) -> tuple[float, float]:
    """1 - a as the ratio of temporal standard deviations, and its variance."""
    noise = samples.noise**2
    inside, outside = samples.observed.var(axis=0).mean(axis=-1), samples.variance

    def ratio(part: np.ndarray) -> float:
        above = max(float(inside[part].mean()) - noise / 2, 1e-9)  # half: the noise is partly in both
        return float(np.sqrt(above / max(float(outside[part].mean()) - noise / 2, 1e-9)))

    slope = min(ratio(np.ones(len(inside), bool)), 1.0)
    blurred = slope * noise / max(float(outside.mean()), 1e-9)  # the noise inside and outside need not be the same
    sampling = (slope * _STEADY) ** 2 / samples.frames
    return slope, _jackknife(np.array([ratio(part) for part in groups])) + sampling + blurred**2


def _regression_slope(samples: Samples, groups: np.ndarray) -> tuple[float, float]:
    """1 - a as the slope of what is observed over what is expected, over pixels and time, and its variance."""
    weight = 1 / samples.error
    observed = samples.observed - samples.observed.mean((0, 1))
    expected = samples.expected - samples.expected.mean((0, 1))
    products = weight * np.einsum("tnc,tnc->n", observed, expected)
    squares = weight * np.einsum("tnc,tnc->n", expected, expected)
    slopes = np.array([products[part].sum() / max(squares[part].sum(), 1e-9) for part in groups])
    slope = float(np.clip(products.sum() / max(squares.sum(), 1e-9), 0, 1))
    diluted = slope * float(samples.error.mean()) / max(float(np.mean(expected**2)), 1e-9)
    return slope, _jackknife(slopes) + _SLOPE_BIAS**2 + diluted**2
