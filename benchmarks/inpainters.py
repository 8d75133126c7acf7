"""Every method for single images and other packages from pip, on photos with imposed masks, in one run.

    python benchmarks/inpainters.py [--shared ../shared] [--photos 6] [--methods telea,patchmatch] [--masks box,half]

Mean PSNR and SSIM under the mask, against the photo itself; time relative to OpenCV's Telea on the same image. Writes
benchmarks/results/inpainters.json and inpainters.md. The first call of every method, which may compile, is not counted.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from peers import MAX_MASK_PIXELS, Method, installed
from photo_masks import MASKS
from tqdm import tqdm

from vidinpaint.core.registry import build, load, names
from vidinpaint.evaluation.ssim import similarity_map
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array

PACKAGE = "inpainters"
RESULTS = Path(__file__).parent / "results"
BASELINE = "OpenCV Telea"  # all times are relative to it


@dataclass(frozen=True)
class Measured:
    """One method on one photo with one mask. psnr in dB and ssim, both under the mask; time in seconds."""

    method: str
    mask: str
    photo: str
    psnr: float
    ssim: float
    seconds: float


def ours(name: str) -> Method:
    inpainter = build(PACKAGE, name, {})
    return lambda image, mask: inpaint_array(inpainter, image, mask)


def all_methods() -> dict[str, Method]:
    image_inpainters = [name for name in names(PACKAGE) if issubclass(load(PACKAGE, name), ImageInpainter)]
    available = [name for name in image_inpainters if not build(PACKAGE, name, {}).unavailable_reason()]
    return {name: ours(name) for name in available if name != "repaint"} | installed()  # repaint takes minutes


def load_photos(shared: Path, count: int) -> dict[str, np.ndarray]:
    """The first photos for validation, evenly spread, uint8 RGB by name."""
    paths = sorted((shared / "data" / "photos" / "val").glob("*.jpg"))
    if not paths:
        raise SystemExit(f"skipped: no photos in {shared / 'data' / 'photos' / 'val'} (give --shared)")
    selected = [paths[i * len(paths) // count] for i in range(min(count, len(paths)))]
    return {path.stem: cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in selected}


def measure(name: str, method: Method, photo: str, image: np.ndarray, kind: str, mask: np.ndarray) -> Measured:
    damaged = np.where(mask[..., None], np.uint8(0), image)
    begin = time.perf_counter()
    inpainted = method(damaged, mask)
    seconds = time.perf_counter() - begin
    error = np.mean((inpainted[mask].astype(np.float64) - image[mask]) ** 2)
    similarity = similarity_map(
        *(cv2.cvtColor(np.ascontiguousarray(p), cv2.COLOR_RGB2GRAY) for p in (inpainted, image))
    )
    return Measured(name, kind, photo, float(10 * np.log10(255**2 / error)), float(similarity[mask].mean()), seconds)


def tables(rows: list[Measured], methods: list[str], kinds: list[str]) -> str:
    """Markdown: PSNR, SSIM and time, a row for each method and a column for each mask."""
    parts = []
    for title, cell in (("PSNR under the mask, dB", _psnr), ("SSIM under the mask", _ssim), ("Time / Telea", _time)):
        lines = [f"| {title} | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
        for name in methods:
            cells = [[row for row in rows if row.method == name and row.mask == kind] for kind in kinds]
            lines.append(f"| {name} | {' | '.join(cell(found, rows) if found else '' for found in cells)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _psnr(found: list[Measured], _: list[Measured]) -> str:
    return f"{statistics.mean(row.psnr for row in found):.2f}"


def _ssim(found: list[Measured], _: list[Measured]) -> str:
    return f"{statistics.mean(row.ssim for row in found):.3f}"


def _time(found: list[Measured], rows: list[Measured]) -> str:
    """The median ratio to the baseline on the same image."""
    baseline = {(row.mask, row.photo): row.seconds for row in rows if row.method == BASELINE}
    ratios = [row.seconds / baseline[row.mask, row.photo] for row in found if (row.mask, row.photo) in baseline]
    return f"{statistics.median(ratios):.3g}" if ratios else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--photos", type=int, default=6)
    parser.add_argument("--methods", help="names, separated by commas (default: all that are installed)")
    parser.add_argument("--masks", help=f"of {', '.join(MASKS)} (default: all)".replace("%", "%%"))
    parser.add_argument("--output", default=str(RESULTS / "inpainters"), help="without suffix")
    options = parser.parse_args()
    photos = load_photos(Path(options.shared), options.photos)
    methods = all_methods()
    if options.methods:
        methods = {name: methods[name] for name in options.methods.split(",")}
    kinds = options.masks.split(",") if options.masks else list(MASKS)
    small = next(iter(photos.values()))[:96, :128]
    rows = []
    for name, method in tqdm(methods.items(), unit="method"):
        measure(name, method, "", small, "", MASKS["box"](96, 128, 0))  # compiles, not counted
        for kind in tqdm(kinds, desc=name, leave=False):
            for seed, (photo, image) in enumerate(photos.items()):
                mask = MASKS[kind](*image.shape[:2], seed)
                if mask.sum() > MAX_MASK_PIXELS.get(name, mask.size):
                    break
                try:
                    rows.append(measure(name, method, photo, image, kind, mask))
                except ValueError as error:  # some packages reject some masks
                    tqdm.write(f"left out: {name}, {kind}: {error}")
                    break
        RESULTS.mkdir(exist_ok=True)
        Path(f"{options.output}.json").write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
        Path(f"{options.output}.md").write_text(tables(rows, list(methods), kinds))
    print(tables(rows, list(methods), kinds))


if __name__ == "__main__":
    main()
