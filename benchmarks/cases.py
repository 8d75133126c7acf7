"""Clips and imposed masks of the benchmarks; with an imposed mask the clip itself is the truth."""

import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import open_reader

WIDTH, HEIGHT = 432, 240


def shared_folder(path: str) -> Path:
    """The folder with development data; exits with a reason if it does not exist."""
    folder = Path(path)
    if not (folder / "data" / "clips").is_dir():
        sys.exit(f"skipped: no development clips in {folder / 'data' / 'clips'} (give --shared)")
    return folder


def load_clip(path: Path, frames: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """uint8 (T, height, width, 3) RGB: the first frames of a clip, scaled."""
    with open_reader(path) as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        pictures = []
        for t in range(min(frames, len(pts))):
            clip = reader.read(pts, t, t + 1)
            rgb = rgb_from_planes(clip, Box(0, 0, clip.width, clip.height))[0]
            if rgb.shape[:2] != (height, width):
                rgb = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
            pictures.append(np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8))
    return np.stack(pictures)


def load_masks(folder: Path, frames: int) -> np.ndarray:
    """bool (T, HEIGHT, WIDTH)."""
    paths = sorted(folder.glob("*.png"))[:frames]
    masks = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in paths]
    return np.stack([cv2.resize(mask, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST) > 127 for mask in masks])


def static_squares(frames: int) -> np.ndarray:
    """Nine static squares, 10.6 % of the frame."""
    masks = np.zeros((frames, HEIGHT, WIDTH), bool)
    for y in (40, 120, 200):
        for x in (72, 216, 360):
            masks[:, y - 17 : y + 18, x - 17 : x + 18] = True
    return masks


def moving_shape(clips: Path, frames: int) -> np.ndarray:
    """The tennis player's outline, mirrored and shifted: a moving object's shape."""
    return np.roll(load_masks(clips / "tennis_mask", frames)[:, :, ::-1], -60, 2)


def people(clip: str, clips: Path, frames: int) -> np.ndarray:
    """bool (T, HEIGHT, WIDTH): the people of a clip, empty if their outlines are not known."""
    folder = clips / f"{clip}_mask"
    if not folder.is_dir():
        return np.zeros((frames, HEIGHT, WIDTH), bool)
    kernel = np.ones((5, 5), np.uint8)
    return np.stack([cv2.dilate(mask.astype(np.uint8), kernel) > 0 for mask in load_masks(folder, frames)])


def logo(frames: int) -> np.ndarray:
    """A small rectangle in the upper right corner, 1.9 %."""
    masks = np.zeros((frames, HEIGHT, WIDTH), bool)
    masks[:, 16:46, 360:424] = True
    return masks


def blob(frames: int) -> np.ndarray:
    """One ellipse in the middle, 10 %."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    ellipse = ((y - 130) / 70) ** 2 + ((x - 200) / 48) ** 2 < 1
    return np.repeat(ellipse[None], frames, 0)


def masks_of(kind: str, clips: Path, frames: int) -> np.ndarray:
    if kind == "moving":
        return moving_shape(clips, frames)
    return {"static": static_squares, "logo": logo, "blob": blob}[kind](frames)


def load_prototype(shared: Path) -> ModuleType:
    """The prototype that the project started from, as a module."""
    sys.path.insert(0, str(shared / "prototype"))
    import propagation  # type: ignore[import-not-found]

    return propagation
