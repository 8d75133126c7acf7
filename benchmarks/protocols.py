"""Image inpainters on photos with the masks of published protocols: RePaint's six, PConv's ratios, two simple kinds.

    python benchmarks/protocols.py PHOTOS [--methods telea patchmatch] [--masks simple half] [--limit 4] [--sheet DIR]
    python benchmarks/protocols.py --table

Each photo is scaled to --size on its shorter side and cropped in the middle. Every method gets the same masks, which
depend on the seed, the name of the photo, and the kind of mask only (`protocol_masks.py`). Measured under the mask: L1
in [0, 1], PSNR, SSIM, and deep feature distance (EfficientNet-Lite0, extra `perceptual`); of the whole image: LPIPS,
where there are weights of AlexNet or VGG16; and seconds, of which tables show the median.

A row is added to --output as soon as it is measured, and what is there is not measured again: an interrupted run goes
on where it was. Methods whose weights have changed are measured again. Use one --output for one folder of photos.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import protocol_rows
from protocol_masks import MASKS, SETS, mask_of
from protocol_rows import Case, Figures
from protocol_tables import tables
from tqdm import tqdm

from vidinpaint.core.errors import VidinpaintError
from vidinpaint.core.registry import build, names
from vidinpaint.evaluation.perceptual.available import perceptual_metrics
from vidinpaint.evaluation.ssim import similarity_map
from vidinpaint.execution.checkpoints.segment_store import sha256_of
from vidinpaint.inpainters.interface import ImageInpainter, inpaint_array
from vidinpaint.reporting.contact_sheet import Tile, contact_sheet
from vidinpaint.weights.catalogue import weights_named
from vidinpaint.weights.running import one_torch_thread

PACKAGE = "image_inpainters"
RESULTS = Path(__file__).parent / "results"
USES = {"guided_patchmatch": "structure"}
"""Methods that run the network of another method."""
GREY = 127  # of masked pixels in sheets
LISTED = f"sets or kinds: {', '.join([*SETS, *MASKS])} (default: all)"
Distance = Callable[[np.ndarray, np.ndarray, np.ndarray], float]
"""result, truth, mask -> distance"""


@dataclass
class Benchmark:
    """One run. budget: seconds of a method, with those of earlier runs; sheet: folder, or None for no sheets."""

    inpainters: dict[str, ImageInpainter]
    photos: dict[str, np.ndarray]
    kinds: Sequence[str]
    size: int
    seed: int
    output: Path
    distances: dict[str, Distance]
    budget: float = float("inf")
    sheet: Path | None = None
    sheet_photos: int = 4

    def run(self) -> list[str]:
        """Measure what is missing, then draw the sheets. Returns one line for each failure."""
        rows, failures = protocol_rows.read(self.output), []
        plan = {name: self.cases(name) for name in self.inpainters}
        with tqdm(total=sum(map(len, plan.values())), unit="image", dynamic_ncols=True) as bar:
            for name, cases in plan.items():
                bar.set_description(name)
                failed: set[str] = set()
                for case in cases:
                    bar.update()
                    if case.mask in failed or (case in rows and not self.lacks_image(case)):
                        continue
                    if (seconds := protocol_rows.spent(rows, cases)) >= self.budget:
                        bar.write(f"{name}: stopped after {seconds:.0f} s")
                        bar.update(len(cases) - 1 - cases.index(case))
                        break
                    try:
                        figures = self.measure(case)
                    except Exception as error:  # of any method or plugin: the others are still measured
                        failures.append(f"{name}, {case.mask}, {case.photo}: {type(error).__name__}: {error}")
                        bar.write(failures[-1])
                        failed.add(case.mask)
                        continue
                    if case not in rows:
                        rows[case] = figures
                        protocol_rows.append(self.output, case, figures)
        self.draw_sheets(rows)
        return failures

    def cases(self, method: str) -> list[Case]:
        """All cases of a method, photo by photo, so that one that is stopped has seen all kinds of masks."""
        return [self.case(method, kind, photo) for photo in self.photos for kind in self.kinds]

    def case(self, method: str, kind: str, photo: str) -> Case:
        return Case(method, weights_of(method), kind, photo, self.size, self.seed)

    def measure(self, case: Case) -> Figures:
        """Inpaint and compare; keep the image if a sheet will show it."""
        truth, mask = self.photos[case.photo], mask_of(case.mask, case.photo, case.size, case.seed)
        begin = time.perf_counter()
        result = inpaint_array(self.inpainters[case.method], truth, mask)
        seconds = time.perf_counter() - begin
        if path := self.image_path(case):
            write_png(path, result)
        return compare(result, truth, mask, self.distances, seconds)

    def image_path(self, case: Case) -> Path | None:
        """Where the result is kept for a sheet; None if none will show it."""
        shown = list(self.photos)[: self.sheet_photos]
        if self.sheet is None or case.photo not in shown:
            return None
        return self.sheet / "images" / protocol_rows.file_name(case)

    def lacks_image(self, case: Case) -> bool:
        path = self.image_path(case)
        return path is not None and not path.exists()

    def draw_sheets(self, rows: protocol_rows.Rows) -> None:
        """A sheet for each kind of mask and each of the first photos: the truth, the mask, and every method."""
        if self.sheet is None:
            return
        for photo in list(self.photos)[: self.sheet_photos]:
            for kind in self.kinds:
                truth, mask = self.photos[photo], mask_of(kind, photo, self.size, self.seed)
                tiles = [Tile("truth", truth), Tile("masked", np.where(mask[..., None], np.uint8(GREY), truth))]
                for name in self.inpainters:
                    case = self.case(name, kind, photo)
                    path = self.image_path(case)
                    if case in rows and path is not None and path.exists():
                        tiles.append(Tile(label(name, rows[case]), read_rgb(path)))
                write_png(self.sheet / f"{photo}_{kind}.png", contact_sheet(tiles))


def compare(
    result: np.ndarray, truth: np.ndarray, mask: np.ndarray, distances: dict[str, Distance], seconds: float
) -> Figures:
    difference = result[mask].astype(np.float64) - truth[mask]
    greys = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (result, truth)]
    with np.errstate(divide="ignore"):  # no error at all: infinite PSNR
        psnr = float(10 * np.log10(255**2 / np.mean(difference**2)))
    measured = {name: distance(result, truth, mask) for name, distance in distances.items()}
    return Figures(
        l1=float(np.abs(difference).mean() / 255),
        psnr=psnr,
        ssim=float(similarity_map(*greys)[mask].mean()),
        deep_feature_distance=measured.get("deep_feature_distance"),
        lpips_alex=measured.get("lpips_alex"),
        lpips_vgg=measured.get("lpips_vgg"),
        seconds=seconds,
    )


def available_distances() -> dict[str, Distance]:
    """The distances of deep features that can be measured here; says what the others lack."""
    metrics, notes = perceptual_metrics()
    for note in notes:
        print(f"left out: {note}", file=sys.stderr)
    # on busy cores, threads wait for one another: 0.3 s instead of 20 s an image, measured with a load of 9 on 2 cores
    return {name: one_torch_thread()(metric.distance) for metric in metrics for name in metric.values()}


def available_inpainters(selected: Sequence[str]) -> dict[str, ImageInpainter]:
    """Those of the selected methods, or of all, that can run here; says why the others cannot."""
    found = {name: build(PACKAGE, name, {}) for name in selected or names(PACKAGE)}
    for name, inpainter in found.items():
        if reason := inpainter.unavailable_reason():
            print(f"left out: {name}: {reason}", file=sys.stderr)
    return {name: inpainter for name, inpainter in found.items() if not inpainter.unavailable_reason()}


@cache
def weights_of(method: str) -> str:
    """The beginning of a SHA-256 of all weights, files or folders, that the method can use; empty if there are none."""
    paths = weights_named([USES.get(method, method)])
    found = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [file for file in found if file.is_file()]
    content = "".join(sha256_of(file) for file in files)
    return hashlib.sha256(content.encode()).hexdigest()[:8] if files else ""


def load_photos(folder: Path, size: int, limit: int | None) -> dict[str, np.ndarray]:
    """The first photos of a folder, by name without suffix, as uint8 RGB (size, size, 3)."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))[:limit]
    if not paths:
        raise SystemExit(f"expected photos (.jpg, .png) in {folder}, found none: give a folder of photos")
    return {path.stem: centre(read_rgb(path), size) for path in paths}


