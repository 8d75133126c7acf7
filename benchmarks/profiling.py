"""Profiles one run without threads, by stage and by function, as a Markdown page.

    python benchmarks/profiling.py [--shared ../shared] [--clip tennis] [--masks moving] [--frames 40]

Writes benchmarks/results/profile.md. Kernels are compiled before. Profiling slows small functions down.
"""

import argparse
import cProfile
import json
import pstats
import tempfile
from pathlib import Path

from cases import HEIGHT, WIDTH, load_clip, masks_of, shared_folder

import vidinpaint

RESULTS = Path(__file__).parent / "results"
MAX_FUNCTIONS = 30


def functions(profile: cProfile.Profile) -> list[str]:
    """Table rows of the functions with the most own time: seconds, calls, file, name."""
    rows = []
    for (path, _, name), (_, calls, own, total, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if "vidinpaint" in path or path == "~":
            place = path.rpartition("vidinpaint/")[2] if path != "~" else ""
            rows.append((own, total, calls, place, name.replace("|", " ")))
    rows.sort(reverse=True)
    return [
        f"| {own:.2f} | {total:.2f} | {calls} | {place} | `{name}` |"
        for own, total, calls, place, name in rows[:MAX_FUNCTIONS]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--clip", default="tennis")
    parser.add_argument("--masks", default="moving")
    parser.add_argument("--frames", type=int, default=40)
    options = parser.parse_args()
    clips = shared_folder(options.shared) / "data" / "clips"
    frames = load_clip(clips / f"{options.clip}.mp4", options.frames)
    masks = masks_of(options.masks, clips, len(frames))
    vidinpaint.inpaint(frames[:12], masks[:12], runner="serial")
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        profile.enable()
        vidinpaint.inpaint(frames, masks, runner="serial", report=path)
        profile.disable()
        report = json.loads(path.read_text())
    lines = [
        f"# Profile: {options.clip}, {options.masks} masks, {len(frames)} frames of {WIDTH} x {HEIGHT}",
        "",
        f"{report['total_seconds']:.1f} s in total, one window after the other, with the profiler running.",
        "",
        "| stage | seconds |",
        "|---|---|",
        *(f"| {name} | {seconds:.2f} |" for name, seconds in report["seconds"].items()),
        "",
        "| own seconds | cumulative seconds | calls | file | function |",
        "|---|---|---|---|---|",
        *functions(profile),
    ]
    (RESULTS / "profile.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
