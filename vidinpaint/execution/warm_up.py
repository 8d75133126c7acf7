"""`warm_up`: compiles the kernels of the default pipeline in advance, by running it over a clip of a few frames."""

import cv2
import numpy as np

from vidinpaint.core.jit_notice import time_compilation
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.execution.jobs.job import Job, mask_texts
from vidinpaint.execution.options import resolved_settings
from vidinpaint.execution.run_job import run_job

PIPELINE, CONFIG = "object_removal", "balanced"
HEIGHT, WIDTH = 96, 128  # pixels
MOVING, STATIC = 8, 6  # frames with a moving camera, then frames with a static one
SPEED = 2  # pixels per frame
GRAIN = 4  # grey levels of 255, standard deviation
MASK = (slice(24, 72), slice(40, 88))  # wider than the camera moves, so that some pixels must be synthesised


def warm_up(progress: Progress | None = None) -> float:
    """Compile all kernels of the default pipeline; returns the seconds spent on it, near 0 if all were compiled before.

    Compiled kernels are stored in Numba's cache (NUMBA_CACHE_DIR, by default beside the package), from which later
    processes of this machine load them. No other file is read or written.
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
    travel = MOVING * SPEED
    wall = np.zeros((HEIGHT, WIDTH + travel, 3), np.float32)
    for scale in (2, 6, 20):
        shape = (HEIGHT // scale + 2, (WIDTH + travel) // scale + 2, 3)
        coarse = random.uniform(0, 80, shape).astype(np.float32)
        wall += cv2.resize(coarse, (WIDTH + travel, HEIGHT), interpolation=cv2.INTER_CUBIC)
    offsets = [SPEED * min(t, MOVING) for t in range(MOVING + STATIC)]
    frames = np.stack([wall[:, offset : offset + WIDTH] for offset in offsets])
    return np.clip(frames + random.normal(0, GRAIN, frames.shape), 0, 255).astype(np.uint8)
