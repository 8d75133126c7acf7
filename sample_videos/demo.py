"""Runs vidinpaint on the three sample clips, says in words how well it went, and draws a picture: `make demo`.

    python demo.py FOLDER

Writes FOLDER/garden.mp4, flight.mp4 and lake.mp4 without the marked things, and FOLDER/before_after.jpg.
"""

import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import vidinpaint
from vidinpaint.core.progress import Bar
from vidinpaint.core.report import Report
from vidinpaint.video.array_writer import rgb8
from vidinpaint.video.readers import open_reader

HERE = Path(__file__).parent
CLOSE_TO_THE_TRUTH = (
    (29.0, "very close to"),
    (25.0, "close to"),
    (0.0, "plausible, but different in detail from"),
)
"""From so many dB under the mask on, the words for it."""
ABOUT_THE_CHECK = (
    "The automatic check does not know the truth. It compares what is under the mask with what is around it. "
    "'To look at' is a request, not a fault; fine texture and moving water often cause it."
)


@dataclass(frozen=True)
class Sample:
    """A sample clip.

    masks     file or folder beside it
    subject   what is removed, with its verb
    look      what a careful viewer will notice in the result
    picture   number of the frame that the picture shows
    """

    name: str
    masks: str
    subject: str
    look: str
    picture: int


SAMPLES = (
    Sample(
        "garden", "garden_mask", "A beach ball and its shadow were",
        "In the first and last quarter of a second, the place of the ball at the picture's edge is blurred.", 30,
    ),
    Sample(
        "flight", "flight_mask.png", "A half-transparent station logo was",
        "Enlarged, a few details of the meadow behind the logo are softer than in the original.", 40,
    ),
    Sample(
        "lake", "lake_mask.mp4", "Two subtitles were",
        "Enlarged, the ripples where the text was are softer than those around; no letter can be read.", 20,
    ),
)  # fmt: skip


def frame(path: Path, number: int) -> np.ndarray:
    """uint8 (H, W, 3) RGB."""
    with open_reader(path) as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        return rgb8(reader.read(pts, number, number + 1))[0]


def explain(sample: Sample, report: Report, psnr: float) -> list[str]:
    """Sentences about one result; `psnr` is in dB, under the mask, against the clip without the thing."""
    words = next(words for limit, words in CLOSE_TO_THE_TRUTH if psnr >= limit)
    propagated, synthesised = (report.share.get(source, 0.0) for source in ("propagated", "synthesised"))
    return [
        f"{sample.subject} removed in {report.total_seconds:.0f} seconds. Of the pixels under the mask, "
        f"{propagated:.0%} come from other frames of the clip and {synthesised:.0%} are synthesised.",
        f"The result is {words} the true background: {psnr:.1f} dB, which is a typical error of "
        f"{255 / 10 ** (psnr / 20):.0f} of 255 grey levels. {sample.look}",
        f"Automatic check: {report.verdicts()}.",
        *(f"Its reason: {line}." for verdict in ("suspect", "bad") for line in report.findings(verdict)),
        f"Result: {report.output}",
    ]


def say(*lines: str) -> None:
    """Write lines of at most 100 characters to standard output, at once."""
    for line in lines:
        sys.stdout.write(textwrap.fill(line, 100, subsequent_indent="  ", break_long_words=False) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = []
    for sample in SAMPLES:
        clip, masks, result = HERE / f"{sample.name}.mp4", HERE / sample.masks, folder / f"{sample.name}.mp4"
        say("", f"vidinpaint inpaint {clip.name} --mask {masks.name} -o {result}")
        report = vidinpaint.inpaint(clip, masks, result, overwrite=True, progress=Bar())
        measured = vidinpaint.evaluate(result, HERE / f"{sample.name}_truth.mp4", masks)
        assert measured.psnr_mask is not None  # every sample has a mask
        say(*explain(sample, report, measured.psnr_mask))
        columns.append(np.concatenate([frame(clip, sample.picture), frame(result, sample.picture)]))
    picture = folder / "before_after.jpg"
    sheet = np.concatenate(columns, 1)
    cv2.imwrite(str(picture), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    say(
        "",
        ABOUT_THE_CHECK,
        "",
        f"All three clips are finished. Play them from {folder}/, or open the picture with the clips",
    )
    say(f"before (above) and after (below): {picture}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
