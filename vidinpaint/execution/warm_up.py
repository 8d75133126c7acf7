"""`warm_up`: compiles the kernels of the default pipeline in advance, by running it over clips of a few frames."""

import cv2
import numpy as np

from vidinpaint.core.jit_notice import time_compilation
from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.execution.jobs.job import Job, mask_texts
from vidinpaint.execution.options import resolved_settings
from vidinpaint.execution.run_job import run_job

HEIGHT, WIDTH = 96, 128  # pixels
FRAMES = 8
SPEED = 2  # pixels per frame, of a moving camera
MASK_SPEED = 8  # pixels per frame, of a moving mask
GRAIN = 4  # grey levels of 255, standard deviation
MASK_SIZE = 48  # pixels; wider than the camera moves, so that some pixels must be synthesised


def warm_up(progress: Progress | None = None) -> float:
    """Compile all kernels of the default pipeline; returns the seconds spent on it, near 0 if all were compiled before.

    Compiled kernels are stored in Numba's cache (NUMBA_CACHE_DIR, by default beside the package), from which later
    processes of this machine load them. No other file is read or written.
    """
    static, moving = _clip(0), np.concatenate([_clip(SPEED), _clip(0)])
    with time_compilation() as seconds:
        # the kernels of a pipeline's end come first: `compile_alongside` runs this beside a first run, which begins
        # with optical flow; where the camera is static, no flow is computed
        _compile("object_removal", [], static, _masks(MASK_SPEED, len(static)), progress)
        _compile("inpaint_each_frame", ["inpaint.method=patchmatch"], static, _masks(0, len(static)), progress)
        _compile("object_removal", [], moving, _masks(0, len(moving)), progress)
    return sum(seconds)


def _compile(
    pipeline: str, settings: list[str], frames: np.ndarray, masks: np.ndarray, progress: Progress | None
) -> None:
    tables, _ = resolved_settings(pipeline, "balanced", settings, {})
    job = Job("", mask_texts(masks), "", "", pipeline, settings=tables, runner="serial")
    run_job(job, frames, None, progress or SilentProgress(), None)


def _clip(speed: int) -> np.ndarray:
    """uint8 (T, H, W, 3): a wall with grain, along which the camera moves by `speed` pixels per frame."""
    random = np.random.default_rng(0)
    width = WIDTH + FRAMES * SPEED
    wall = np.zeros((HEIGHT, width, 3), np.float32)
    for scale in (2, 6, 20):
        coarse = random.uniform(0, 80, (HEIGHT // scale + 2, width // scale + 2, 3)).astype(np.float32)
        wall += cv2.resize(coarse, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
    frames = np.stack([wall[:, t * speed : t * speed + WIDTH] for t in range(FRAMES)])
    return np.clip(frames + random.normal(0, GRAIN, frames.shape), 0, 255).astype(np.uint8)


def _masks(speed: int, count: int) -> np.ndarray:
    """bool (T, H, W): a square that moves by `speed` pixels per frame, True = inpaint."""
    masks = np.zeros((count, HEIGHT, WIDTH), bool)
    for t, mask in enumerate(masks):
        mask[24 : 24 + MASK_SIZE, 16 + t * speed : 16 + t * speed + MASK_SIZE] = True
    return masks
