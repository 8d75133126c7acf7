"""Synthetic motion: photos as layers that move, bend and hide each other, with the exact flow between all frames.

A layer is a texture and the map from every frame to it, A_t(x) = P_t(x) + D_t(x): a similarity or a projective map
and a few waves that bend it. A pixel x of frame t shows what frame s shows at the y with A_s(y) = A_t(x); waves are
long and low, so that y = P_s^-1(A_t(x) - D_s(y)) is found by a few repetitions. The flow of a pixel is that of the
topmost layer there, also where the other frame hides it, as in FlyingChairs (Dosovitskiy et al. 2015).

Most motion in real clips is small: how fast a layer moves is drawn from classes, resting first (`PACES`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.training.data.photos import Photos, cut, mirrored, scaled

PACES = ((0.0, 0.0), (0.0, 0.6), (0.5, 3.0), (2.0, 10.0), (8.0, 30.0))  # pixels a frame, from and to
SHARES = np.array((0.15, 0.15, 0.25, 0.25, 0.2))  # of the layers that have each pace
REPETITIONS = 8  # of the inversion of bending
MOST_BENDING = 0.25  # of a pixel by pixel, so that the inversion converges


@dataclass(frozen=True)
class Layer:
    """One moving thing.

    alpha     float32 (h, w), 0 to 1: where in its texture the layer is; None: everywhere
    poses     float64 (T, 3, 3): from (x, y, 1) in a frame to the texture
    waves     float64 (K, 5): wave vector (kx, ky), direction (dx, dy) times amplitude, phase
    swing     float64 (T, K): the phase that each frame adds
    """

    alpha: np.ndarray | None
    poses: np.ndarray
    waves: np.ndarray
    swing: np.ndarray

    def place(self, t: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where in the texture the points of frame t lie."""
        u, v = _mapped(self.poses[t], x, y)
        du, dv = self._bent(t, x, y)
        return u + du, v + dv

    def flow(self, t: int, s: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """float32 (..., 2): from points of frame t to where frame s has them."""
        u, v = self.place(t, x, y)
        back = np.linalg.inv(self.poses[s])
        there_x, there_y = _mapped(back, u, v)
        for _ in range(REPETITIONS if len(self.waves) else 0):
            du, dv = self._bent(s, there_x, there_y)
            there_x, there_y = _mapped(back, u - du, v - dv)
        return np.stack([there_x - x, there_y - y], -1).astype(np.float32)

    def _bent(self, t: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        du, dv = np.zeros_like(x), np.zeros_like(x)
        for (kx, ky, dx, dy, phase), swing in zip(self.waves, self.swing[t]):
            wave = np.sin((kx * x + ky * y + phase + swing).astype(np.float32))
            du, dv = du + dx * wave, dv + dy * wave
        return du, dv


@dataclass(frozen=True)
class Scene:
    """Layers, the lowest first, seen by T frames of height x width; sampled every `step` pixels."""

    layers: tuple[Layer, ...]
    height: int
    width: int
    step: int = 1

    def owner(self, t: int) -> np.ndarray:
        """int64 (H, W): the number of the layer that every pixel of frame t shows."""
        owner = np.zeros(self._grid()[0].shape, np.int64)
        for number, layer in enumerate(self.layers):
            if layer.alpha is not None:
                owner[self._shown(layer, layer.alpha, t, cv2.BORDER_CONSTANT) >= 0.5] = number
        return owner

    def flow(self, t: int, s: int, owner: np.ndarray) -> np.ndarray:
        """float32 (H, W, 2): the flow in pixels from frame t to frame s; owner as `owner(t)` gave it."""
        x, y = self._grid()
        flow = np.zeros((*x.shape, 2), np.float32)
        for number, layer in enumerate(self.layers):
            here = owner == number
            if here.any():
                flow[here] = layer.flow(t, s, x[here], y[here])
        return flow

    def frame(self, t: int, textures: Sequence[np.ndarray]) -> np.ndarray:
        """Frame t, float32 (H, W, 3), of layers with these textures float32 (h, w, 3)."""
        picture = np.empty(0)
        for layer, texture in zip(self.layers, textures):
            shown = self._shown(layer, texture, t, cv2.BORDER_REFLECT_101)
            if layer.alpha is None:
                picture = shown
            else:
                alpha = self._shown(layer, layer.alpha, t, cv2.BORDER_CONSTANT)[..., None]
                picture = picture + alpha * (shown - picture)
        return picture

    def _shown(self, layer: Layer, values: np.ndarray, t: int, border: int) -> np.ndarray:
        u, v = (side.astype(np.float32) for side in layer.place(t, *self._grid()))
        return cv2.remap(values, u, v, cv2.INTER_LINEAR, borderMode=border)

    def _grid(self) -> tuple[np.ndarray, np.ndarray]:
        y, x = np.mgrid[: self.height : self.step, : self.width : self.step].astype(np.float64)
        return x, y


def random_scene(
    random: np.random.Generator, frames: int, height: int, width: int, step: int = 1, most_layers: int = 4
) -> Scene:
    """A background under a moving camera, and up to so many things that move apart from it."""
    camera = _path(random, frames, height, width)
    layers = [Layer(None, camera, *_waves(random, frames, height, width))]
    for _ in range(int(random.integers(0, most_layers + 1))):
        poses = camera @ _path(random, frames, height, width)
        layers.append(Layer(_shape(random, height, width), poses, *_waves(random, frames, height, width)))
    return Scene(tuple(layers), height, width, step)


def textures(scene: Scene, photos: Photos, random: np.random.Generator) -> list[np.ndarray]:
    """A part of a random photo for every layer of a scene, float32 (H, W, 3) in [0, 1]."""
    return [_texture(photos, random, scene.height, scene.width) for _ in scene.layers]


def _texture(photos: Photos, random: np.random.Generator, height: int, width: int) -> np.ndarray:
    picture = photos.read(int(random.integers(len(photos.paths))))
    least = max(height / picture.shape[0], width / picture.shape[1])
    scale = max(least, min(1.0, least * random.uniform(1, 2)))
    return mirrored(random, cut(random, scaled(picture, scale), height, width)).astype(np.float32) / np.float32(255)


def _pace(random: np.random.Generator) -> float:
    low, high = PACES[int(random.choice(len(PACES), p=SHARES))]
    return float(random.uniform(low, high))


def _path(random: np.random.Generator, frames: int, height: int, width: int) -> np.ndarray:
    """float64 (T, 3, 3): maps from every frame to the middle one's place; steady motion, a little unsteady."""
    pace, far = _pace(random), max(height, width) / 2
    direction = random.uniform(0, 2 * np.pi)
    share = random.dirichlet((4.0, 1.0, 1.0, 0.3))  # of translation, rotation, zoom, perspective
    sign = random.choice((-1.0, 1.0), 3)
    time = (np.arange(frames) - (frames - 1) / 2) + (random.normal(0, 0.15, frames) if frames > 2 else 0.0)
    centre = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1.0]])
    maps = []
    for t in time * pace:
        angle, zoom = sign[0] * share[1] * t / far, np.exp(sign[1] * share[2] * t / far)
        cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
        tilt = sign[2] * share[3] * t / far**2
        shift = share[0] * t * np.array([np.cos(direction), np.sin(direction)])
        pose = np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]],
                         [tilt * np.cos(direction + 1), tilt * np.sin(direction + 1), 1.0]])  # fmt: skip
        maps.append(centre @ pose @ np.linalg.inv(centre))
    return np.stack(maps)