def centre(image: np.ndarray, size: int) -> np.ndarray:
    """The image scaled to `size` on its shorter side, and cropped in the middle to (size, size, 3)."""
    scale = size / min(image.shape[:2])
    height, width = (max(size, round(side * scale)) for side in image.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(image, (width, height), interpolation=method)
    y, x = (height - size) // 2, (width - size) // 2
    return np.ascontiguousarray(scaled[y : y + size, x : x + size])


def read_rgb(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise SystemExit(f"expected an image, found something else in {path}: remove it")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def write_png(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))


def label(name: str, figures: Figures) -> str:
    distance = figures.deep_feature_distance
    return name if distance is None else f"{name}  {distance:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs="?", type=Path, help="folder of photos, such as ../shared/data/photos/val")
    parser.add_argument("--methods", nargs="+", default=[], help="default: all that can run here")
    parser.add_argument("--masks", nargs="+", default=[*SETS], choices=[*SETS, *MASKS], help=LISTED, metavar="M")
    parser.add_argument("--size", type=int, default=256, help="side of the photos in pixels")
    parser.add_argument("--seed", type=int, default=0, help="of the masks")
    parser.add_argument("--limit", type=int, help="number of photos (default: all)")
    parser.add_argument("--per-method-seconds", type=float, default=float("inf"), help="a method stops after so many")
    parser.add_argument("--output", type=Path, default=RESULTS / "protocols.csv")
    parser.add_argument("--sheet", type=Path, help="folder for sheets of the first photos")
    parser.add_argument("--sheet-photos", type=int, default=4, help="number of photos with sheets")
    parser.add_argument("--table", action="store_true", help="only print the tables of what is in --output")
    options = parser.parse_args()
    failures: list[str] = []
    if not options.table:
        if options.photos is None:
            parser.error("give a folder of photos, or --table")
        try:
            inpainters = available_inpainters(options.methods)
        except VidinpaintError as error:
            parser.error(str(error))
        failures = Benchmark(
            inpainters,
            load_photos(options.photos, options.size, options.limit),
            list(dict.fromkeys(kind for name in options.masks for kind in SETS.get(name, [name]))),
            options.size,
            options.seed,
            options.output,
            available_distances(),
            options.per_method_seconds,
            options.sheet,
            options.sheet_photos,
        ).run()
    print(tables(protocol_rows.newest(protocol_rows.read(options.output), options.size, options.seed)))
    if failures:
        sys.exit("failed:\n" + "\n".join(failures))


if __name__ == "__main__":
    main()
