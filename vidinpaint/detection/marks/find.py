"""`find_marks`: the marks of a clip, with their masks and the frames that show them."""

from collections.abc import Iterator

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.marks.border import frame_border
from vidinpaint.detection.marks.candidates import SIGNIFICANCE, Candidate, find_candidates
from vidinpaint.detection.marks.outline import outline
from vidinpaint.detection.marks.presence import Pattern, exact_frames, present_samples, shares_of
from vidinpaint.detection.marks.sampling import Samples, take_samples
from vidinpaint.detection.marks.statistics import OUTLINING, BlockGradients

MIN_FRAMES = 12  # fewer say nothing about what stands still
MIN_BLOCKS = 4  # over which something can be seen to move
SHORT_SIGNIFICANCE = 9.0  # standard errors, in a part of the clip, where what moves slowly seems to stand still
MARGIN = 12  # pixels of the clip around the edges that were found, for faint ones and for the halo
DETAIL = 40  # frames from which the mask is made at full size
PARTS = 8  # of these frames, for the error of their mean


def find_marks(footage: Footage) -> list[Detection]:
    """Logos and watermarks in the order in which they appear; an empty list if there are none."""
    if len(footage) < MIN_FRAMES:
        return []
    samples = take_samples(footage)
    blocks = BlockGradients(samples)
    border = frame_border(samples.grey)
    found: list[Detection] = []
    for stretch in _stretches(len(blocks)):
        least = SIGNIFICANCE if stretch.all() else SHORT_SIGNIFICANCE
        for candidate in find_candidates(blocks.over(stretch), border, least):
            if not any(_same_place(candidate.box, one.box, samples.factor) for one in found):
                found += _detections(footage, samples, blocks, stretch, candidate)
    return sorted(found, key=lambda one: (one.start, one.box))


def _stretches(count: int) -> Iterator[np.ndarray]:
    """The whole clip, then halves and quarters of it that overlap by half: a mark may be there for a while only."""
    yield np.ones(count, bool)
    for parts in (2, 4):
        length = -(-count // parts)
        if length >= MIN_BLOCKS:
            for start in np.linspace(0, count - length, 2 * parts - 1).round().astype(int).tolist():
                stretch = np.zeros(count, bool)
                stretch[start : start + length] = True
                yield stretch


def _same_place(box: Box, other: Box, factor: int) -> bool:
    """Whether a box of the samples and one of the clip have most of the smaller one in common."""
    x, y, right, bottom = (n * factor for n in (box.x, box.y, box.x + box.width, box.y + box.height))
    width = min(right, other.x + other.width) - max(x, other.x)
    height = min(bottom, other.y + other.height) - max(y, other.y)
    return width > 0 and height > 0 and 2 * width * height > min((right - x) * (bottom - y), other.area)


def _detections(
    footage: Footage, samples: Samples, blocks: BlockGradients, stretch: np.ndarray, candidate: Candidate
) -> list[Detection]:
    shown = stretch
    for _ in range(2):
        pattern = Pattern(candidate.box, blocks.over(shown), candidate.edges)
        shares = shares_of(samples, pattern, candidate.edges)
        shown = np.array([np.mean(shares[start:stop]) > 0.5 for start, stop in samples.blocks])
        if shown.sum() < 2:
            return []
    times = [exact_frames(footage, samples, pattern, shares, found) for found in present_samples(shares)]
    if not times:
        return []
    box, mask = _mask(footage, samples, candidate, times)
    confidence = float(np.clip(candidate.certainty / 20, 0.5, 1))
    return [Detection("mark", start, stop, box, mask, confidence) for start, stop in times]


def _mask(
    footage: Footage, samples: Samples, candidate: Candidate, times: list[tuple[int, int]]
) -> tuple[Box, np.ndarray]:
    """The box and the mask of a mark at full size, from frames that show it."""
    factor, box = samples.factor, candidate.box
    full = Box(box.x * factor, box.y * factor, box.width * factor, box.height * factor)
    wide = full.expanded(MARGIN, MARGIN, footage.width, footage.height)
    frames = np.concatenate(
        [samples.frames[(samples.frames >= start) & (samples.frames < stop)] for start, stop in times]
    )
    frames = frames[np.unique(np.linspace(0, len(frames) - 1, DETAIL).round().astype(int))]
    grey = np.stack([footage.grey(int(frame), int(frame) + 1)[0][wide.slices] for frame in frames])
    parts = tuple((int(p[0]), int(p[-1]) + 1) for p in np.array_split(np.arange(len(frames)), PARTS) if p.size)
    gradients = BlockGradients(Samples(frames, grey, parts, 1), OUTLINING).over(np.ones(len(parts), bool))
    certain = np.zeros((wide.height, wide.width), bool)
    edges = candidate.edges.repeat(factor, 0).repeat(factor, 1)
    certain[full.y - wide.y :, full.x - wide.x :][: edges.shape[0], : edges.shape[1]] = edges
    return _cropped(wide, outline(gradients, certain))


def _cropped(box: Box, mask: np.ndarray) -> tuple[Box, np.ndarray]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, left = int(rows[0]), int(columns[0])
    mask = mask[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    return Box(box.x + left, box.y + top, mask.shape[1], mask.shape[0]), mask
