"""How much longer the first run on a machine takes than the second because of compilation.

Runs the default pipeline on a sample twice, each time in a new process; the cache of compiled code is empty before the
first run. Usage: python benchmarks/first_run.py [flight garden lake]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

SAMPLES = Path(__file__).parent.parent / "sample_videos"
MASKS = {"flight": "flight_mask.png", "garden": "garden_mask", "lake": "lake_mask.mp4"}


def main(names: list[str]) -> None:
    """Print the elapsed seconds and the processor seconds of both runs for each sample."""
    print("sample   first run  second run  difference  ratio   processor: first  second  difference")
    for name in names or list(MASKS):
        with tempfile.TemporaryDirectory() as folder:
            (first, first_cpu), (second, second_cpu) = (run(name, Path(folder)) for _ in range(2))
        times = f"{first:9.1f}  {second:10.1f}  {first - second:10.1f}  {first / second:5.1f}"
        print(f"{name:7}  {times}  {first_cpu:16.1f}  {second_cpu:6.1f}  {first_cpu - second_cpu:10.1f}", flush=True)
    print("load average:", *(f"{load:.1f}" for load in os.getloadavg()))


def run(name: str, folder: Path) -> tuple[float, float]:
    """Elapsed seconds and processor seconds of one run in a new process."""
    clip, mask, output = SAMPLES / f"{name}.mp4", SAMPLES / MASKS[name], folder / "result.mp4"
    command = [sys.executable, "-m", "vidinpaint", "inpaint", clip, "--mask", mask, "-o", output, "--overwrite"]
    variables = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")}
    start, before = perf_counter(), os.times()
    subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    seconds, after = perf_counter() - start, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


if __name__ == "__main__":
    main(sys.argv[1:])
