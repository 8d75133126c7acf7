"""Synthetic motion: photos as layers that move, bend and occlude each other, with the exact flow between all frames.

A layer is a texture and the map from every frame to it, A_t(x) = P_t(x) + D_t(x): a similarity or a projective map
and a few waves that bend it. A pixel x of frame t shows what frame s shows at the y with A_s(y) = A_t(x); waves are
long and low, so that y = P_s^-1(A_t(x) - D_s(y)) is found by fixed-point iteration. The flow of a pixel is that of
the topmost layer, also where it is occluded in the other frame, as in FlyingChairs (Dosovitskiy et al. 2015).

Most motion in real clips is small, so the speed of a layer is drawn from classes, the first one static (`SPEEDS`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vidinpaint.training.data.photos import Photos, cut, mirrored, scaled

SPEEDS = ((0.0, 0.0), (0.0, 0.6), (0.5, 3.0), (2.0, 10.0), (8.0, 30.0))  # ranges in pixels per frame
SPEED_PROBABILITIES = np.array((0.15, 0.15, 0.25, 0.25, 0.2))
INVERSION_ITERATIONS = 8  # of the bending
MAX_BENDING = 0.25  # gradient of the displacement, so that the inversion converges


@dataclass(frozen=True)
class Layer:
    """One moving layer.

    alpha     float32 (h, w), 0 to 1: opacity of its texture; None: opaque everywhere
    poses     float64 (T, 3, 3): from (x, y, 1) in a frame to the texture
    waves     float64 (K, 5): wave vector (kx, ky), direction (dx, dy) times amplitude, phase
    phases    float64 (T, K): additional phase per frame
    """

    alpha: np.ndarray | None
    poses: np.ndarray
    waves: np.ndarray
    phases: np.ndarray

    def place(self, t: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions in the texture of points of frame t."""
        u, v = _mapped(self.poses[t], x, y)
        du, dv = self._bent(t, x, y)
        return u + du, v + dv

    def flow(self, t: int, s: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """float32 (..., 2): displacement in pixels of points of frame t to frame s."""
        u, v = self.place(t, x, y)
        inverse = np.linalg.inv(self.poses[s])
        x_s, y_s = _mapped(inverse, u, v)
        for _ in range(INVERSION_ITERATIONS if len(self.waves) else 0):
            du, dv = self._bent(s, x_s, y_s)
            x_s, y_s = _mapped(inverse, u - du, v - dv)
        return np.stack([x_s - x, y_s - y], -1).astype(np.float32)

    def _bent(self, t: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        du, dv = np.zeros_like(x), np.zeros_like(x)
        for (kx, ky, dx, dy, phase), added in zip(self.waves, self.phases[t]):
            wave = np.sin((kx * x + ky * y + phase + added).astype(np.float32))
            du, dv = du + dx * wave, dv + dy * wave
        return du, dv


@dataclass(frozen=True)
class Scene:
    """Layers, the lowest first, in T frames of height x width pixels, sampled at each `step`-th pixel."""

    layers: tuple[Layer, ...]
    height: int
    width: int
    step: int = 1

    def owner(self, t: int) -> np.ndarray:
        """int64 (H, W): index of the visible layer at each pixel of frame t."""
        owner = np.zeros(self._grid()[0].shape, np.int64)
        for number, layer in enumerate(self.layers):
            if layer.alpha is not None:
                owner[self._warped(layer, layer.alpha, t, cv2.BORDER_CONSTANT) >= 0.5] = number
        return owner

    def flow(self, t: int, s: int, owner: np.ndarray) -> np.ndarray:
        """float32 (H, W, 2): the flow in pixels from frame t to frame s; owner: the result of `owner(t)`."""
        x, y = self._grid()
        flow = np.zeros((*x.shape, 2), np.float32)
        for number, layer in enumerate(self.layers):
            visible = owner == number
            if visible.any():
                flow[visible] = layer.flow(t, s, x[visible], y[visible])
        return flow

    def frame(self, t: int, textures: Sequence[np.ndarray]) -> np.ndarray:
        """float32 (H, W, 3): frame t of the layers with these textures, float32 (h, w, 3)."""
        image = np.empty(0)
        for layer, texture in zip(self.layers, textures):
            warped = self._warped(layer, texture, t, cv2.BORDER_REFLECT_101)
            if layer.alpha is None:
                image = warped
            else:
                alpha = self._warped(layer, layer.alpha, t, cv2.BORDER_CONSTANT)[..., None]
                image = image + alpha * (warped - image)
        return image

    def _warped(self, layer: Layer, values: np.ndarray, t: int, border: int) -> np.ndarray:
        u, v = (side.astype(np.float32) for side in layer.place(t, *self._grid()))
        return cv2.remap(values, u, v, cv2.INTER_LINEAR, borderMode=border)

    def _grid(self) -> tuple[np.ndarray, np.ndarray]:
        y, x = np.mgrid[: self.height : self.step, : self.width : self.step].astype(np.float64)
        return x, y


def random_scene(
    random: np.random.Generator, frames: int, height: int, width: int, step: int = 1, max_layers: int = 4
) -> Scene:
    """A background seen by a moving camera, and at most `max_layers` layers that move independently."""
    camera = _path(random, frames, height, width)
    layers = [Layer(None, camera, *_waves(random, frames, height, width))]
    for _ in range(int(random.integers(0, max_layers + 1))):
        poses = camera @ _path(random, frames, height, width)
        layers.append(Layer(_shape(random, height, width), poses, *_waves(random, frames, height, width)))
    return Scene(tuple(layers), height, width, step)


def textures(scene: Scene, photos: Photos, random: np.random.Generator) -> list[np.ndarray]:
    """A part of a random photo for each layer of a scene, float32 (H, W, 3) in [0, 1]."""
    return [_texture(photos, random, scene.height, scene.width) for _ in scene.layers]


def _texture(photos: Photos, random: np.random.Generator, height: int, width: int) -> np.ndarray:
    photo = photos.read(int(random.integers(len(photos.paths))))
    min_scale = max(height / photo.shape[0], width / photo.shape[1])
    scale = max(min_scale, min(1.0, min_scale * random.uniform(1, 2)))
    return mirrored(random, cut(random, scaled(photo, scale), height, width)).astype(np.float32) / np.float32(255)


def _speed(random: np.random.Generator) -> float:
    """Pixels per frame."""
    low, high = SPEEDS[int(random.choice(len(SPEEDS), p=SPEED_PROBABILITIES))]
    return float(random.uniform(low, high))


def _path(random: np.random.Generator, frames: int, height: int, width: int) -> np.ndarray:
    """float64 (T, 3, 3): maps from each frame to the middle one; steady motion with a little jitter."""
    speed, radius = _speed(random), max(height, width) / 2
    direction = random.uniform(0, 2 * np.pi)
    parts = random.dirichlet((4.0, 1.0, 1.0, 0.3))  # of translation, rotation, zoom, perspective
    sign = random.choice((-1.0, 1.0), 3)
    time = (np.arange(frames) - (frames - 1) / 2) + (random.normal(0, 0.15, frames) if frames > 2 else 0.0)
    centre = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1.0]])
    maps = []
    for t in time * speed:
        angle, zoom = sign[0] * parts[1] * t / radius, np.exp(sign[1] * parts[2] * t / radius)
        cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
        tilt = sign[2] * parts[3] * t / radius**2
        shift = parts[0] * t * np.array([np.cos(direction), np.sin(direction)])
        pose = np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]],
                         [tilt * np.cos(direction + 1), tilt * np.sin(direction + 1), 1.0]])  # fmt: skip
        maps.append(centre @ pose @ np.linalg.inv(centre))
    return np.stack(maps)


