"""Runs vidinpaint on the three sample clips and draws a before/after picture: `make demo`.

    python demo.py FOLDER

Writes FOLDER/garden.mp4, flight.mp4 and lake.mp4, the marked things gone, and FOLDER/before_after.jpg.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

import vidinpaint
from vidinpaint.api import evaluate
from vidinpaint.progress import Bar
from vidinpaint.video.array_writer import rgb8
from vidinpaint.video.readers import open_reader

HERE = Path(__file__).parent
SAMPLES = (("garden", "garden_holes", 30), ("flight", "flight_hole.png", 40), ("lake", "lake_holes.mp4", 20))
"""Clip, holes, and the frame that the picture shows."""


def frame(path: Path, number: int) -> np.ndarray:
    """uint8 (H, W, 3) RGB."""
    with open_reader(path) as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        return rgb8(reader.read(pts, number, number + 1))[0]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = []
    for name, holes, number in SAMPLES:
        clip, result = HERE / f"{name}.mp4", folder / f"{name}.mp4"
        sys.stdout.write(f"\nvidinpaint inpaint {clip.name} --mask {holes} -o {result}\n")
        sys.stdout.flush()
        report = vidinpaint.inpaint(clip, HERE / holes, result, overwrite=True, progress=Bar())
        measured = evaluate(result, HERE / f"{name}_truth.mp4", HERE / holes)
        sys.stdout.write(f"{report.summary()}\nhole PSNR against the truth: {measured.psnr_hole:.1f} dB\n")
        columns.append(np.concatenate([frame(clip, number), frame(result, number)]))
    picture = folder / "before_after.jpg"
    sheet = np.concatenate(columns, 1)
    cv2.imwrite(str(picture), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    sys.stdout.write(f"\nbefore (above) and after (below): {picture}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
