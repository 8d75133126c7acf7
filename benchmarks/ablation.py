"""What each part of flow completion and propagation contributes: all parts, and all parts but one.

    python benchmarks/ablation.py [--shared ../shared] [--clips tennis,coffee] [--masks static,moving] [--frames 40]

Whole frames without crops, reference frames and inpainters: PSNR in dB over all masked pixels; what no frame shows is
interpolated smoothly. Writes benchmarks/results/ablation.json and prints a Markdown table.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from cases import load_clip, masks_of, shared_folder
from tqdm import tqdm

from vidinpaint.flow import completion, estimate
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.numerics.morphology import dilate
from vidinpaint.propagation import propagate
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.video.readers import open_reader

RESULTS = Path(__file__).parent / "results"


def all_unreliable(flow: np.ndarray, error: np.ndarray, masks: np.ndarray, *rest: np.ndarray) -> np.ndarray:
    return dilate(masks, estimate.NEAR)


def initial_velocity(velocity: np.ndarray, *rest: np.ndarray) -> np.ndarray:
    return velocity.copy()


def full_confidence(candidates: Any, weights: np.ndarray, apart: np.ndarray, consistent: bool) -> np.ndarray:
    return np.ones(len(weights), np.float32)


def no_change(planes: np.ndarray, near: np.ndarray) -> None:
    return None


PARTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "measured flow near masks where it is reliable": (estimate, "unreliable_flow", all_unreliable),
    "trajectories over many frames": (estimate, "join_sides", initial_velocity),
    "static planes": (completion, "_rest", no_change),
    "confidence of propagated pixels": (propagate, "confidence", full_confidence),
}


@contextmanager
def replaced(module: Any, name: str, substitute: Callable[..., Any]) -> Iterator[None]:
    original = getattr(module, name)
    setattr(module, name, substitute)
    try:
        yield
    finally:
        setattr(module, name, original)


def mask_psnr(frames: np.ndarray, masks: np.ndarray, passes: int) -> float:
    """dB over the masks of uint8 frames (T, H, W, 3)."""
    pixels = frames.astype(np.float32) / np.float32(255)
    unknown = masks.copy()
    with open_reader(frames) as reader:
        clip = reader.read(np.arange(len(frames)), 0, len(frames))
    flow = EstimateFlow(passes=passes)(clip, pixels, masks)
    truth = pixels[masks]
    pixels[masks] = 0
    propagate.propagate(pixels, unknown, flow)
    pixels = smooth_interpolation(pixels, unknown)
    return float(-10 * np.log10(np.mean((pixels[masks].astype(np.float64) - truth) ** 2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--clips", default="tennis,schoolgirls,coffee,cups")
    parser.add_argument("--masks", default="static,moving")
    parser.add_argument("--frames", type=int, default=40)
    options = parser.parse_args()
    clips = shared_folder(options.shared) / "data" / "clips"
    cases = [(clip, kind) for clip in options.clips.split(",") for kind in options.masks.split(",")]
    rows = []
    for clip, kind in tqdm(cases, unit="case"):
        frames = load_clip(clips / f"{clip}.mp4", options.frames)
        masks = masks_of(kind, clips, len(frames))
        row: dict[str, float | str] = {"clip": clip, "masks": kind, "all, one pass": mask_psnr(frames, masks, 1)}
        for name, (module, attribute, substitute) in PARTS.items():
            with replaced(module, attribute, substitute):
                row[f"without {name}"] = mask_psnr(frames, masks, 1)
        row["all, two passes"] = mask_psnr(frames, masks, 2)
        rows.append({key: value if isinstance(value, str) else round(value, 2) for key, value in row.items()})
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ablation.json").write_text(json.dumps(rows, indent=2) + "\n")
    names = [name for name in rows[0] if name not in ("clip", "masks")]
    print("| |", " | ".join(f"{row['clip']} {row['masks']}" for row in rows), "| mean |")
    print("|---|" + "---|" * (len(rows) + 1))
    for name in names:
        values = [float(row[name]) for row in rows]
        print(f"| {name} |", " | ".join(f"{value:.2f}" for value in values), f"| {np.mean(values):.2f} |")


if __name__ == "__main__":
    main()
