"""Bricks, cobbles, leaves and grass: the surfaces of the garden.

Pictures are float32 linear light. A layer is (H, W, 4): colour multiplied by its coverage, and the coverage.
"""

import cv2
import numpy as np
from textures import Random, band, colour, fractal, mix, step


def laid_stones(
    height: int, width: int, stone: tuple[float, float], joint: float, roundness: float, random: Random
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Courses of stones, each shifted against the last, none quite straight.

    stone is (width, height) and joint the gap, in pixels. Returns relief (H, W) from 0 in the joints to 1, a number
    in 0..1 for every stone (H, W), and the coverage of mortar by stone (H, W).
    """
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x = x + 0.05 * stone[0] * fractal(height, width, stone[0], random)
    y = y + 0.05 * stone[1] * fractal(height, width, stone[0], random)
    course = np.floor(y / stone[1]).astype(int)
    shifts = (np.arange(height) % 2) * 0.5 + random.uniform(-0.08, 0.08, height)
    position = x / stone[0] + shifts[course % height]
    number = np.floor(position).astype(int)
    tones = random.random((257, 263)).astype(np.float32)
    across = (0.5 - np.abs(position - number - 0.5)) * stone[0]
    along = (0.5 - np.abs(y / stone[1] - course - 0.5)) * stone[1]
    edge = _rounded(across, along, roundness) + 0.35 * joint * fractal(height, width, 3 * joint, random)
    cover = step(0.35 * joint, 0.75 * joint, edge)
    relief = step(0.2 * joint, 0.2 * joint + roundness, edge)
    return relief, tones[course % 257, number % 263], cover


def _rounded(across: np.ndarray, along: np.ndarray, radius: float) -> np.ndarray:
    """Distance to the outline of a rectangle with rounded corners, from the distances to its sides."""
    corner = np.hypot(np.maximum(radius - across, 0), np.maximum(radius - along, 0))
    return np.where(corner > 0, radius - corner, np.minimum(across, along)).astype(np.float32)


def relief_light(relief: np.ndarray, depth: float) -> np.ndarray:
    """How much brighter or darker a relief is than a flat wall, lit from the upper left."""
    x = cv2.Sobel(relief, cv2.CV_32F, 1, 0, scale=0.125) * np.float32(depth)
    y = cv2.Sobel(relief, cv2.CV_32F, 0, 1, scale=0.125) * np.float32(depth)
    return np.clip((0.8 + 0.45 * x + 0.5 * y) / np.sqrt(1 + x * x + y * y) / 0.8, 0.15, 1.8).astype(np.float32)


def brick_wall(height: int, width: int, scale: float, random: Random) -> np.ndarray:
    """An old wall of fired bricks (H, W, 3), `scale` pixels per metre, damp and mossy towards its foot."""
    relief, tone, cover = laid_stones(
        height, width, (0.225 * scale, 0.075 * scale), 0.011 * scale, 0.012 * scale, random
    )
    wide, fine = fractal(height, width, 1.2 * scale, random, 0.6), fractal(height, width, 0.03 * scale, random, 0.9)
    brick = mix(colour(118, 62, 46), colour(176, 112, 82), step(0, 1, tone + 0.12 * fine))
    brick = mix(brick, colour(88, 62, 58), step(0.80, 0.92, tone))
    brick = mix(brick, colour(196, 164, 140), 0.4 * step(0.6, 2.2, wide + 0.6 * fine))
    mortar = mix(colour(126, 118, 106), colour(172, 162, 146), step(-1.5, 1.5, fine + wide))
    wall = mix(mortar, brick, cover) * relief_light(relief + 0.05 * fine, 9.0)[..., None]
    up = (height - np.arange(height, dtype=np.float32)[:, None]) / scale
    damp = step(0.75, 0.0, up + 0.16 * wide + 0.03 * fine)
    wall = mix(wall, wall * 0.5 + colour(50, 62, 36) * 0.35, 0.85 * damp)
    return wall * (1 + 0.12 * wide[..., None])


def cobbles(height: int, width: int, scale: float, random: Random) -> np.ndarray:
    """Worn granite setts (H, W, 3) with moss in the joints."""
    relief, tone, cover = laid_stones(height, width, (0.17 * scale, 0.12 * scale), 0.016 * scale, 0.035 * scale, random)
    wide, fine = fractal(height, width, 1.5 * scale, random, 0.6), fractal(height, width, 0.025 * scale, random, 0.9)
    stone = mix(colour(104, 98, 92), colour(160, 150, 138), step(0, 1, 0.15 + 0.7 * tone + 0.10 * fine))
    stone = mix(stone, colour(134, 110, 92), 0.6 * step(0.7, 0.95, np.mod(tone * 7.3, 1)))
    moss = mix(colour(58, 56, 40), colour(84, 92, 48), step(-1, 1, wide + 0.6 * fine))
    floor = mix(moss, stone, cover) * relief_light(relief + 0.06 * fine, 7.0)[..., None]
    return floor * (1 + 0.10 * wide[..., None])


def turf(height: int, width: int, scale: float, random: Random) -> np.ndarray:
    """Short grass from above (H, W, 3)."""
    wide, fine = fractal(height, width, 0.8 * scale, random, 0.7), band(height, width, 0.03 * scale, random)
    return mix(colour(52, 66, 28), colour(118, 130, 60), step(-2, 2, fine + 0.9 * wide))


def leaves(
    height: int,
    width: int,
    density: np.ndarray,
    count: int,
    size: float,
    greens: tuple[np.ndarray, np.ndarray],
    random: Random,
) -> np.ndarray:
    """Foliage as a layer (H, W, 4): leaves where density (H, W) is high, deep ones dark and drawn first."""
    layer = np.zeros((height, width, 4), np.float32)
    clumps = fractal(height, width, 12 * size, random)
    x, y = random.uniform(0, width, count), random.uniform(0, height, count)
    dense = density[y.astype(int), x.astype(int)] > random.random(count)
    x, y = x[dense], y[dense]
    for rank, (column, row) in enumerate(zip(x, y, strict=True)):
        deep = rank / max(len(x), 1)
        glow = float(np.clip(0.5 + 0.25 * clumps[int(row), int(column)] + random.normal(0, 0.16), 0, 1))
        green = (greens[0] * (1 - glow) + greens[1] * glow) * (0.22 + 0.9 * deep**1.5)
        outline = _leaf(size * random.uniform(0.6, 1.25), random.uniform(-0.9, 0.9), random)
        points = np.round((outline + np.array([column, row])) * 16).astype(np.int32)
        cv2.fillPoly(layer, [points], (*(float(value) for value in green), 1.0), cv2.LINE_8, shift=4)
    return layer


def _leaf(length: float, lean: float, random: Random) -> np.ndarray:
    """The outline (N, 2) of one pointed leaf that hangs down, turned by `lean` and seen at some angle."""
    along = np.linspace(0, 1, 7)
    half = 0.36 * np.sin(np.pi * along**0.75) * random.uniform(0.5, 1.0)
    outline = np.concatenate([np.stack([half, along - 0.5], 1), np.stack([-half, along - 0.5], 1)[::-1]]) * length
    sine, cosine = np.sin(lean), np.cos(lean)
    return outline @ np.array([[cosine, -sine], [sine, cosine]])


def grass(height: int, width: int, count: int, random: Random) -> np.ndarray:
    """A row of blades as a layer (H, W, 4), rooted on the lowest line."""
    layer = np.zeros((height, width, 4), np.float32)
    clumps = fractal(8, width, 90, random)[0]
    for _ in range(count):
        root, glow = random.uniform(0, width), random.random()
        tall = height * np.clip(0.42 + 0.14 * clumps[int(root)] + 0.13 * random.standard_normal(), 0.08, 0.98)
        lean, thick = random.normal(0, 0.3) * tall, random.uniform(0.9, 2.0)
        along = np.linspace(0, 1, 6)
        spine = np.stack([root + lean * along**2, height - tall * along], 1)
        side = np.stack([thick * (1 - along), np.zeros(6)], 1)
        points = np.round(np.concatenate([spine + side, (spine - side)[::-1]]) * 16).astype(np.int32)
        green = (colour(54, 72, 26) * (1 - glow) + colour(150, 160, 74) * glow) * 1.1
        cv2.fillPoly(layer, [points], (*(float(value) for value in green), 1.0), cv2.LINE_8, shift=4)
    shade = np.linspace(1.25, 0.45, height, dtype=np.float32)[:, None, None]
    layer[..., :3] *= shade
    return layer
