"""Time of a whole run relative to a plain transcode of the same clip, for a small logo on a large frame.

    python benchmarks/speed.py [--shared ../shared] [--rounds 3]

Both run as separate processes, in turn; ratios are medians. The plain transcode is libx264 medium, crf 16, without
audio. The moving clip is a camera that moves over an enlarged frame of a real clip, with grain. Writes
benchmarks/results/speed.json.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from cases import shared_folder

RESULTS = Path(__file__).parent / "results"
LOGO = "1040,40,190,97"  # 2 % of 1280 x 720


def transcode(source: str, target: str) -> None:
    """Decode and encode, nothing else."""
    with av.open(source) as reader, av.open(target, "w") as writer:
        video = reader.streams.video[0]
        video.thread_type = "AUTO"
        stream = writer.add_stream("libx264", rate=video.average_rate, options={"crf": "16", "preset": "medium"})
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        stream.time_base = video.time_base
        for frame in reader.decode(video):
            frame.pict_type = av.video.frame.PictureType.NONE
            writer.mux(stream.encode(frame))
        writer.mux(stream.encode(None))


def moving_clip(source: Path, target: Path, frames: int = 120) -> None:
    """1280 x 720: a camera over a still image, 3 to 5 pixels per frame, with grain."""
    with av.open(str(source)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    world = cv2.resize(picture, (2000, 1125), interpolation=cv2.INTER_CUBIC)
    random = np.random.default_rng(0)
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(25), options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for t in range(frames):
            shift = np.array([[1, 0, 4.3 * t], [0, 1, 200 + 60 * np.sin(t / 20)]], np.float32)
            view = cv2.warpAffine(world, shift, (1280, 720), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
            view = np.clip(view + random.normal(0, 2, view.shape), 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(view, format="rgb24")))
        container.mux(stream.encode(None))


def seconds(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--transcode", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.transcode:
        transcode(*options.transcode)
        return
    clips = shared_folder(options.shared) / "data" / "clips"
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        moving = Path(folder) / "moving.mp4"
        moving_clip(clips / "cups.mp4", moving)
        for name, clip in (("static camera", clips / "coffee.mp4"), ("moving camera", moving)):
            target = str(Path(folder) / "out.mp4")
            plain = [sys.executable, __file__, "--transcode", str(clip), target]
            ours = [
                sys.executable,
                "-m",
                "vidinpaint",
                "inpaint",
                str(clip),
                "--mask",
                LOGO,
                "-o",
                target,
                "--overwrite",
            ]
            seconds(ours)  # compiles the kernels
            pairs = [(seconds(plain), seconds(ours)) for _ in range(options.rounds)]
            plain_seconds, our_seconds = (statistics.median(column) for column in zip(*pairs))
            ratio = statistics.median(b / a for a, b in pairs)
            results[name] = {
                "plain": round(plain_seconds, 2),
                "vidinpaint": round(our_seconds, 2),
                "ratio": round(ratio, 2),
            }
            print(f"{name}: plain transcode {plain_seconds:.2f} s, vidinpaint {our_seconds:.2f} s, ratio {ratio:.2f}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
