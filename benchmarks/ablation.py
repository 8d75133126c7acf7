"""What each part of flow completion and propagation is worth: everything, and everything but one part.

    python benchmarks/ablation.py [--shared ../shared] [--clips tennis,coffee] [--holes static,moving] [--frames 40]

Whole pictures without crops, anchors and fillers: hole PSNR in dB over all hole pixels, what no frame shows by the
harmonic fill. Writes benchmarks/results/ablation.json and prints a Markdown table.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from cases import holes_of, load_clip, shared_folder
from tqdm import tqdm

from vidinpaint.flow import completion, estimate
from vidinpaint.laplace import smooth_fill
from vidinpaint.propagation import carry
from vidinpaint.stages.flow import EstimateFlow

RESULTS = Path(__file__).parent / "results"


def everything_near(flow: np.ndarray, error: np.ndarray, holes: np.ndarray, *rest: np.ndarray) -> np.ndarray:
    return estimate.grown(holes, estimate.NEAR)


def first_guess(velocity: np.ndarray, *rest: np.ndarray) -> np.ndarray:
    return velocity.copy()


def full_belief(candidates: Any, weights: np.ndarray, apart: np.ndarray, consistent: bool) -> np.ndarray:
    return np.ones(len(weights), np.float32)


def never(planes: np.ndarray, near: np.ndarray) -> None:
    return None


LEFT_OUT: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "flow kept beside holes where it proves right": (estimate, "spoilt_flow", everything_near),
    "motion joined over many frames": (estimate, "join_sides", first_guess),
    "planes at rest": (completion, "_rest", never),
    "belief in what was carried": (carry, "belief", full_belief),
}


@contextmanager
def replaced(module: Any, name: str, substitute: Callable[..., Any]) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, substitute)
    try:
        yield
    finally:
        setattr(module, name, before)


def hole_psnr(frames: np.ndarray, holes: np.ndarray, passes: int) -> float:
    """dB over the holes of uint8 frames (T, H, W, 3)."""
    pixels = frames.astype(np.float32) / np.float32(255)
    unknown = holes.copy()
    flow = EstimateFlow(passes=passes)(pixels, holes)
    truth = pixels[holes]
    pixels[holes] = 0
    carry.carry(pixels, unknown, flow)
    pixels = smooth_fill(pixels, unknown)
    return float(-10 * np.log10(np.mean((pixels[holes].astype(np.float64) - truth) ** 2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--clips", default="tennis,schoolgirls,coffee,cups")
    parser.add_argument("--holes", default="static,moving")
    parser.add_argument("--frames", type=int, default=40)
    options = parser.parse_args()
    clips = shared_folder(options.shared) / "data" / "clips"
    cases = [(clip, kind) for clip in options.clips.split(",") for kind in options.holes.split(",")]
    rows = []
    for clip, kind in tqdm(cases, unit="case"):
        frames = load_clip(clips / f"{clip}.mp4", options.frames)
        holes = holes_of(kind, clips, len(frames))
        row: dict[str, float | str] = {"clip": clip, "holes": kind, "all, one pass": hole_psnr(frames, holes, 1)}
        for name, (module, attribute, substitute) in LEFT_OUT.items():
            with replaced(module, attribute, substitute):
                row[f"without {name}"] = hole_psnr(frames, holes, 1)
        row["all, two passes"] = hole_psnr(frames, holes, 2)
        rows.append({key: value if isinstance(value, str) else round(value, 2) for key, value in row.items()})
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ablation.json").write_text(json.dumps(rows, indent=2) + "\n")
    names = [name for name in rows[0] if name not in ("clip", "holes")]
    print("| |", " | ".join(f"{row['clip']} {row['holes']}" for row in rows), "| mean |")
    print("|---|" + "---|" * (len(rows) + 1))
    for name in names:
        values = [float(row[name]) for row in rows]
        print(f"| {name} |", " | ".join(f"{value:.2f}" for value in values), f"| {np.mean(values):.2f} |")


if __name__ == "__main__":
    main()
