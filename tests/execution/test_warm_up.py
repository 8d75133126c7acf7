"""After `warm_up`, the default pipeline compiles nothing more, in this process or another."""

import os
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "sample_videos"
COUNTED = """
from numba.core import event
count = 0
class Counter(event.Listener):
    def on_start(self, event):
        global count
        count += 1
    def on_end(self, event): ...
event.register("numba:compile", Counter())
"""


def _compiled(code: str, cache: Path) -> int:
    """The number of functions that a process compiles which runs this code."""
    code = f"{COUNTED}\n{code}\nprint(count)"
    variables = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def test_nothing_is_left_to_compile_after_warming_up(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert _compiled("from vidinpaint.execution.warm_up import warm_up; warm_up()", cache) > 30
    for clip, mask in (
        ("flight.mp4", "flight_mask.png"),
        ("garden.mp4", "garden_mask"),
        ("lake.mp4", "lake_mask.mp4"),
    ):
        given = f"{str(SAMPLES / clip)!r}, {str(SAMPLES / mask)!r}, {str(tmp_path / clip)!r}, end=0.6"
        assert _compiled(f"from vidinpaint import inpaint; inpaint({given})", cache) == 0
    assert _compiled("from vidinpaint.execution.warm_up import warm_up; warm_up()", cache) == 0
