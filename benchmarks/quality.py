"""Quality and time next to the prototype and to Telea per frame, all in one run, on clips that are their own truth.

    python benchmarks/quality.py [--shared ../shared] [--clips tennis,coffee] [--holes static,logo] [--frames 40]

Writes benchmarks/results/quality.json and prints a Markdown table. Hole PSNR in dB, time in seconds a frame; the first
round, in which kernels are compiled, is not counted.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from cases import holes_of, load_clip, load_prototype, shared_folder
from tqdm import tqdm

import vidinpaint

RESULTS = Path(__file__).parent / "results"
Method = Callable[[np.ndarray, np.ndarray], np.ndarray]


def hole_psnr(result: np.ndarray, truth: np.ndarray, holes: np.ndarray) -> float:
    difference = result[holes].astype(np.float64) - truth[holes]
    return float(10 * np.log10(255**2 / np.mean(difference**2)))


def telea(frames: np.ndarray, holes: np.ndarray) -> np.ndarray:
    return np.stack([cv2.inpaint(f, h.astype(np.uint8), 3, cv2.INPAINT_TELEA) for f, h in zip(frames, holes)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--clips", default="tennis,schoolgirls,coffee,cups")
    parser.add_argument("--holes", default="static,moving,logo,blob")
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--config", default="balanced")
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    clips = shared / "data" / "clips"
    prototype = load_prototype(shared)

    def ours(frames: np.ndarray, holes: np.ndarray) -> np.ndarray:
        return vidinpaint.inpaint(frames, holes, config=options.config, settings=options.set)

    def reference(frames: np.ndarray, holes: np.ndarray) -> np.ndarray:
        return prototype.run(frames[..., ::-1].copy(), holes)[..., ::-1]

    methods: dict[str, Method] = {"telea": telea, "prototype": reference, "vidinpaint": ours}
    cases = [(clip, kind) for clip in options.clips.split(",") for kind in options.holes.split(",")]
    warm = load_clip(clips / "tennis.mp4", 8), holes_of("moving", clips, 8)
    for method in methods.values():
        method(*warm)
    rows = []
    for clip, kind in tqdm(cases, unit="case"):
        frames = load_clip(clips / f"{clip}.mp4", options.frames)
        holes = holes_of(kind, clips, len(frames))
        row: dict[str, float | str] = {"clip": clip, "holes": kind}
        for name, method in methods.items():
            begin = time.perf_counter()
            result = method(frames, holes)
            row[f"{name}_seconds"] = round((time.perf_counter() - begin) / len(frames), 4)
            row[f"{name}_db"] = round(hole_psnr(result, frames, holes), 2)
        rows.append(row)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quality.json").write_text(json.dumps(rows, indent=2) + "\n")
    print(
        "| clip | holes | Telea dB | prototype dB | vidinpaint dB | gain | time ratio |\n|---|---|---|---|---|---|---|"
    )
    for row in rows:
        gain = float(row["vidinpaint_db"]) - float(row["prototype_db"])
        ratio = float(row["vidinpaint_seconds"]) / float(row["prototype_seconds"])
        print(
            f"| {row['clip']} | {row['holes']} | {row['telea_db']:.2f} | {row['prototype_db']:.2f} | "
            f"{row['vidinpaint_db']:.2f} | {gain:+.2f} | {ratio:.2f} |"
        )


if __name__ == "__main__":
    main()
