"""Mountains: a height map, lit once, and drawn in perspective by walking along each column of the picture.

Lengths are cells of the map (about 3 m). The map tiles, so that a view never ends at its border.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from textures import Random, band, colour, downscaled, fractal, mix, step

SIZE = 2048
WATER = 34.0
SUN = np.array([-0.70, 0.48, -0.42], np.float32)  # x to the right, y up, z away from the camera at yaw 0


@dataclass(frozen=True)
class Terrain:
    """heights (SIZE, SIZE) and lit colours at halving sizes, (n, n, 3); rows run away from the camera at yaw 0."""

    heights: np.ndarray
    colours: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Camera:
    """A level camera at x, z (cells), `height` above zero, turned right by `yaw` radians.

    focal and horizon (its row) are in pixels of the picture drawn.
    """

    x: float
    z: float
    height: float
    yaw: float
    focal: float
    horizon: float


def make_terrain(random: Random, relief: float = 1.0) -> Terrain:
    """Eroded ridges over broad valleys, with lakes, forest, rock and snow."""
    heights = _ridges(random) * np.float32(relief)
    land = np.maximum(heights, WATER)
    colours = [_lit(land, _ground(heights, random))]
    while len(colours) < 7:
        colours.append(downscaled(colours[-1]))
    return Terrain(land, tuple(colours))


def _ridges(random: Random) -> np.ndarray:
    """Ridged octaves that are rough where they are high, as erosion leaves them (Musgrave 1993)."""
    heights = 0.9 + 0.55 * band(SIZE, SIZE, 1100, random)
    weight, wavelength, strength = np.clip(heights, 0.05, 1.4), 620.0, 0.85
    while wavelength > 4:
        ridge = 1 - np.abs(band(SIZE, SIZE, wavelength, random))
        heights += np.float32(strength) * ridge * weight
        weight = np.clip(weight * (0.55 + 0.55 * ridge), 0.03, 1.4)
        wavelength, strength = wavelength / 2, strength * 0.5
    return (58 * heights).astype(np.float32)


def _slope(heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = (np.roll(heights, -1, 1) - np.roll(heights, 1, 1)) / 2
    z = (np.roll(heights, -1, 0) - np.roll(heights, 1, 0)) / 2
    return x, z


def _ground(heights: np.ndarray, random: Random) -> np.ndarray:
    """Unlit colour: meadow, forest, rock, snow and water, each where height and slope allow it."""
    wide, fine = fractal(SIZE, SIZE, 200, random, 0.6), fractal(SIZE, SIZE, 12, random, 0.8)
    smooth = cv2.GaussianBlur(heights, (0, 0), 3, borderType=cv2.BORDER_REFLECT)
    steep = np.hypot(*_slope(smooth))
    meadow = mix(colour(112, 118, 62), colour(148, 138, 84), step(-1, 1.5, wide + 0.5 * fine))
    forest = mix(colour(30, 46, 30), colour(66, 82, 44), step(-1.2, 1.6, fine + 0.3 * wide))
    rock = mix(colour(98, 90, 84), colour(136, 126, 116), step(-2, 2, wide + 0.6 * fine))
    snow = colour(236, 240, 246) * (1 + 0.04 * fine[..., None])
    ground = mix(meadow, forest, step(-0.5, 0.1, wide + 0.35 * fine + (95 - heights) / 60))
    ground = mix(ground, rock, step(0.62, 0.86, steep + 0.05 * fine + (heights - 115) / 260))
    ground = mix(ground, snow, step(150, 168, heights + 9 * wide + 3 * fine - 36 * steep))
    shore = mix(colour(150, 138, 112), colour(120, 108, 90), step(-1, 1, fine))
    ground = mix(shore, ground, step(WATER + 0.4, WATER + 2, heights + 0.3 * fine))
    return mix(colour(16, 48, 62), ground, step(WATER - 0.5, WATER + 0.5, heights))


def _lit(land: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """The ground under a low warm sun and a blue sky, with cast shadows and darker hollows."""
    x, z = _slope(land)
    sun = SUN / np.linalg.norm(SUN)
    facing = np.clip((sun[1] - x * sun[0] - z * sun[2]) / np.sqrt(1 + x * x + z * z), 0, None)
    hollow = cv2.GaussianBlur(land, (0, 0), 14) - land
    open_sky = np.clip(1 - np.maximum(hollow, 0) / 16, 0.35, 1) * (0.6 + 0.4 / np.sqrt(1 + x * x + z * z))
    light = (facing * _sunlit(land))[..., None] * np.array([2.9, 2.45, 1.85], np.float32)
    light = light + open_sky[..., None] * np.array([0.36, 0.46, 0.66], np.float32)
    return (ground * light).astype(np.float32)


def _sunlit(land: np.ndarray) -> np.ndarray:
    """0 in the shadow of a mountain, 1 in the sun, by sliding the map along the sun's direction."""
    across = np.hypot(SUN[0], SUN[2])
    rise, blocked, distance = SUN[1] / across, np.full_like(land, -99), 3.0
    while distance < 420:
        shift = (-round(float(SUN[2] / across * distance)), -round(float(SUN[0] / across * distance)))
        blocked = np.maximum(blocked, (np.roll(land, shift, (0, 1)) - land - rise * distance) / (1 + 0.02 * distance))
        distance *= 1.06
    return 1 - step(-0.5, 1.5, blocked)


