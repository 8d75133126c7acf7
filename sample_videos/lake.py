"""A lake seen from its shore, camera on a tripod: rippling water, a passing sail, and burnt-in subtitles."""

import cv2
import numpy as np
from scene import HEIGHT, SUPERSAMPLED, WIDTH, Frame, dilated, exposed, film, inked, lettering
from sky import draw_sky, hazed, make_clouds
from terrain import WATER, Camera, draw_terrain, make_terrain
from textures import colour, mix, step

FRAMES, RATE = 60, 24
FOCAL, HORIZON, AIR = 1050.0, 282.0, 2600.0
EYE = 2.4  # metres above the water
SUBTITLES = ((4, 30, "We could stay here", "until the evening."), (34, 56, "Listen. Only the wind.", ""))


class Lake:
    """Renders frames by index; the seed determines everything."""

    def __init__(self, seed: int = 3) -> None:
        random = np.random.default_rng(seed)
        terrain, self._clouds = make_terrain(random), make_clouds(random)
        self._waves = _waves(random)
        height, width = HEIGHT * SUPERSAMPLED, WIDTH * SUPERSAMPLED
        self._rows, self._columns = np.mgrid[:height, :width].astype(np.float32)
        camera = Camera(x=300, z=450, height=WATER + 0.8, yaw=0.04, focal=FOCAL, horizon=HORIZON)
        self._ground, depth = draw_terrain(terrain, camera, height, width, 3, 5200)
        surface = FOCAL * 0.8 / np.maximum(self._rows + 0.5 - HORIZON, 1e-3)
        self._wet = np.isfinite(depth) & (depth > 0.97 * surface)
        self._land = np.isfinite(depth) & ~self._wet
        self._depth = np.where(np.isfinite(depth), depth, 0)

    def frame(self, index: int) -> Frame:
        truth = film(exposed(self._draw, index, RATE), 0.95)
        clip, ink = truth, np.zeros((HEIGHT, WIDTH), np.float32)
        for first, last, *lines in SUBTITLES:
            if first <= index < last:
                letters, outline = _subtitle(lines)
                clip = inked(inked(clip, outline, (12, 12, 14)), letters, (248, 244, 226))
                ink = np.maximum(ink, outline)
        return Frame(clip, truth, dilated(ink > 0.01, 2))

    def _draw(self, seconds: float) -> np.ndarray:
        azimuth = np.arctan((self._columns - WIDTH) / FOCAL) + np.float32(0.04)
        sky = draw_sky(self._clouds, (HORIZON - self._rows) / FOCAL, azimuth, drift=2.0 * seconds)
        air = sky[round(HORIZON) - 2].mean(0) * 0.9
        view = np.where(self._land[..., None], hazed(self._ground, self._depth, AIR, air), sky)
        sail, cover = _boat(395 + 9.5 * seconds, self._rows, self._columns)
        water = self._water(view, sail, cover, seconds)
        view = np.where(self._wet[..., None], water, view)
        return mix(view, sail, cover)

    def _water(self, view: np.ndarray, sail: np.ndarray, cover: np.ndarray, seconds: float) -> np.ndarray:
        """The view reflected by the ripples, over the dark water (Fresnel equations in Schlick's approximation)."""
        top = int(HORIZON)
        below = self._rows[top:] + 0.5 - HORIZON
        distance = FOCAL * EYE / below
        across = distance * (self._columns[top:] - WIDTH) / FOCAL
        slope_x, slope_z = self._slopes(across, distance, seconds)
        columns = self._columns[top:] + 2 * FOCAL * slope_x * 0.5
        lift = below + np.abs(2 * FOCAL * slope_z)
        soft, above = cv2.GaussianBlur(view, (0, 0), 1.5), np.maximum(HORIZON - 1 - lift, 0)
        reflected = cv2.remap(soft, columns, above, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        rows = 2 * WATERLINE - self._rows[top:] + 2 * FOCAL * slope_z * 0.35
        reflected_sail = cv2.remap(sail, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        reflected_cover = cv2.remap(cover, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        reflected = mix(reflected, reflected_sail, reflected_cover)
        facing = np.clip(below / FOCAL - slope_z, 0.0, 1)
        fresnel = 0.02 + 0.98 * (1 - facing) ** 5
        water = np.zeros_like(view)
        water[top:] = mix(colour(22, 58, 66)[None, None] * (1 + 0.8 * slope_z[..., None]), reflected * 0.94, fresnel)
        return water

    def _slopes(self, across: np.ndarray, distance: np.ndarray, seconds: float) -> tuple[np.ndarray, np.ndarray]:
        """Slopes of the surface; a wave shorter than a pixel's footprint fades out instead of flickering."""
        slope_x, slope_z = np.zeros_like(across), np.zeros_like(across)
        footprint = distance**2 / (FOCAL * EYE)
        for kx, kz, speed, steepness, phase in self._waves:
            fade = steepness * np.exp(-((kz * footprint) ** 2) / 6 - (kx * distance / FOCAL) ** 2 / 6)
            wave = fade * np.cos(kx * across + kz * distance - speed * seconds + phase)
            length = np.hypot(kx, kz)
            slope_x += kx / length * wave
            slope_z += kz / length * wave
        return slope_x, slope_z


WATERLINE = HORIZON + 10


def _waves(random: np.random.Generator) -> np.ndarray:
    """Rows of kx, kz (radians per metre), angular speed, steepness, phase: a light wind from the left."""
    lengths = np.geomspace(0.16, 7.0, 44)
    angles = 0.9 + 0.75 * random.standard_normal(44)
    k = 2 * np.pi / lengths
    speed = np.sqrt(9.81 * k + 7.4e-5 * k**3)  # gravity and surface tension
    steepness = 0.017 * np.exp(-((np.log(lengths / 0.8)) ** 2) / 3.0)
    table = (k * np.cos(angles), k * np.sin(angles), speed, steepness, random.uniform(0, 2 * np.pi, 44))
    return np.stack(table, 1).astype(np.float32)


def _boat(x: float, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A small sailing boat, in pixels of the supersampled picture: light (H, W, 3) and coverage (H, W)."""
    height, width = rows.shape
    light, cover = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    parts = (
        (((1, -10), (1, -104), (-40, -14), (-20, -9)), colour(246, 240, 226), 0.30),
        (((5, -12), (4, -90), (31, -12)), colour(232, 222, 204), -0.25),
        (((1, -2), (1, -106), (3, -106), (3, -2)), colour(96, 74, 54), 0.0),
        (((-38, -9), (40, -11), (33, 1), (-31, 1)), colour(140, 46, 36), 0.2),
        (((-38, -10), (40, -12), (40, -9), (-38, -7)), colour(230, 222, 206), 0.0),
    )
    for outline, shade, gradient in parts:
        ink = np.zeros((height, width), np.uint8)
        points = (np.array(outline) * 0.8 + (x, WATERLINE)) * 16
        cv2.fillPoly(ink, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
        coverage = ink.astype(np.float32) / 255
        belly = 1 + gradient * (columns - x) / 30 + 0.12 * step(-70, 0, rows - WATERLINE)
        light = mix(light, shade * belly[..., None] * 1.5, coverage)
        cover = np.maximum(cover, coverage)
    return light, cover


def _subtitle(lines: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Ink coverage (H, W) of the letters and of their outline; the last line is the lowest."""
    letters = np.zeros((HEIGHT, WIDTH), np.float32)
    outline = np.zeros((HEIGHT, WIDTH), np.float32)
    texts = [line for line in lines if line]
    for row, text in enumerate(texts):
        base = HEIGHT - 20 - 24 * (len(texts) - 1 - row)
        letters = np.maximum(letters, lettering(text, WIDTH / 2, base, 13.5))
        outline = np.maximum(outline, lettering(text, WIDTH / 2, base, 13.5, 1.6))
    return letters, np.maximum(outline, letters)
