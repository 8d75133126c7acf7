"""Draws the images of docs/choosing-a-method.md: frames of the sample clips with masks, inpainted by every method.

    python benchmarks/pictures.py [--output docs/methods]

Only the project's own clips are used, so that anyone can reproduce the images.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.registry import build, names
from vidinpaint.core.window import Box
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.reporting.contact_sheet import Tile, contact_sheet, mark_tiles, surroundings
from vidinpaint.video.pixels.colour import rgb_from_planes
from vidinpaint.video.readers import open_reader

ROOT = Path(__file__).parent.parent
PACKAGE = "inpainters"
WIDTH = 1400  # of an image, in pixels
Case = tuple[np.ndarray, np.ndarray]


def frame(name: str, first: int = 0) -> np.ndarray:
    """uint8 (H, W, 3) RGB: one frame of a sample clip."""
    with open_reader(ROOT / "sample_videos" / f"{name}.mp4") as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        clip = reader.read(pts, first, first + 1)
        rgb = rgb_from_planes(clip, Box(0, 0, clip.width, clip.height))[0]
    return np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8)


def case(image: np.ndarray, draw: Callable[[np.ndarray], None]) -> Case:
    mask = np.zeros(image.shape[:2], np.uint8)
    draw(mask)
    return image, mask.astype(bool)


def scratches() -> Case:
    """Thin: three scratches and a hair across mountains."""

    def draw(mask: np.ndarray) -> None:
        cv2.line(mask, (250, 95), (330, 200), 1, 2)
        cv2.line(mask, (290, 90), (302, 210), 1, 4)
        cv2.ellipse(mask, (370, 150), (50, 40), 20, 0, 200, 1, 3)

    return case(frame("flight_truth"), draw)


def sky() -> Case:
    """Plain: a logo in the sky."""

    def draw(mask: np.ndarray) -> None:
        cv2.putText(mask, "TV", (20, 78), cv2.FONT_HERSHEY_SIMPLEX, 2, 1, 14)

    return case(frame("flight_truth"), draw)


def ridge() -> Case:
    """An edge: a disc over the line between mountains and lake."""
    return case(frame("lake_truth"), lambda mask: cv2.circle(mask, (330, 132), 26, 1, -1))


def wall() -> Case:
    """Regular texture: a board on a brick wall."""
    return case(frame("garden_truth"), lambda mask: cv2.rectangle(mask, (235, 100), (305, 160), 1, -1))


def boat() -> Case:
    """An object: the boat and its reflection on the water."""

    def draw(mask: np.ndarray) -> None:
        cv2.ellipse(mask, (196, 128), (20, 30), 0, 0, 360, 1, -1)
        cv2.rectangle(mask, (178, 148), (216, 215), 1, -1)

    return case(frame("lake_truth"), draw)


CASES: dict[str, Callable[[], Case]] = {function.__name__: function for function in (scratches, sky, ridge, wall, boat)}


def sheet(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """uint8 RGB: the mask, and the result of every method with its time."""
    box = surroundings(mask)
    tiles = mark_tiles(image, mask, box)[-1:]
    for name in names(PACKAGE):
        inpainter = build(PACKAGE, name, {})
        if (
            isinstance(inpainter, ImageInpainter) and not inpainter.unavailable_reason() and name != "repaint"
        ):  # repaint takes minutes
            inpaint_array(inpainter, image[:64, :64], mask[:64, :64] | (np.indices((64, 64)).sum(0) == 60))  # compiles
            begin = time.perf_counter()
            inpainted = inpaint_array(inpainter, image, mask)
            tiles.append(Tile(f"{name}  {time.perf_counter() - begin:.2f} s", inpainted[box.slices]))
    return contact_sheet(tiles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default=str(ROOT / "docs" / "methods"))
    options = parser.parse_args()
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make_case in CASES.items():
        picture = cv2.cvtColor(sheet(*make_case()), cv2.COLOR_RGB2BGR)
        height, width = picture.shape[:2]
        picture = cv2.resize(picture, (WIDTH, round(height * WIDTH / width)), interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
