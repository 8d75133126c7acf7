"""Generated images that stand in for photos."""

from pathlib import Path

import cv2
import numpy as np


def draw_photos(folder: Path, count: int = 6, height: int = 160, width: int = 200) -> str:
    """A folder of images of smooth colours, discs and stripes; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        random = np.random.default_rng(number)
        coarse = random.random((6, 8, 3)).astype(np.float32)
        picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        for _ in range(12):
            x, y, radius = (int(value) for value in random.integers((0, 0, 4), (width, height, 30)))
            cv2.circle(picture, (x, y), radius, random.random(3).tolist(), -1, cv2.LINE_AA)
        stripes = np.sin(np.arange(width) * random.uniform(0.2, 1.0)) * 0.1
        picture = np.clip(picture + stripes[None, :, None], 0, 1)
        cv2.imwrite(str(folder / f"{number}.png"), np.rint(picture * 255).astype(np.uint8))
    return str(folder)
