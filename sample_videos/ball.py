"""A beach ball that rolls along a path: its light, its coverage, and its shadow on the ground.

Lengths are metres: x to the right, y up, z away from the camera.
"""

from dataclasses import dataclass

import numpy as np
from textures import colour, mix, step

TO_SUN = np.array([-0.55, 0.72, -0.42], np.float32) / np.float32(np.sqrt(0.55**2 + 0.72**2 + 0.42**2))
PANELS = np.stack([colour(206, 40, 34), colour(240, 236, 226), colour(30, 84, 160), colour(240, 236, 226),
                   colour(236, 176, 34), colour(240, 236, 226)])  # fmt: skip


@dataclass(frozen=True)
class Ball:
    """A ball with its centre at (x, radius, z), which has rolled from x = 0 without slipping."""

    x: float
    z: float
    radius: float

    @property
    def centre(self) -> np.ndarray:
        return np.array([self.x, self.radius, self.z], np.float32)

    def seen_from(self, eye: np.ndarray, rays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Light (H, W, 3) and coverage (H, W), 0 or 1, for rays (H, W, 3) from the eye."""
        offset = eye - self.centre
        a, b, c = (rays**2).sum(-1), rays @ offset, float(offset @ offset) - self.radius**2
        root = b * b - a * c
        distance = (-b - np.sqrt(np.maximum(root, 0))) / a
        normal = (offset + rays * distance[..., None]) / np.float32(self.radius)
        toward = -rays / np.sqrt(a)[..., None]
        return self._lit(normal, toward), (root > 0).astype(np.float32)

    def _lit(self, normal: np.ndarray, toward: np.ndarray) -> np.ndarray:
        sun = np.clip(normal @ TO_SUN, 0, None)
        sky, bounce = 0.5 + 0.5 * normal[..., 1], 0.5 - 0.5 * normal[..., 1]
        light = sun[..., None] * np.array([1.9, 1.68, 1.36], np.float32)
        light = light + sky[..., None] * np.array([0.34, 0.40, 0.50], np.float32)
        light = light + bounce[..., None] * np.array([0.16, 0.13, 0.10], np.float32)
        reflected = 2 * (normal @ TO_SUN)[..., None] * normal - TO_SUN
        shine = np.clip((reflected * toward).sum(-1), 0, 1) ** 60
        return (self._surface(normal) * light + 0.7 * shine[..., None]).astype(np.float32)

    def _surface(self, normal: np.ndarray) -> np.ndarray:
        """Six panels around a tilted axis that turns as the ball rolls, and a white cap."""
        angle = -self.x / self.radius
        sine, cosine = np.sin(angle), np.cos(angle)
        x = normal[..., 0] * cosine + normal[..., 1] * sine
        y = normal[..., 1] * cosine - normal[..., 0] * sine
        z = normal[..., 2]
        pole, flat = -0.80 * z + 0.60 * y, 0.60 * z + 0.80 * y
        panel = (np.arctan2(flat, x) / (2 * np.pi) * 6) % 6
        index = panel.astype(int) % 6
        seam = step(0.0, 0.035, np.minimum(panel - index, 1 - (panel - index)) * np.sqrt(np.clip(1 - pole**2, 0.05, 1)))
        surface = PANELS[index] * (0.72 + 0.28 * seam)[..., None]
        return mix(surface, colour(240, 236, 226)[None, None], step(0.955, 0.962, np.abs(pole)))

    def shadow(self, x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Parts of the sun's and of the sky's light, 0..1 (H, W), that the ball blocks at ground points x, z."""
        to_centre = np.stack([self.x - x, np.full_like(x, self.radius), self.z - z], -1)
        along = to_centre @ TO_SUN
        clearance = np.sqrt(np.maximum((to_centre**2).sum(-1) - along**2, 0))
        sun = step(1.14 * self.radius, 0.84 * self.radius, clearance)
        distance = np.hypot(x - self.x, z - self.z) / self.radius
        return sun, 0.85 * step(1.7, 0.0, distance) ** 1.5
