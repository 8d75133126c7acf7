"""`estimate`: opacity, colour and support of a mark from the frames themselves, and how far to trust them.

The steps: which pixels differ from what their surroundings predict (`segmentation`), one or two layers of one opacity
and colour from all their pixels together (`layers`), how far they cover each pixel (`coverage`), and again, now that
the background between the letters is known. Dekel et al., "On the Effectiveness of Visible Watermarks" (CVPR 2017),
alternate between matte, colour and background, too; here the mark's layers are what makes a few frames enough.
"""

from dataclasses import dataclass

import numpy as np

from vidinpaint.marks.coverage import cover
from vidinpaint.marks.layers import Layer, Samples, fit_layer
from vidinpaint.marks.prediction import independent_frames, predict, prediction_error
from vidinpaint.marks.segmentation import block_means, eroded, inside, segment, without_specks
from vidinpaint.marks.template import Template
from vidinpaint.marks.unblending import NOISE
from vidinpaint.numerics.morphology import dilate, distance_outside

_ROUNDS = 3  # the second uses the background between the letters, the third is within .3 dB of a sixth
_MARGIN = 1  # pixels around the support that the mark may change, too
_CORE = 0.75  # of the strength of a layer: its first pixels
_STRENGTH = 0.85  # quantile that counts as the strength of a layer
_PARTLY = 0.3  # coverage that is not a trace
_FULL = 0.85  # of the strength of a coverage: the pixels of a layer in later rounds
_AS_NEAR = 0.5  # pixels: layers whose distances differ by less are equally near
_CAUTIOUS = 0.3  # standard deviation of coverages from 0, before anything is known of them
_FREE = 0.4  # the same of the layers that may cover a pixel: any in [0, 1]
_FAR = 0.1  # the same at an edge where another layer is nearer
_SOLID = 0.6  # total coverage of what is inside the mark, with its neighbours
_TRACE = 0.08  # total coverage that changes the picture visibly
_STILL = 3.0  # frames that differ: below it nothing tells the mark from texture that looks like none of its layers
_MOST_UNEXPLAINED = 0.15  # part of the differences that may be texture
_EDGE_SHIFT = 0.08  # pixels: an edge that is softer or a little elsewhere, after compression
_PLAIN = 0.4  # total coverage that thin lines reach, and vague differences do not
_EDGE = 3  # pixels: how far soft edges reach from what is covered mostly
_MIN_PIXELS = 30  # of a layer
_MIN_DEEP = 60  # inner pixels of a layer that are enough without those at its edges
_THIN = 0.08  # standard deviation of the opacity of a layer without inner pixels: its edges are soft
_MIN_SHARE = 0.05  # of the larger layer: a smaller one is texture of the background
_MIN_OPACITY = 0.06  # a fainter mark is not seen
_MIN_RELATIVE = 0.4  # of the opacity of the first layer: a fainter second one is texture, too
_LIGHT = 3.0  # weight of what is lighter than its surroundings: most marks are
_VISIBLE = 0.2  # of the strength of the first layer: what counts as a rim
_RIM = 4  # pixels: a rim or a shadow is this near
_RIM_SHARE = 0.4  # of the border: rims had .51 to .99 of it on 16 clips, texture at most .19 on 15 and .64 on one
_RIM_CONTRAST = 1.3  # along the border over beyond it: at least 1.5 with the rims, 1.03 with that texture
_MAX_MISFIT = 2.0  # standard deviations: a second layer that is neither white nor black is texture of the background


@dataclass(frozen=True, eq=False)
class Estimate:
    """A mark as the frames show it.

    template    h x w pixels: alpha 0 outside the support
    support     bool (h, w): the pixels that the mark changes, with the edges that scaling and compression have widened
    confidence  0 to 1: the part that un-blending has in the mean of un-blended and interpolated values, weighted by
                their inverse variances; near 0 where the footage tells nothing of the opacity
    layers      what the mark is made of, the larger layer first; empty if no mark was found
    """

    template: Template
    support: np.ndarray
    confidence: float
    layers: tuple[Layer, ...]


