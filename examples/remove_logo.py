"""Removes a logo from a sample clip and prints the summary of the run.

python examples/remove_logo.py [OUTPUT]
"""

import sys
from pathlib import Path

import vidinpaint

SAMPLES = Path(__file__).parents[1] / "sample_videos"


def main(output: Path) -> None:
    report = vidinpaint.inpaint(
        SAMPLES / "flight.mp4",
        SAMPLES / "flight_mask.png",
        output,
        config="preview",  # "balanced" is the default, "best" is slower and better
        overwrite=True,
    )
    sys.stdout.write(f"{report.summary()}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "flight_clean.mp4"))
