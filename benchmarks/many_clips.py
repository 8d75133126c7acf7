"""A batch of 200 tiny clips, of which five are broken in different ways: 195 results, 5 errors, exit code 4.

python benchmarks/many_clips.py [--clips 200] [--workers 2]      writes benchmarks/results/many_clips.json
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.execution.batch.batches import QUICK, breakages, clips, events, listing  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in", Path(folder) / "out"
        clips(source, options.clips)
        manifest = listing(source, breakages(source, [options.clips * part // 11 for part in (1, 3, 5, 7, 9)]))
        command = [sys.executable, "-m", "vidinpaint", "batch", str(manifest), "-o", str(out), *QUICK,
                   "--workers", str(options.workers)]  # fmt: skip
        seconds, codes, messages = [], [], ""
        for _ in range(2):
            begin = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            seconds.append(round(time.perf_counter() - begin, 2))
            codes.append(done.returncode)
            messages = done.stderr
        rows = list(csv.DictReader((out / "summary.csv").read_text().splitlines()))
        result = {
            "clips": options.clips,
            "workers": options.workers,
            "load": os.getloadavg()[0],
            "seconds": {"first": seconds[0], "again": seconds[1]},
            "exit_codes": codes,
            "results": len(list(out.glob("*.mp4"))),
            "inpainted_again": len(events(out, "inpainted")) - sum(int(row["windows"]) for row in rows),
            "status": Counter(row["status"] for row in rows),
            "failed": [
                line.strip().replace(str(source), "in") for line in messages.splitlines() if line.startswith("  ")
            ],
        }
    print(json.dumps(result, indent=2))
    (ROOT / "benchmarks" / "results" / "many_clips.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
