"""A flight over a mountain lake, with a station's half-transparent logo in the corner."""

import cv2
import numpy as np
from scene import HEIGHT, SUPERSAMPLED, WIDTH, Frame, dilated, exposed, film, inked, lettering
from sky import draw_sky, hazed, make_clouds
from terrain import Camera, draw_terrain, make_terrain

FRAMES, RATE = 60, 25
FOCAL, HORIZON, FAR, AIR = 880.0, 185.0, 5200.0, 4200.0
LOGO_X, LOGO_Y = 428, 212


class Flight:
    """Renders frames by index; the seed determines everything."""

    def __init__(self, seed: int = 3) -> None:
        random = np.random.default_rng(seed)
        self._terrain, self._clouds = make_terrain(random), make_clouds(random)
        self._logo = _logo()

    def frame(self, index: int) -> Frame:
        truth = film(exposed(self._draw, index, RATE), 0.92)
        return Frame(inked(truth, 0.6 * self._logo, (244, 246, 250)), truth, dilated(self._logo > 0.01, 2))

    def _draw(self, seconds: float) -> np.ndarray:
        height, width = HEIGHT * SUPERSAMPLED, WIDTH * SUPERSAMPLED
        camera = Camera(
            x=690 - 16 * seconds,
            z=1450 + 60 * seconds,
            height=215 - 3 * seconds,
            yaw=-0.48 + 0.035 * seconds,
            focal=FOCAL,
            horizon=HORIZON + 5 * np.sin(1.1 * seconds),
        )
        ground, depth = draw_terrain(self._terrain, camera, height, width, 25, FAR)
        y, x = np.mgrid[:height, :width].astype(np.float32)
        azimuth = np.arctan((x - width / 2) / FOCAL) + np.float32(camera.yaw)
        sky = draw_sky(self._clouds, (camera.horizon - y) / FOCAL, azimuth, drift=1.5 * seconds)
        air = sky[round(camera.horizon)].mean(0) * 0.8
        land = np.isfinite(depth)
        return np.where(land[..., None], hazed(ground, np.where(land, depth, 0), AIR, air), sky)


def _logo() -> np.ndarray:
    """A ring around two peaks, and a name; ink coverage (H, W), 0..1."""
    scale = 8
    ink = np.zeros((HEIGHT * scale, WIDTH * scale), np.uint8)

    def position(x: float, y: float) -> tuple[int, int]:
        return round((LOGO_X + x) * scale), round((LOGO_Y + y) * scale)

    cv2.circle(ink, position(0, 0), 19 * scale, 255, round(2.6 * scale), cv2.LINE_AA)
    for points in (((-14, 9), (-3.5, -9), (5, 9)), ((2, 2), (7, -4), (14, 9), (7, 9))):
        cv2.fillPoly(ink, [np.array([position(*point) for point in points])], 255, cv2.LINE_AA)
    emblem = cv2.resize(ink, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return np.maximum(emblem, lettering("ALTA TV", LOGO_X, LOGO_Y + 32, 7.5))