def _waves(random: np.random.Generator, frames: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Waves that bend a layer, and their phases per frame; half of the layers are rigid."""
    count = int(random.integers(1, 4)) if random.random() < 0.5 else 0
    waves, phases = np.zeros((count, 5)), np.zeros((frames, count))
    for k in range(count):
        length = random.uniform(0.4, 1.5) * max(height, width)
        wave_angle, motion_angle = random.uniform(0, 2 * np.pi, 2)
        max_amplitude = MAX_BENDING * length / (2 * np.pi) / count
        amplitude = min(_speed(random), max_amplitude)
        wave = 2 * np.pi / length * np.array([np.cos(wave_angle), np.sin(wave_angle)])
        motion = amplitude * np.cos(motion_angle), amplitude * np.sin(motion_angle)
        waves[k] = *wave, *motion, random.uniform(0, 2 * np.pi)
        phases[:, k] = random.uniform(-1.5, 1.5) * np.arange(frames)
    return waves, phases


def _shape(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """float32 (H, W), 0 to 1: a random blob, with an edge of one or two pixels."""
    coarse = int(random.integers(3, 9))
    noise = cv2.resize(random.normal(size=(coarse, coarse)).astype(np.float32), (width, height),
                       interpolation=cv2.INTER_CUBIC)  # fmt: skip
    y, x = np.mgrid[:height, :width].astype(np.float32)
    centre, size = random.uniform((0, 0), (height, width)), random.uniform(0.1, 0.45) * np.array([height, width])
    distance = np.hypot((y - centre[0]) / size[0], (x - centre[1]) / size[1])
    blob = (1 - distance + 0.35 * noise).astype(np.float32)
    slope = np.float32(1.5) / np.float32(size.min())
    return np.asarray(np.clip(blob / slope + np.float32(0.5), 0, 1))


def _mapped(pose: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points under a projective map."""
    depth = pose[2, 0] * x + pose[2, 1] * y + pose[2, 2]
    u, v = (row[0] * x + row[1] * y + row[2] for row in pose[:2])
    return u / depth, v / depth
