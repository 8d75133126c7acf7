"""Derives the limits of the check: its measurements on the truth, on damaged truth, and on our own results.

    python benchmarks/check_thresholds.py [--shared ../shared] [--step 40] [--ours]

Masks are imposed on windows of the development clips. If they are inpainted with the truth, nobody can notice them, so
the measurements show the normal spread; with damaged truth they show what the check can detect. Writes
benchmarks/results/check.json and prints Markdown tables. docs/checking.md has the conclusions.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from cases import load_clip, masks_of, shared_folder
from quality import mask_psnr, telea
from tqdm import tqdm

import vidinpaint
from vidinpaint.checking.verdict import FAULTS, log_ratios
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.window import Box, Window
from vidinpaint.numerics.laplace import smooth_interpolation
from vidinpaint.stages.check import Check

RESULTS = Path(__file__).parent / "results"
CLIPS = ("tennis", "schoolgirls", "coffee", "cups", "running_car")
KINDS = ("static", "moving", "logo", "blob")
# pixels (x, y), for the same masks at another place
SHIFTS = {"static": (36, 20), "moving": (90, 40), "logo": (-180, 150), "blob": (90, 40)}
LENGTH = 20  # frames per window
MAX_FRAMES = 270  # per clip: running_car has a cut there
DAMAGE_INTERVAL = 3  # one of three windows is damaged; all are measured as truth
SUSPECT, BAD = 96, 99.5  # percentiles of the truth
Damage = Callable[[np.ndarray, np.ndarray], np.ndarray]


def torn_halves(frames: np.ndarray, masks: np.ndarray, shift: int) -> np.ndarray:
    """The two halves of every mask, shifted apart."""
    result = frames.copy()
    for frame, mask, out in zip(frames, masks, result):
        for x, y, w, h, _ in cv2.connectedComponentsWithStats(mask.astype(np.uint8))[2][1:].tolist():
            rows, left, right = slice(y, y + h), slice(x, x + w // 2), slice(x + w // 2, x + w)
            out[rows, left] = np.roll(frame, shift, 1)[rows, left]
            out[rows, right] = np.roll(frame, -shift, 1)[rows, right]
    return result


def brighter_second_half(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    result = frames.copy()
    result[len(frames) // 2 :] += 12
    return result


def noise(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
    grains = np.random.default_rng(1).normal(0, 18, frames.shape[:3]).astype(np.float32)
    return frames + np.stack([cv2.GaussianBlur(grain, (0, 0), 1) for grain in grains])[..., None]


def blurred(sigma: float) -> Damage:
    return lambda frames, masks: np.stack([cv2.GaussianBlur(frame, (0, 0), sigma) for frame in frames])


def without_seam(damage: Damage) -> Damage:
    """The damage with a membrane that removes the seam, as in a result."""

    def blended(frames: np.ndarray, masks: np.ndarray) -> np.ndarray:
        damaged = damage(frames, masks).astype(np.float32)
        return damaged + smooth_interpolation(frames - damaged, masks)

    return blended


DAMAGES: dict[str, Damage] = {
    "truth": lambda frames, masks: frames,
    "Telea, each frame by itself": lambda frames, masks: telea(frames.astype(np.uint8), masks).astype(np.float32),
    "frozen: the first frame's patch": lambda frames, masks: np.repeat(frames[:1], len(frames), 0),
    "shifted by 12 pixels": lambda frames, masks: np.roll(frames, 12, 2),
    "blurred, sigma 1": blurred(1),
    "blurred, sigma 2": blurred(2),
    "8 levels brighter": lambda frames, masks: frames + 8,
    "12 levels brighter from the middle on": brighter_second_half,
    "flickering, 4 levels": lambda frames, masks: (
        frames + np.random.default_rng(1).normal(0, 4, (len(frames), 1, 1, 1)).astype(np.float32)
    ),
    "temporal noise": noise,
    "torn halves, 8 pixels each": lambda frames, masks: torn_halves(frames, masks, 8),
    "ghost: two pictures 8 pixels apart": lambda frames, masks: 0.5 * frames + 0.5 * np.roll(frames, 8, 2),
}
DAMAGES |= {
    "shifted by 12 pixels, seam closed": without_seam(DAMAGES["shifted by 12 pixels"]),
    "torn halves, seam closed": without_seam(DAMAGES["torn halves, 8 pixels each"]),
    "ghost, seam closed": without_seam(DAMAGES["ghost: two pictures 8 pixels apart"]),
    "8 levels brighter, seam closed": without_seam(DAMAGES["8 levels brighter"]),
}


def measured(pixels: np.ndarray, masks: np.ndarray) -> dict[str, float]:
    """Amount of every fault of a result uint8 (T, H, W, 3)."""
    source = np.where(masks, np.uint8(Source.PROPAGATED), np.uint8(Source.ORIGINAL))
    canvas = Canvas(pixels.astype(np.float32) / np.float32(255), source)
    box, window = Box(0, 0, *masks.shape[:0:-1]), Window(0, 0, 0, len(pixels), 0, len(pixels))
    return log_ratios(Check()(canvas.pixels, masks, box, canvas, window).frames)


def with_moved_masks(kind: str, clips: Path, frames: int) -> Iterator[np.ndarray]:
    masks = masks_of(kind, clips, frames)
    yield masks
    x, y = SHIFTS[kind]
    yield np.roll(masks, (y, x), (1, 2))


def measure_damages(clips: Path, step: int) -> list[dict]:
    rows: list[dict] = []
    count = 0
    for clip in tqdm(CLIPS, unit="clip"):
        frames = load_clip(clips / f"{clip}.mp4", MAX_FRAMES)
        for start in range(0, len(frames) - LENGTH + 1, min(step, len(frames) // 3)):
            part = frames[start : start + LENGTH].astype(np.float32)
            for kind in KINDS:
                for masks in with_moved_masks(kind, clips, LENGTH):
                    count += 1
                    for name, damage in DAMAGES.items():
                        if count % DAMAGE_INTERVAL and name != "truth":
                            continue
                        result = part.copy()
                        result[masks] = np.clip(damage(part, masks)[masks] + 0.5, 0, 255)
                        row = {"clip": clip, "start": start, "masks": kind, "damage": name}
                        rows.append({**row, **measured(result.astype(np.uint8), masks)})
    return rows


def measure_ours(clips: Path) -> list[dict]:
    rows = []
    for clip in tqdm(CLIPS, unit="clip"):
        frames = load_clip(clips / f"{clip}.mp4", 2 * LENGTH)
        for kind in KINDS:
            masks = masks_of(kind, clips, len(frames))
            result = vidinpaint.inpaint(frames, masks)
            for start in (0, LENGTH):
                part = slice(start, start + LENGTH)
                decibel = mask_psnr(result[part], frames[part], masks[part])
                row = {"clip": clip, "start": start, "masks": kind, "db": round(decibel, 2)}
                rows.append({**row, **measured(result[part], masks[part])})
    return rows


def limits(rows: list[dict]) -> dict[str, dict[str, float]]:
    """Percentiles of the truth by fault."""
    truths = [row for row in rows if row["damage"] == "truth"]
    found = {}
    for name in FAULTS:
        values = [row[name] for row in truths if name in row]
        suspect, bad = np.percentile(values, [SUSPECT, BAD])
        found[name] = {"suspect": round(float(suspect), 3), "bad": round(float(bad), 3)}
    return found


def detected(rows: list[dict], bounds: dict[str, dict[str, float]], level: str) -> float:
    """Share of rows with any of the faults over its bound."""
    exceeded = [any(row.get(name, -math.inf) >= bound[level] for name, bound in bounds.items()) for row in rows]
    return round(float(np.mean(exceeded)), 3) if exceeded else 0.0


def detection_rates(rows: list[dict], bounds: dict[str, dict[str, float]]) -> dict[str, float]:
    """Share of rows that are suspect, that are bad, and that are suspect for each fault."""
    each = {name: detected(rows, {name: bound}, "suspect") for name, bound in bounds.items()}
    return {"suspect": detected(rows, bounds, "suspect"), "bad": detected(rows, bounds, "bad"), **each}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--step", type=int, default=40, help="frames from one window to the next")
    parser.add_argument("--ours", action="store_true", help="measure our own results too, window by window (slow)")
    options = parser.parse_args()
    clips = shared_folder(options.shared) / "data" / "clips"
    rows = measure_damages(clips, options.step)
    current = {name: {"suspect": math.log(fault.suspect), "bad": math.log(fault.bad)} for name, fault in FAULTS.items()}
    left_out = {
        clip: {
            level: detected(
                [row for row in rows if row["clip"] == clip and row["damage"] == "truth"],
                limits([row for row in rows if row["clip"] != clip]), level,
            )
            for level in ("suspect", "bad")
        }
        for clip in CLIPS
    }  # fmt: skip
    damages = {name: detection_rates([row for row in rows if row["damage"] == name], current) for name in DAMAGES}
    ours = measure_ours(clips) if options.ours else []
    result = {
        "windows": sum(row["damage"] == "truth" for row in rows),
        "percentiles": limits(rows),
        "limits": current,
        "truth_of_a_clip_left_out": left_out,
        "detected": damages,
        "ours": ours,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "check.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps({key: result[key] for key in ("windows", "percentiles", "truth_of_a_clip_left_out")}, indent=1))
    print(f"\n| inpainted with | suspect or bad | bad | {' | '.join(FAULTS)} |\n|{'---|' * (3 + len(FAULTS))}")
    for name, row in damages.items():
        print(f"| {name} | {' | '.join(f'{value:.0%}' for value in row.values())} |")


if __name__ == "__main__":
    main()
