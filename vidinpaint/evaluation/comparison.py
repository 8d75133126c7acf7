"""`compare`: evaluates an output against its truth, both read frame by frame."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vidinpaint.core.progress import Progress, SilentProgress
from vidinpaint.evaluation.evaluation import Evaluation
from vidinpaint.evaluation.metrics import evaluate
from vidinpaint.masks.masks import Masks, open_masks
from vidinpaint.masks.specs import MaskLike, mask_specs
from vidinpaint.video.array_writer import rgb8
from vidinpaint.video.mask_video import MaskVideo
from vidinpaint.video.readers import Reader, open_reader


def compare(
    output: str | Path | np.ndarray,
    truth: str | Path | np.ndarray,
    mask: MaskLike,
    *,
    resize: bool = False,
    grow: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """See `vidinpaint.api.evaluate`."""
    progress = progress or SilentProgress()
    specs = mask_specs(mask)
    with open_reader(output) as output_reader, open_reader(truth) as truth_reader:
        progress.begin("scan", None)
        output_pts, truth_pts = _pts(output_reader, progress), _pts(truth_reader, progress)
        info = truth_reader.info
        clip = info.width, info.height, truth_pts, info.time_base
        masks = open_masks(specs, *clip, grow=grow, resize=resize, read_video=MaskVideo)
        progress.begin("evaluate", len(truth_pts))
        try:
            truth_frames = _frames(truth_reader, truth_pts, progress)
            return evaluate(_frames(output_reader, output_pts), truth_frames, _masks(masks))
        finally:
            progress.end()


def _pts(reader: Reader, progress: Progress) -> np.ndarray:
    pts = []
    for scanned in reader.scan(height=8):
        progress.advance(1)
        pts.append(scanned.pts)
    return np.array(pts, np.int64)


def _frames(reader: Reader, pts: np.ndarray, progress: Progress | None = None) -> Iterator[np.ndarray]:
    for t in range(len(pts)):
        yield rgb8(reader.read(pts, t, t + 1))[0]
        if progress:
            progress.advance(1)


def _masks(masks: Masks) -> Iterator[np.ndarray]:
    for t in range(len(masks)):
        yield masks.read(t, t + 1)[0]
