"""`warm_up`: compile what the default pipeline needs before it is needed, by running it over a clip of a few frames."""

import cv2
import numpy as np

from vidinpaint.core.jit_notice import time_compilation
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.execution.jobs.job import Job, mask_texts
from vidinpaint.execution.options import resolved_settings
from vidinpaint.execution.run_job import run_job

PIPELINE, CONFIG = "object_removal", "balanced"
HEIGHT, WIDTH = 96, 128  # pixels
MOVING, RESTING = 8, 6  # frames: of a camera that moves, then of one that stands still
SPEED = 2  # pixels per frame
GRAIN = 4  # grey levels, standard deviation
MASK = (slice(24, 72), slice(40, 88))  # wider than the camera moves: some of it no frame shows


def warm_up(progress: Progress | None = None) -> float:
    """Compile all kernels of the default pipeline; returns the seconds that it took, near 0 where nothing was left.

    What is compiled goes to Numba's cache (NUMBA_CACHE_DIR, or beside the package), so that later processes of this
    machine start quickly. progress is told what is going on. Nothing is read or written besides.
    """
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[MASK] = True
    settings, _ = resolved_settings(PIPELINE, CONFIG, {}, {})
    job = Job("", mask_texts(mask), "", "", PIPELINE, CONFIG, settings, runner="serial")
    with time_compilation() as seconds:
        run_job(job, _clip(), None, progress or SilentProgress(), None)
    return sum(seconds)


def _clip() -> np.ndarray:
    """uint8 (T, H, W, 3): a camera that moves along a wall and stops, with grain."""
    random = np.random.default_rng(0)
    reach = MOVING * SPEED
    wall = np.zeros((HEIGHT, WIDTH + reach, 3), np.float32)
    for scale in (2, 6, 20):
        shape = (HEIGHT // scale + 2, (WIDTH + reach) // scale + 2, 3)
        coarse = random.uniform(0, 80, shape).astype(np.float32)
        wall += cv2.resize(coarse, (WIDTH + reach, HEIGHT), interpolation=cv2.INTER_CUBIC)
    places = [SPEED * min(t, MOVING) for t in range(MOVING + RESTING)]
    frames = np.stack([wall[:, place : place + WIDTH] for place in places])
    return np.clip(frames + random.normal(0, GRAIN, frames.shape), 0, 255).astype(np.uint8)