def _waves(random: np.random.Generator, frames: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Waves that bend a layer, and how they swing from frame to frame; half the layers are stiff."""
    count = int(random.integers(1, 4)) if random.random() < 0.5 else 0
    waves, swing = np.zeros((count, 5)), np.zeros((frames, count))
    for k in range(count):
        length = random.uniform(0.4, 1.5) * max(height, width)
        towards, moves = random.uniform(0, 2 * np.pi, 2)
        steepest = MOST_BENDING * length / (2 * np.pi) / count
        amplitude = min(_pace(random), steepest)
        wave = 2 * np.pi / length * np.array([np.cos(towards), np.sin(towards)])
        waves[k] = *wave, amplitude * np.cos(moves), amplitude * np.sin(moves), random.uniform(0, 2 * np.pi)
        swing[:, k] = random.uniform(-1.5, 1.5) * np.arange(frames)
    return waves, swing


def _shape(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """float32 (H, W), 0 to 1: a random blob, its edge one or two pixels wide."""
    coarse = int(random.integers(3, 9))
    noise = cv2.resize(random.normal(size=(coarse, coarse)).astype(np.float32), (width, height),
                       interpolation=cv2.INTER_CUBIC)  # fmt: skip
    y, x = np.mgrid[:height, :width].astype(np.float32)
    middle, size = random.uniform((0, 0), (height, width)), random.uniform(0.1, 0.45) * np.array([height, width])
    distance = np.hypot((y - middle[0]) / size[0], (x - middle[1]) / size[1])
    blob = (1 - distance + 0.35 * noise).astype(np.float32)
    slope = np.float32(1.5) / np.float32(size.min())
    return np.asarray(np.clip(blob / slope + np.float32(0.5), 0, 1))


def _mapped(pose: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points under a projective map."""
    depth = pose[2, 0] * x + pose[2, 1] * y + pose[2, 2]
    return (pose[0, 0] * x + pose[0, 1] * y + pose[0, 2]) / depth, (
        pose[1, 0] * x + pose[1, 1] * y + pose[1, 2]
    ) / depth
