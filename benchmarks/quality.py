"""Quality and time compared with the prototype and with Telea on each frame, on clips that are their own truth.

    python benchmarks/quality.py [--shared ../shared] [--clips tennis,coffee] [--masks static,logo] [--frames 40]

Writes benchmarks/results/quality.json after every case and prints Markdown tables. For every case and method: PSNR in
dB over the masks and over their background (without people, if their outlines are known), warping error and flicker
under the masks, also those of the truth, and seconds per frame. A first round, which compiles kernels, is not counted.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from cases import load_clip, load_prototype, masks_of, people, shared_folder
from tqdm import tqdm

import vidinpaint
from vidinpaint.evaluation.metrics import evaluate

RESULTS = Path(__file__).parent / "results"
Method = Callable[[np.ndarray, np.ndarray], np.ndarray]
Row = dict[str, float | str | None]


def mask_psnr(result: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> float | None:
    if not mask.any():
        return None
    difference = result[mask].astype(np.float64) - truth[mask]
    return round(float(10 * np.log10(255**2 / np.mean(difference**2))), 2)


def telea(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    return np.stack([cv2.inpaint(f, m.astype(np.uint8), 3, cv2.INPAINT_TELEA) for f, m in zip(frames, masks)])


def measure(name: str, method: Method, frames: np.ndarray, masks: np.ndarray, background: np.ndarray) -> Row:
    begin = time.perf_counter()
    result = method(frames, masks)
    seconds = (time.perf_counter() - begin) / len(frames)
    metrics = evaluate(result, frames, masks)
    return {
        f"{name}_db": mask_psnr(result, frames, masks),
        f"{name}_background_db": mask_psnr(result, frames, background),
        f"{name}_warp_error": round(1000 * (metrics.warp_error_masked_output or 0.0), 3),
        f"{name}_flicker": round(metrics.flicker_output or 0.0, 2),
        f"{name}_seconds": round(seconds, 4),
        "truth_warp_error": round(1000 * (metrics.warp_error_masked_truth or 0.0), 3),
        "truth_flicker": round(metrics.flicker_truth or 0.0, 2),
    }


def table(rows: list[Row]) -> str:
    lines = [
        "| clip | masks | Telea dB | prototype dB | vidinpaint dB | gain | background gain "
        "| warping error / truth | flicker - truth | time ratio |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in [*rows, *means(rows)]:
        lines.append(
            "| {clip} | {masks} | {telea_db:.2f} | {prototype_db:.2f} | {vidinpaint_db:.2f} | {gain:+.2f} | "
            "{background_gain:+.2f} | {warp_error_ratio:.2f} | {flicker_over:+.2f} | {time_ratio:.2f} |".format(**row)
        )
    return "\n".join(lines)


def means(rows: list[Row]) -> list[Row]:
    """A row of means for each kind of mask."""
    result = []
    for kind in dict.fromkeys(row["masks"] for row in rows):
        same = [row for row in rows if row["masks"] == kind]
        numbers = [key for key, value in same[0].items() if isinstance(value, float)]
        mean: Row = {key: float(np.mean([row[key] for row in same])) for key in numbers}
        result.append({**mean, "clip": "mean", "masks": kind})
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--clips", default="tennis,schoolgirls,coffee,cups,running_car")
    parser.add_argument("--masks", default="static,moving,logo,blob")
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--config", default="balanced")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--result", default="quality.json", help="name of the file in results")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    clips = shared / "data" / "clips"
    prototype = load_prototype(shared)

    def ours(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        return vidinpaint.inpaint(frames, masks, config=options.config, settings=options.set)

    def reference(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        return prototype.run(frames[..., ::-1].copy(), masks)[..., ::-1]

    methods: dict[str, Method] = {"telea": telea, "prototype": reference, "vidinpaint": ours}
    cases = [(clip, kind) for clip in options.clips.split(",") for kind in options.masks.split(",")]
    for kind in ("moving", "static"):
        warm_up = load_clip(clips / "coffee.mp4", 8), masks_of(kind, clips, 8)
        for method in methods.values():
            method(*warm_up)
    RESULTS.mkdir(exist_ok=True)
    rows: list[Row] = []
    for clip, kind in tqdm(cases, unit="case"):
        frames = load_clip(clips / f"{clip}.mp4", options.frames)
        masks = masks_of(kind, clips, len(frames))
        background = masks & ~people(clip, clips, len(frames))
        row: Row = {"clip": clip, "masks": kind}
        for name, method in methods.items():
            row |= measure(name, method, frames, masks, background)
        row["gain"] = row["vidinpaint_db"] - row["prototype_db"]
        row["background_gain"] = row["vidinpaint_background_db"] - row["prototype_background_db"]
        row["warp_error_ratio"] = row["vidinpaint_warp_error"] / max(row["truth_warp_error"], 1e-3)
        row["flicker_over"] = row["vidinpaint_flicker"] - row["truth_flicker"]
        row["time_ratio"] = row["vidinpaint_seconds"] / row["prototype_seconds"]
        rows.append(row)
        (RESULTS / options.result).write_text(json.dumps([*rows, *means(rows)], indent=2) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