def estimate(frames: np.ndarray, mask: np.ndarray, shots: np.ndarray) -> Estimate:
    """Estimate a half-transparent mark in a rough box.

    frames  float32 (T, h, w, 3): RGB in [0, 1], with some pixels of background around the mask
    mask    bool (h, w), True = may be changed by the mark
    shots   int (T,): the shot that each frame is of

    Frames whose backgrounds differ tell most. Nothing found, or no background around the mask: alpha is 0 and the
    support empty.
    """
    if mask.all() or not mask.any():
        return _nothing(mask.shape)
    support, difference = segment(block_means(frames, shots), mask)
    different = support
    cores = _first_cores(difference.mean(axis=-1), support)
    for _ in range(_ROUNDS):
        scene = _look(frames, dilate(support, _MARGIN) & mask)
        layers = _fit(scene, cores)
        if not layers:
            return _nothing(mask.shape)
        coverage, covariance = _cover(scene, list(layers.values()))
        total = coverage.sum(axis=-1)
        solid = without_specks(total > _PLAIN)
        support = without_specks((total > _TRACE) & mask & dilate(solid, _EDGE))
        cores = {bright: _core(coverage[..., k]) for k, bright in enumerate(layers)}
    if scene.count < _STILL and _unexplained(difference, different, support) > _MOST_UNEXPLAINED:
        support = support | without_specks(different)
    return _conclude(scene, tuple(layers.values()), coverage * support[..., None], covariance, support)


@dataclass(frozen=True, eq=False)
class _Scene:
    """The frames, and what is known of the background under the mark.

    unknown   bool (h, w)
    expected  float32 (T, h, w, 3): the predicted background
    variance  float32 (h, w): temporal variance of the background, mean of the channels
    error     float32 (h, w): mean square error of the prediction
    count     how many of the frames differ
    """

    frames: np.ndarray
    unknown: np.ndarray
    expected: np.ndarray
    variance: np.ndarray
    error: np.ndarray
    count: float


def _look(frames: np.ndarray, unknown: np.ndarray) -> _Scene:
    variance = predict(frames.var(axis=0)[None], unknown)[0].mean(axis=-1)
    error = prediction_error(frames, unknown) + np.float32(NOISE**2)
    count = independent_frames(frames, ~dilate(unknown, 2), NOISE)
    return _Scene(frames, unknown, predict(frames, unknown), variance, error, count)


def _first_cores(brightness: np.ndarray, support: np.ndarray) -> dict[bool, np.ndarray]:
    """bool (h, w): the pixels that are brighter than the background, or darker, by most of what such pixels are.

    Both where the weaker ones are along much of the border of the others, as rims and shadows are, and not beyond.
    """
    strengths = {True: brightness, False: -brightness}
    cores = {bright: _strongest(strength, support) for bright, strength in strengths.items()}
    weights = {bright: float(np.sum(brightness[eroded(core)] ** 2)) for bright, core in cores.items()}
    first = weights[True] * _LIGHT > weights[False]
    if not cores[first].any():
        return {first: cores[first]}
    distance, strength = distance_outside(~cores[first]), strengths[not first]
    seen = dilate(support & (strength > _VISIBLE * float(np.median(strengths[first][cores[first]]))), 1)
    bands = (distance > 1) & (distance <= _RIM), (distance > _RIM) & (distance <= 2 * _RIM - 1)
    along, beyond = (float(seen[band].mean()) if band.any() else 0.0 for band in bands)
    if along < max(_RIM_SHARE, _RIM_CONTRAST * beyond):
        return {first: cores[first]}
    return {first: cores[first], not first: _strongest(strength, support & (distance <= _RIM))}


def _strongest(strength: np.ndarray, support: np.ndarray) -> np.ndarray:
    side = support & (strength > 0)
    return side & (strength > _CORE * float(np.quantile(strength[side], _STRENGTH))) if side.any() else side


def _core(coverage: np.ndarray) -> np.ndarray:
    """bool (h, w): the pixels that a layer covers fully, or as far as it covers any: thin rims cover none fully."""
    core: np.ndarray = coverage > _FULL
    seen = coverage > _PARTLY
    if np.count_nonzero(core) < 2 * _MIN_PIXELS and seen.any():
        core = coverage > _FULL * float(np.quantile(coverage[seen], _STRENGTH))
    return core


def _unexplained(difference: np.ndarray, different: np.ndarray, support: np.ndarray) -> float:
    """The part of all differences from the interpolated background that lies outside of the support."""
    size = np.abs(difference).sum(axis=-1)
    return float(size[different & ~support].sum() / max(float(size[different].sum()), 1e-6))


