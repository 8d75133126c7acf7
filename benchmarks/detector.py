"""The synthesis detector on held-out photos: what it detects, and whether it ranks results as distances do.

    python -m vidinpaint.training.data.inpainted_photos --photos PHOTOS -o EXAMPLES --count 60 --per-photo 15 --seed 1 \
        --methods harmonic telea navier_stokes biharmonic coherence total_variation patchmatch patch_search criminisi \
        efros_leung gated_conv partial_conv fsr shift_map bertalmio
    python benchmarks/detector.py EXAMPLES [--weights FILE]

Writes benchmarks/results/detector.json and prints Markdown tables. Every crop must have been inpainted by all methods.
The deep distance is that of `vidinpaint.training.losses.deep_distance` between features of EfficientNet-Lite0 of the
result and of the truth; it needs the extra `perceptual`. For comparison two simple scores rank the same results: the
lack of fine detail, which sees blur and nothing else, and the error in L1, which needs the truth.
"""

import argparse
import json
from collections.abc import Callable
from itertools import chain, combinations
from pathlib import Path

import cv2
import numpy as np
import torch
from tqdm import tqdm

from vidinpaint.checking.synthesis_detector import SynthesisDetector, synthesis_score
from vidinpaint.training.data.inpainted_photos import METHODS, InpaintedPhoto, InpaintedPhotos
from vidinpaint.training.data.tensors import tensor_of
from vidinpaint.training.losses.deep_distance import deep_distance
from vidinpaint.weights.image_features import image_features

RESULTS = Path(__file__).parent / "results"
COPYING = {"patchmatch", "patch_search", "criminisi", "efros_leung", "shift_map"}
"""Methods that copy known pixels; the results of all others are smooth."""
JPEG_QUALITY, NOISE = 60, 4  # of the degraded images; noise in grey levels
BASELINE = "lack of detail instead"
Image = np.ndarray


def compressed(image: Image) -> Image:
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def noisy(image: Image) -> Image:
    return np.clip(np.rint(image + np.random.default_rng(0).normal(0, NOISE, image.shape)), 0, 255).astype(np.uint8)


DEGRADATIONS: dict[str, Callable[[Image], Image]] = {
    "as made": lambda image: image,
    f"JPEG {JPEG_QUALITY}": compressed,
    f"noise {NOISE}": noisy,
}


def area_under_roc(probability: np.ndarray, mask: np.ndarray) -> float:
    """The probability that a pixel under the mask has a greater value than one outside it."""
    order = np.empty(mask.size)
    order[np.argsort(probability.ravel(), kind="stable")] = np.arange(mask.size)
    count = int(mask.sum())
    above = order[mask.ravel()].sum() - count * (count - 1) / 2
    return float(above / (count * (mask.size - count)))


def lack_of_detail(image: Image) -> np.ndarray:
    """Minus the |Laplacian| of the grey image at each pixel, in grey levels."""
    laplacian = cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32), cv2.CV_32F)
    return -np.abs(laplacian)


def distance(photo: InpaintedPhoto) -> float:
    network = image_features()
    with torch.inference_mode():
        result, truth = (
            network.features(tensor_of(each[None]) / 127.5 - 1) for each in (photo.result, photo.truth)
        )  # fmt: skip
        return float(deep_distance(result, truth))


def ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def agreement(scores: np.ndarray, distances: np.ndarray, methods: list[str]) -> dict[str, float]:
    """How well scores (photos, methods) order the methods of each photo as the distances do."""
    alike: dict[str, list[np.ndarray]] = {"one copies": [], "both copy": [], "both smooth": []}
    for a, b in combinations(range(len(methods)), 2):
        kind = ("both smooth", "one copies", "both copy")[(methods[a] in COPYING) + (methods[b] in COPYING)]
        alike[kind].append((scores[:, a] < scores[:, b]) == (distances[:, a] < distances[:, b]))
    each = [np.corrcoef(ranks(a), ranks(b))[0, 1] for a, b in zip(scores, distances)]
    best = np.take_along_axis(distances, scores.argmin(1)[:, None], 1)
    return {
        "pairs ranked alike": float(np.mean([*chain(*alike.values())])),
        **{kind: float(np.mean(same)) for kind, same in alike.items() if same},
        "Spearman within a photo": float(np.mean(each)),
        "Spearman of the methods' means": float(np.corrcoef(ranks(scores.mean(0)), ranks(distances.mean(0)))[0, 1]),
        "distance of its first choice": float(best.mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", help="folder of held-out inpainted photos")
    parser.add_argument("--weights", default="", help="file of weights (default: the bundled ones)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    detector, photos = SynthesisDetector(options.weights), InpaintedPhotos(options.examples)
    methods, numbers = [*photos.numbers], next(iter(photos.numbers.values()))
    names = [*DEGRADATIONS, BASELINE]
    areas: dict[str, dict[str, list[float]]] = {method: {name: [] for name in names} for method in methods}
    table: dict[str, list[list[float]]] = {name: [] for name in ("detector", "lack of detail", "L1", "distance")}
    false_alarms: dict[str, list[np.ndarray]] = {each: [] for each in DEGRADATIONS}
    for number in tqdm(numbers, unit="photo"):
        rows: list[tuple[float, ...]] = []
        for method in methods:
            photo = photos.read(method, number)
            for name, degrade in DEGRADATIONS.items():
                areas[method][name].append(area_under_roc(detector.probability(degrade(photo.result)), photo.mask))
            error = float(np.abs(photo.result.astype(np.float32) - photo.truth)[photo.mask].mean())
            score = synthesis_score(photo.result, photo.mask, detector)
            without_detail = lack_of_detail(photo.result)
            areas[method][BASELINE].append(area_under_roc(cv2.blur(without_detail, (5, 5)), photo.mask))
            rows.append((score, float(without_detail[photo.mask].mean()), error, distance(photo)))
        for name, column in zip(table, zip(*rows)):
            table[name].append([*column])
        for name, degrade in DEGRADATIONS.items():
            false_alarms[name].append(detector.probability(degrade(photo.truth)))
    columns = {name: np.array(column) for name, column in table.items()}
    distances = columns.pop("distance")
    untouched = {name: [float((p > 0.5).mean()) for p in maps] for name, maps in false_alarms.items()}
    result = {
        "photos": len(numbers),
        "area under the ROC curve": {
            method: {name: float(np.mean(values)) for name, values in row.items()} for method, row in areas.items()
        },
        "left out of training": [method for method in methods if method not in METHODS],
        "mean score": dict(zip(methods, columns["detector"].mean(0).tolist())),
        "mean deep distance": dict(zip(methods, distances.mean(0).tolist())),
        "agreement": {name: agreement(scores, distances, methods) for name, scores in columns.items()},
        "distance of the best result": float(distances.min(1).mean()),
        "distance of a random result": float(distances.mean()),
        "untouched pixels over 0.5": {name: float(np.mean(shares)) for name, shares in untouched.items()},
        "untouched pixels over 0.5, worst tenth of photos": {
            name: float(np.quantile(shares, 0.9)) for name, shares in untouched.items()
        },
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "detector.json").write_text(json.dumps(result, indent=2) + "\n")
    print_tables(result)


def print_tables(result: dict) -> None:
    names = [*DEGRADATIONS, BASELINE]
    print(f"| method | {' | '.join(f'AUC, {name}' for name in names)} | mean score | mean deep distance |")
    print(f"|---|{'---:|' * (len(names) + 2)}")
    by_distance = sorted(result["mean deep distance"], key=result["mean deep distance"].__getitem__)
    for method in by_distance:
        mark = " (left out)" if method in result["left out of training"] else ""
        cells = [f"{result['area under the ROC curve'][method][name]:.3f}" for name in names]
        cells += [f"{result['mean score'][method]:.3f}", f"{result['mean deep distance'][method]:.4f}"]
        print(f"| {method}{mark} | {' | '.join(cells)} |")
    rows = result["agreement"]
    columns = [*next(iter(rows.values()))]
    print(f"\n| ranked by | {' | '.join(columns)} |\n|---|{'---:|' * len(columns)}")
    for name, row in rows.items():
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in row.values())} |")
    for name, value in result.items():
        if not isinstance(value, dict):
            print(f"{name}: {value}")
    for name in ("untouched pixels over 0.5", "untouched pixels over 0.5, worst tenth of photos"):
        print(name, result[name])


if __name__ == "__main__":
    main()