def draw_terrain(
    terrain: Terrain, camera: Camera, height: int, width: int, near: float, far: float
) -> tuple[np.ndarray, np.ndarray]:
    """The view from a camera: colours (H, W, 3) without haze, and depth (H, W), inf where the sky is.

    Every column's surface, seen from the front, is the running maximum of its projected heights; each row then asks
    where along the column that maximum first reaches it.
    """
    depths = np.geomspace(near, far, 900).astype(np.float32)[:, None]
    side = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / camera.focal)[None]
    heights = _sample(terrain.heights, *_map_position(camera, depths, side))
    rows = camera.horizon + camera.focal * (camera.height - heights) / depths
    skyline = np.minimum.accumulate(rows, axis=0)
    depth = _first_depths(skyline, depths[:, 0], height)
    land = np.isfinite(depth)
    ground = np.where(land, depth, far).astype(np.float32)
    x, z = _map_position(camera, ground, side)
    grazing = np.abs(np.diff(ground, axis=0, append=ground[-1:]))
    footprint = np.sqrt(ground / camera.focal * np.clip(grazing, ground / camera.focal, 8 * ground / camera.focal))
    level = np.clip(np.log2(np.maximum(footprint, 1e-3)), 0, len(terrain.colours) - 1)
    picture = np.zeros((height, width, 3), np.float32)
    for index, colours in enumerate(terrain.colours):
        weight = np.clip(1 - np.abs(level - index), 0, None)
        if weight.any():
            picture += weight[..., None] * _sample(colours, x, z)
    return picture, depth


def _map_position(camera: Camera, depth: np.ndarray, side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Map positions of points `depth` in front of the camera and `side` times that to its right."""
    sine, cosine = np.float32(np.sin(camera.yaw)), np.float32(np.cos(camera.yaw))
    x = camera.x + depth * (sine + cosine * side)
    z = camera.z + depth * (cosine - sine * side)
    return x.astype(np.float32), z.astype(np.float32)


def _sample(field: np.ndarray, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Bilinear samples of a tiling map, of any of the downscaled sizes, at positions in cells of the full map."""
    size = field.shape[0]
    padded = cv2.copyMakeBorder(field, 0, 1, 0, 1, cv2.BORDER_WRAP)
    scale = np.float32(size / SIZE)
    return cv2.remap(
        padded, np.mod((x + 0.5) * scale - 0.5, size), np.mod((z + 0.5) * scale - 0.5, size), cv2.INTER_LINEAR
    )


def _first_depths(skyline: np.ndarray, depths: np.ndarray, height: int) -> np.ndarray:
    """Depth (H, W) at which a falling skyline (K, W) first reaches each row, inf where it never does."""
    count, width = skyline.shape
    bins = np.clip(np.ceil(skyline - 0.5), 0, height).astype(np.int64) * width + np.arange(width)
    below = np.bincount(bins.ravel(), minlength=(height + 1) * width).reshape(height + 1, width)
    first = below[::-1].cumsum(0)[::-1][1:]  # number of steps below each row's centre
    column = np.arange(width)[None]
    after, before = np.clip(first, 1, count - 1), np.clip(first - 1, 0, count - 2)
    low, high = skyline[before, column], skyline[after, column]
    fraction = np.clip((low - (np.arange(height)[:, None] + 0.5)) / np.maximum(low - high, 1e-6), 0, 1)
    depth = depths[before] + fraction * (depths[after] - depths[before])
    return np.where(first >= count, np.inf, depth).astype(np.float32)
