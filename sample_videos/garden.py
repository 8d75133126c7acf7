"""A walk past a garden wall, with four layers of depth, while a beach ball rolls by.

Lengths are metres: x to the right, y up, z away from the camera.
"""

from typing import NamedTuple

import cv2
import numpy as np
from ball import Ball
from masonry import brick_wall, cobbles, grass, leaves, turf
from scene import HEIGHT, SUPERSAMPLED, WIDTH, Frame, dilated, exposed, film
from textures import Random, colour, fractal, mix, step

FRAMES, RATE = 66, 30
EYE, HORIZON = 1.3, 208.0
WALL, TREES, NEAR, VERGE = 7.0, 16.0, 2.6, 6.15
SCALE, GROUND_SCALE, NEAR_SCALE = 170.0, 230.0, 260.0  # pixels per metre
SPAN = 13.0  # metres of wall and path, from left to right; their middle is x = 0
SUN, SKY = np.array([1.9, 1.68, 1.36], np.float32), np.array([0.30, 0.36, 0.46], np.float32)


class View(NamedTuple):
    """Where the camera is: x (metres), focal length and the row of the horizon (pixels of the supersampled picture)."""

    x: float
    focal: float
    horizon: float


class Garden:
    """Renders frames by index; the seed determines everything."""

    def __init__(self, seed: int = 8) -> None:
        random = np.random.default_rng(seed)
        self._wall = _wall(random)
        self._trees = _trees(random)
        self._floor, self._dapple = _floor(random)
        self._lawns = tuple((z, _lawn(random)) for z in (6.95, 6.75, 6.5, 6.3, VERGE))
        self._near = _near(random)
        self._rows, self._columns = np.mgrid[: HEIGHT * SUPERSAMPLED, : WIDTH * SUPERSAMPLED].astype(np.float32)

    def frame(self, index: int) -> Frame:
        light = exposed(self._draw, index, RATE)
        clip, truth, change = light[..., :3], light[..., 3:6], light[..., 6]
        return Frame(film(clip, 0.95), film(truth, 0.95), dilated(change > 0.004, 3))

    def _draw(self, seconds: float) -> np.ndarray:
        """With the ball, without it, and how much of each pixel it changes: (H, W, 7)."""
        sway = 0.012 * np.sin(5 * seconds)
        view = View(-0.75 + 0.68 * seconds + sway, 880 + 14 * seconds, HORIZON + 2 * np.sin(3.1 * seconds))
        ball = Ball(x=-2.75 + 2.75 * seconds, z=4.7, radius=0.36)
        sun, sky, x, z = self._ground(view)
        less_sun, less_sky = ball.shadow(x, z)
        shaded = sun * (1 - less_sun)[..., None] + sky * (1 - less_sky)[..., None]
        ground = (z < WALL) & (self._rows > view.horizon)
        upright = self._upright(view)
        clip = np.where(ground[..., None], shaded, upright)
        truth = np.where(ground[..., None], sun + sky, upright)
        change = np.maximum(less_sun, less_sky) * ground
        for depth, lawn in self._lawns:
            blades = self._project(lawn, depth, SCALE, 0.0, view)
            clip, truth, change = _over(blades, clip), _over(blades, truth), change * (1 - blades[..., 3])
        light, cover = ball.seen_from(np.array([view.x, EYE, 0], np.float32), self._rays(view))
        clip, change = mix(clip, light, cover), np.maximum(change, cover)
        near = self._project(self._near, NEAR, NEAR_SCALE, 0.17, view)
        return np.dstack([_over(near, clip), _over(near, truth), change * (1 - near[..., 3])])

    def _rays(self, view: View) -> np.ndarray:
        """Directions (H, W, 3) of the rays through the camera's pixels."""
        across = (self._columns + 0.5 - WIDTH) / view.focal
        up = (view.horizon - self._rows - 0.5) / view.focal
        return np.dstack([across, up, np.ones_like(up)]).astype(np.float32)

    def _upright(self, view: View) -> np.ndarray:
        """Sky, trees and wall."""
        up = step(view.horizon, -200, self._rows)
        sky = mix(colour(232, 234, 226)[None, None], colour(150, 190, 226)[None, None], up) * 1.25
        trees = _over(self._project(self._trees, TREES, 90.0, 0.8, view), sky)
        return _over(self._project(self._wall, WALL, SCALE, 0.0, view), trees)

    def _project(self, layer: np.ndarray, z: float, scale: float, foot: float, view: View) -> np.ndarray:
        """An upright layer at depth z, its lowest line `foot` metres above the ground, as the camera sees it."""
        height, width = layer.shape[:2]
        zoom = scale * z / view.focal
        left = width / 2 + view.x * scale - zoom * WIDTH
        top = height - (EYE - foot) * scale - zoom * view.horizon
        matrix = np.array([[zoom, 0, left], [0, zoom, top]], np.float32)
        size = (WIDTH * SUPERSAMPLED, HEIGHT * SUPERSAMPLED)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(layer, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT)

    def _ground(self, view: View) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Light of sun and of sky from the ground (H, W, 3), and each pixel's position on it, x and z in metres."""
        z = (view.focal * EYE / np.maximum(self._rows + 0.5 - view.horizon, 1)).astype(np.float32)
        x = ((self._columns + 0.5 - WIDTH) * z / view.focal + view.x).astype(np.float32)
        columns, rows = (x + SPAN / 2) * GROUND_SCALE, z * GROUND_SCALE
        floor = cv2.remap(self._floor, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        sunlit = cv2.remap(self._dapple, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return floor * SUN * 0.8 * sunlit[..., None], floor * SKY * 1.25, x, z


def _over(layer: np.ndarray, picture: np.ndarray) -> np.ndarray:
    return layer[..., :3] + picture * (1 - layer[..., 3:])


def _dappled(height: int, width: int, scale: float, random: Random) -> np.ndarray:
    """Sun (1) and soft shadow (0) through the leaves of a tree that is not in the picture."""
    coarse, fine = (
        fractal(height, width, 3.2 * scale, random, 0.5),
        fractal(height, width, 0.5 * scale, random, 0.5, 0.1 * scale),
    )
    return step(-0.75, 0.35, coarse + 0.45 * fine)


def _wall(random: Random) -> np.ndarray:
    """Bricks under coping stones, with ivy; a layer (H, W, 4)."""
    height, width, coping = round(2.0 * SCALE), round(SPAN * SCALE), round(0.11 * SCALE)
    wall = brick_wall(height, width, SCALE, random)
    slab = mix(colour(122, 114, 104), colour(176, 166, 150), step(-1.6, 1.6, fractal(coping, width, 60, random, 0.7)))
    slab *= np.where(np.arange(width) % round(0.62 * SCALE) < 3, 0.35, 1)[None, :, None]
    wall[:coping] = slab * np.linspace(1.5, 0.75, coping)[:, None, None]
    wall[coping : coping + 14] *= np.linspace(0.35, 1, 14)[:, None, None]
    sunlit = _dappled(height, width, SCALE, random)
    foot = np.linspace(0.0, 1.0, height)[:, None] ** 6
    light = wall * (SUN * 0.72 * sunlit[..., None] + SKY) * (1 - 0.45 * foot[..., None])
    ivy = _ivy(height, width, random)
    ivy[..., :3] *= 0.55 + 0.75 * sunlit[..., None]
    shade = cv2.GaussianBlur(np.roll(ivy[..., 3], (7, 5), (0, 1)), (0, 0), 3)
    light = _over(ivy, light * (1 - 0.6 * shade[..., None]))
    return np.concatenate([light, np.ones((height, width, 1))], -1).astype(np.float32)


def _ivy(height: int, width: int, random: Random) -> np.ndarray:
    """Ivy that hangs over the wall's top in curtains and thins out downwards."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    patches = fractal(height, width, 330, random, 0.55)
    density = step(-0.1, 0.9, patches + 0.75 - 2.4 * down)
    return leaves(height, width, density, 26000, 11, (colour(44, 66, 30), colour(126, 154, 70)), random)


def _trees(random: Random) -> np.ndarray:
    """Trees behind the wall, out of focus; a layer (H, W, 4)."""
    height, width = 620, 2300
    crowns = fractal(height, width, 420, random, 0.55)
    density = step(-0.9, 0.4, crowns + 1.0 - 1.5 * np.linspace(1, -0.4, height, dtype=np.float32)[:, None])
    layer = leaves(height, width, density, 30000, 19, (colour(40, 58, 34), colour(158, 170, 84)), random)
    layer[..., :3] *= 0.9
    return cv2.GaussianBlur(layer, (0, 0), 3.2)


def _floor(random: Random) -> tuple[np.ndarray, np.ndarray]:
    """The path and the verge from above, unlit (H, W, 3), and where the sun reaches them (H, W); rows are depth."""
    height, width = round(WALL * GROUND_SCALE) + 8, round(SPAN * GROUND_SCALE)
    z = np.arange(height, dtype=np.float32)[:, None] / GROUND_SCALE
    ragged = 0.05 * fractal(height, width, 120, random, 0.6)
    floor = mix(cobbles(height, width, GROUND_SCALE, random), turf(height, width, GROUND_SCALE, random),
                step(VERGE - 0.06, VERGE + 0.02, z + ragged))  # fmt: skip
    return _foreshortened(floor, z), _dappled(height, width, GROUND_SCALE, random)


def _foreshortened(floor: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The floor (H, W, 3) blurred along its depth z (H, 1) as much as perspective foreshortens it there.

    At a distance one pixel covers many centimetres of depth; without this blur the stones would shimmer.
    """
    blur = 0.42 * GROUND_SCALE * z**2 / (880 * EYE)
    sigmas = (0.5, 1.0, 2.0, 4.0, 8.0)
    level = np.clip(np.log2(np.maximum(blur, 1e-3) / sigmas[0]), 0, len(sigmas) - 1)[..., None]
    flat = np.zeros_like(floor)
    for index, sigma in enumerate(sigmas):
        blurred = cv2.GaussianBlur(floor, (0, 0), sigmaX=0.7, sigmaY=sigma)
        flat += np.maximum(1 - np.abs(level - index), 0) * blurred
    return flat


def _lawn(random: Random) -> np.ndarray:
    layer = grass(round(0.26 * SCALE), round(SPAN * SCALE), 4200, random)
    sunlit = _dappled(*layer.shape[:2], SCALE, random)
    layer[..., :3] *= 0.5 + 0.75 * sunlit[..., None]
    return layer


def _near(random: Random) -> np.ndarray:
    """Tall grass close to the lens, out of focus; a layer (H, W, 4)."""
    layer = grass(round(0.44 * NEAR_SCALE), round(8 * NEAR_SCALE), 3000, random)
    layer[..., :3] *= 0.9
    return cv2.GaussianBlur(cv2.copyMakeBorder(layer, 12, 0, 12, 12, cv2.BORDER_CONSTANT), (0, 0), 3.5)