def _fit(scene: _Scene, cores: dict[bool, np.ndarray]) -> dict[bool, Layer]:
    """The layers of a mark, bright and dark, the one with more inner pixels first."""
    layers: dict[bool, Layer] = {}
    largest = max(np.count_nonzero(core) for core in cores.values())
    for bright, core in sorted(cores.items(), key=lambda item: -np.count_nonzero(eroded(item[1]))):
        if np.count_nonzero(core) < max(_MIN_PIXELS, _MIN_SHARE * largest):
            continue
        deep = eroded(core)
        thick = np.count_nonzero(deep) >= _MIN_DEEP
        core = deep if thick else core
        observed, expected = scene.frames[:, core], scene.expected[:, core]
        columns = np.nonzero(core)[1]
        samples = Samples(
            observed,
            expected,
            scene.variance[core],
            scene.error[core],
            columns,
            0 if thick else _THIN,
            scene.count,
            NOISE,
        )
        first = next(iter(layers.values()), None)
        layer = fit_layer(samples, bright, first)
        if first is None:
            if layer.opacity > _MIN_OPACITY:
                layers[bright] = layer
        elif layer.misfit < _MAX_MISFIT and layer.opacity > _MIN_RELATIVE * first.opacity:
            layers[bright] = layer
    return layers


def _cover(scene: _Scene, layers: list[Layer]) -> tuple[np.ndarray, np.ndarray]:
    """Coverage float32 (h, w, K) and its covariance float32 (h, w, K, K); zero where the background is known."""
    coverage = np.zeros((*scene.unknown.shape, len(layers)), np.float32)
    covariance = np.zeros((*coverage.shape, len(layers)), np.float32)
    observed, expected = scene.frames[:, scene.unknown], scene.expected[:, scene.unknown]
    weight = np.float32(scene.count / len(observed)) / scene.error[scene.unknown]
    solid = np.zeros_like(scene.unknown)
    spread = np.full(coverage.shape, _CAUTIOUS, np.float32)
    for _ in range(2):  # the first time to see what is inside
        coverage[scene.unknown], covariance[scene.unknown] = cover(
            observed, expected, weight, solid[scene.unknown], spread[scene.unknown], layers
        )
        solid = inside(coverage.sum(axis=-1) > _SOLID)
        cores = [without_specks(layer > _SOLID) for layer in np.moveaxis(coverage, -1, 0)]
        distance = np.stack([distance_outside(~core) for core in cores], axis=-1)
        near = solid[..., None] | (distance <= distance.min(axis=-1, keepdims=True) + _AS_NEAR)
        spread = np.where(near, np.float32(_FREE), np.float32(_FAR))
    return coverage, covariance


def _conclude(
    scene: _Scene, layers: tuple[Layer, ...], coverage: np.ndarray, covariance: np.ndarray, support: np.ndarray
) -> Estimate:
    opacities = np.array([layer.opacity for layer in layers], np.float32)
    colours = np.stack([layer.colour for layer in layers])
    alpha = np.minimum(coverage @ opacities, 1)
    colour = (coverage * opacities) @ colours / np.maximum(alpha, 1e-6)[..., None]
    shared = np.array([layer.deviation for layer in layers], np.float32)
    slope = np.hypot(*np.gradient(alpha))
    variance = np.einsum("i,hwik,k->hw", opacities, covariance, opacities) + (coverage**2) @ shared**2
    variance = variance + (np.float32(_EDGE_SHIFT) * slope) ** 2
    deviation = np.sqrt(variance * dilate(support, _MARGIN))
    template = Template(alpha, np.clip(colour, 0, 1).astype(np.float32), deviation.astype(np.float32))
    contrast = np.mean((scene.expected - template.colour) ** 2, axis=(0, -1))
    unblended = (NOISE**2 + contrast * variance) / np.maximum(1 - alpha, 1e-3) ** 2
    share = scene.error / (scene.error + unblended)
    wide = dilate(support, _MARGIN) & scene.unknown
    confidence = float(share[support].mean()) if support.any() else 0.0
    return Estimate(template, wide, confidence, layers)


def _nothing(shape: tuple[int, ...]) -> Estimate:
    zeros = np.zeros(shape, np.float32)
    return Estimate(Template(zeros, np.zeros((*shape, 3), np.float32), zeros), zeros > 0, 0.0, ())
