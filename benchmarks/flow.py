"""Optical flow: RAFT compared with DIS, on held-out synthetic pairs with known flow and on real clips.

    python benchmarks/flow.py [--shared ../shared] [--pairs 48] [--frames 8] [--weights FILE]

Writes benchmarks/results/flow.json and prints a Markdown table. EPE is the mean end-point error in pixels on pairs that
no training saw (`vidinpaint.training.recipes.raft`, photos/val). The warping error is the mean difference in grey
levels, 0 to 255, between frames and their neighbours warped by the flow, at 432 x 240. Seconds are per pair, for both
directions.
"""

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
from cases import load_clip, shared_folder
from tqdm import tqdm

from vidinpaint.flow.dis import Dis
from vidinpaint.flow.interface import FlowMethod
from vidinpaint.flow.raft import Raft
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.recipes.raft import pair

RESULTS = Path(__file__).parent / "results"
CLIPS = ("tennis", "schoolgirls", "coffee", "cups", "running_car")


def warping_error(first: np.ndarray, second: np.ndarray, flow: np.ndarray) -> float:
    """Mean grey levels between `first` float32 (H, W, 3) in [0, 1] and `second` warped to it by flow (H, W, 2)."""
    height, width = first.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    source_x, source_y = x + flow[..., 0], y + flow[..., 1]
    inside = (source_x >= 0) & (source_y >= 0) & (source_x <= width - 1) & (source_y <= height - 1)
    warped = cv2.remap(second, source_x, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return float(np.abs(warped - first)[inside].mean() * 255)


def on_pairs(method: FlowMethod, pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float:
    found = (method.estimate(np.stack([first, second]), np.ones(1, bool))[0][0] for first, second, _ in pairs)
    return float(np.mean([np.linalg.norm(flow - true, axis=-1).mean() for flow, (_, _, true) in zip(found, pairs)]))


def on_clip(method: FlowMethod, frames: np.ndarray) -> tuple[float, float]:
    """Warping error in both directions, and seconds per pair."""
    begin = time.perf_counter()
    forward, backward = method.estimate(frames, np.ones(len(frames) - 1, bool))
    seconds = (time.perf_counter() - begin) / (len(frames) - 1)
    errors = [warping_error(a, b, flow) for a, b, flow in zip(frames[:-1], frames[1:], forward)]
    errors += [warping_error(b, a, flow) for a, b, flow in zip(frames[:-1], frames[1:], backward)]
    return float(np.mean(errors)), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--pairs", type=int, default=48)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--weights", default="raft", help="of RAFT: a name or a file (default: the bundled weights)")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    photos = Photos(str(shared / "data/photos/val"))
    pairs = [
        pair(photos, np.random.default_rng((1, number)), 128, 192) for number in tqdm(range(options.pairs), "pairs")
    ]
    methods: dict[str, FlowMethod] = {
        "DIS medium": Dis(), "DIS fast": Dis("fast"), "RAFT": Raft(options.weights),
        "RAFT, not refined": Raft(options.weights, refinement=0),
    }  # fmt: skip
    rows = {}
    for name, method in tqdm(methods.items(), "methods"):
        rows[name] = {"EPE": round(on_pairs(method, pairs), 3)}
        for clip in CLIPS:
            frames = load_clip(shared / f"data/clips/{clip}.mp4", options.frames).astype(np.float32) / np.float32(255)
            error, seconds = on_clip(method, frames)
            rows[name] |= {clip: round(error, 3), "seconds": round(seconds, 3)}
        rows[name]["mean"] = round(float(np.mean([rows[name][clip] for clip in CLIPS])), 3)
        (RESULTS / "flow.json").write_text(json.dumps(rows, indent=2) + "\n")
    columns = ["EPE", *CLIPS, "mean", "seconds"]
    print("| flow | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for name, row in rows.items():
        print(f"| {name} | " + " | ".join(f"{row[column]}" for column in columns) + " |")


if __name__ == "__main__":
    main()
