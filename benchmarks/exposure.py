"""What exposure compensation gains: changes of light imposed on the development clips, inpainted with and without it.

    python benchmarks/exposure.py [--shared ../shared] [--clips tennis,coffee] [--masks logo,static] [--frames 40]

Writes benchmarks/results/exposure.json and prints a Markdown table: mask PSNR in dB; the changed clip is the truth.
`none` leaves the clip unchanged: compensation must cost nothing there.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from cases import load_clip, masks_of, shared_folder
from quality import mask_psnr
from tqdm import tqdm

import vidinpaint

RESULTS = Path(__file__).parent / "results"
Change = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _flash(frames: np.ndarray, t: np.ndarray) -> np.ndarray:
    lit = np.isin(t, (len(t) // 3, len(t) // 3 + 1, 2 * len(t) // 3))
    return np.where(lit, frames * 1.6 + 0.05, frames)


def _bands(frames: np.ndarray, t: np.ndarray) -> np.ndarray:
    rows = np.linspace(0, 1.5, frames.shape[1])[None, :, None, None]
    return frames * (1 + 0.08 * np.sin(2 * np.pi * (0.4 * t + rows)))


def _lamp(frames: np.ndarray, t: np.ndarray) -> np.ndarray:
    across = np.linspace(0, 1, frames.shape[2])[None, None, :, None]
    return frames * np.where(t >= len(t) // 2, 0.8 + 0.5 * across**2, 0.9)


CHANGES: dict[str, Change] = {
    "none": lambda frames, t: frames,
    "ramp": lambda frames, t: frames * (0.75 + 0.5 * t / t.max()) * np.array([1.05, 1, 0.95]) ** (2 * t / t.max() - 1),
    "step": lambda frames, t: np.where(t >= len(t) // 2, frames * 1.25 + 0.02, frames * 0.9),
    "gamma": lambda frames, t: frames ** (1.25 - 0.5 * t / t.max()),
    "flicker": lambda frames, t: frames * (1 + 0.1 * np.sin(2 * np.pi * 0.4 * t)),
    "flash": _flash,
    "bands": _bands,
    "lamp": _lamp,
}
"""frames float (T, H, W, 3) in [0, 1], t (T, 1, 1, 1) -> changed frames. The last two vary across the frame."""


def changed(frames: np.ndarray, change: Change) -> np.ndarray:
    t = np.arange(len(frames), dtype=np.float64)[:, None, None, None]
    return np.clip(change(frames / 255.0, t) * 255 + 0.5, 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--clips", default="tennis,schoolgirls,coffee,cups")
    parser.add_argument("--masks", default="logo,static")
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    clips = shared_folder(options.shared) / "data" / "clips"
    rows = []
    for name in tqdm(options.clips.split(","), unit="clip"):
        plain = load_clip(clips / f"{name}.mp4", options.frames)
        for kind in options.masks.split(","):
            masks = masks_of(kind, clips, len(plain))
            for light, change in CHANGES.items():
                frames = changed(plain, change)
                row: dict[str, float | str] = {"clip": name, "masks": kind, "light": light}
                for column, value in (("off_db", "false"), ("on_db", "true")):
                    result = vidinpaint.inpaint(frames, masks, settings=[*options.set, f"exposure.on={value}"])
                    row[column] = round(mask_psnr(result, frames, masks), 2)
                rows.append(row)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "exposure.json").write_text(json.dumps(rows, indent=2) + "\n")
    print("| clip | masks | light | off, dB | on, dB | gain |\n|---|---|---|---|---|---|")
    for row in rows:
        gain = float(row["on_db"]) - float(row["off_db"])
        print(
            f"| {row['clip']} | {row['masks']} | {row['light']} | {row['off_db']:.2f} | {row['on_db']:.2f} "
            f"| {gain:+.2f} |"
        )


if __name__ == "__main__":
    main()
