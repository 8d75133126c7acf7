"""`warm_up`: compile what the default pipeline needs before it is needed, by running it over a clip of a few frames."""

import cv2
import numpy as np

from vidinpaint.core.jit_notice import compiling_shown, compiling_timed
from vidinpaint.core.progress import Progress, Silent
from vidinpaint.masks.specs import mask_specs
from vidinpaint.runners.run import Run
from vidinpaint.runners.serial import run_serial
from vidinpaint.shipped import fitting, load_config, load_pipeline
from vidinpaint.video.readers import open_reader
from vidinpaint.video.writers import ArrayWriter

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
    graph = load_pipeline(PIPELINE)
    graph = graph.with_settings(fitting(load_config(CONFIG), graph))
    progress = progress or Silent()
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[MASK] = True
    with open_reader(_clip()) as reader, compiling_shown(progress), compiling_timed() as seconds:
        given = {"reader": reader, "mask_specs": mask_specs(mask), "writer": ArrayWriter(), "progress": progress}
        run = Run(graph, given, progress)
        try:
            run.make_plan()
            progress.begin("warm up", len(run.plan))
            run_serial(run)
        finally:
            progress.end()
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
