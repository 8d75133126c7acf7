"""Runs vidinpaint on the three sample clips and explains the results in plain words: `make demo`.

    python demo.py FOLDER

Writes FOLDER/garden.mp4, flight.mp4 and lake.mp4 without the ball, the logo and the subtitles, and
FOLDER/before_after.jpg. The ball has a mask; the logo and the subtitles are found.
"""

import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import vidinpaint
from vidinpaint.core.progress import ProgressBar
from vidinpaint.core.report import Report
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.readers import open_reader

HERE = Path(__file__).parent
CLOSENESS = (
    (29.0, "very close to"),
    (25.0, "close to"),
    (0.0, "plausible, but different in detail from"),
)
"""Lowest PSNR under the mask, in dB, and the words for it."""
ABOUT_THE_CHECK = (
    "The automatic check works without the true background: it compares the inpainted area with the area around it. "
    "'To look at' asks you to watch these frames; it does not mean that they are wrong. Fine texture and moving "
    "water often cause it."
)


@dataclass(frozen=True)
class Sample:
    """A sample clip.

    masks     file or folder beside the clip: what is removed
    pipeline  the one that removes it; watermark_removal is not given the masks, and finds marks and text itself
    subject   what is removed, with its verb
    visible   what a careful viewer will notice in the result
    frame     index of the frame that before_after.jpg shows
    """

    name: str
    masks: str
    pipeline: str
    subject: str
    visible: str
    frame: int


SAMPLES = (
    Sample(
        "garden", "garden_mask", "object_removal", "A beach ball and its shadow were",
        "In the first and last quarter of a second, the area where the ball was is blurred.", 30,
    ),
    Sample(
        "flight", "flight_mask.png", "watermark_removal", "A half-transparent station logo was",
        "Enlarged, a few details of the meadow behind the logo are softer than in the original.", 40,
    ),
    Sample(
        "lake", "lake_mask.mp4", "watermark_removal", "Two subtitles were",
        "Enlarged, the ripples where the text was are softer than those around; no letter can be read.", 20,
    ),
)  # fmt: skip


def read_frame(path: Path, index: int) -> np.ndarray:
    """One frame, uint8 (H, W, 3) RGB."""
    with open_reader(path) as reader:
        pts = np.array([scanned.pts for scanned in reader.scan()], np.int64)
        return rgb8(reader.read(pts, index, index + 1))[0]


def explain(sample: Sample, report: Report, psnr: float) -> list[str]:
    """Sentences about one result; `psnr` is in dB, under the mask, against the true background."""
    closeness = next(words for limit, words in CLOSENESS if psnr >= limit)
    sources = ("propagated", "unblended", "synthesised")
    propagated, unblended, synthesised = (report.share.get(source, 0.0) for source in sources)
    return [
        f"{sample.subject} removed in {report.total_seconds:.0f} seconds. Of the pixels under the mask, "
        f"{propagated:.0%} come from other frames of the clip, {unblended:.0%} are mostly un-blended and "
        f"{synthesised:.0%} are synthesised.",
        f"The result is {closeness} the true background: {psnr:.1f} dB, a typical error of "
        f"{255 / 10 ** (psnr / 20):.0f} of 255 grey levels. {sample.visible}",
        f"Automatic check: {report.verdicts()}.",
        *(f"Reason: {line}." for verdict in ("suspect", "bad") for line in report.findings(verdict)),
        f"Result: {report.output}",
    ]


def write(*lines: str) -> None:
    """Write lines of at most 100 characters to standard output, without delay."""
    for line in lines:
        sys.stdout.write(textwrap.fill(line, 100, subsequent_indent="  ", break_long_words=False) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = []
    for sample in SAMPLES:
        clip, masks, result = HERE / f"{sample.name}.mp4", HERE / sample.masks, folder / f"{sample.name}.mp4"
        finds = sample.pipeline == "watermark_removal"
        options = f"--pipeline {sample.pipeline}" if finds else f"--mask {masks.name}"
        write("", f"vidinpaint inpaint {clip.name} {options} -o {result}")
        report = vidinpaint.inpaint(
            clip, None if finds else masks, output=result, pipeline=sample.pipeline, overwrite=True,
            progress=ProgressBar(),
        )  # fmt: skip
        measured = vidinpaint.evaluate(result, HERE / f"{sample.name}_truth.mp4", masks)
        assert measured.psnr_masked is not None  # every sample has a mask
        write(*explain(sample, report, measured.psnr_masked))
        columns.append(np.concatenate([read_frame(clip, sample.frame), read_frame(result, sample.frame)]))
    sheet_file = folder / "before_after.jpg"
    sheet = np.concatenate(columns, 1)
    cv2.imwrite(str(sheet_file), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    write(
        "",
        ABOUT_THE_CHECK,
        "",
        f"All three clips are finished. Play them from {folder}/, or open the picture with the clips",
    )
    write(f"before (above) and after (below): {sheet_file}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
