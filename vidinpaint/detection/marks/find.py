"""`find_marks`: the marks of a clip, with their masks and the frames that show them."""

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.detection import Detection, trimmed
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.marks.border import Border, frame_border
from vidinpaint.detection.marks.candidates import (
    MAX_STAYS,
    MAX_STAYS_SHORTLY,
    MAX_STILL_MOVING,
    SIGNIFICANCE,
    Candidate,
    around,
    follows,
    moving_candidates,
    of_scene,
    stands_still,
    still_candidates,
)
from vidinpaint.detection.marks.outline import outline
from vidinpaint.detection.marks.passing import passing_candidates
from vidinpaint.detection.marks.presence import Pattern, exact_frames, present_samples, shares_of
from vidinpaint.detection.marks.repeats import completed, elsewhere
from vidinpaint.detection.marks.sampling import Samples, take_samples
from vidinpaint.detection.marks.statistics import OUTLINING, BlockStatistics

MIN_FRAMES = 12  # fewer say nothing about what stands still
MIN_BLOCKS = 4  # over which something can be seen to move
SHORT_SIGNIFICANCE = 9.0  # standard errors, in a part of the clip, where what moves slowly seems to stand still
SHORT_STILL_SIGNIFICANCE = 14.0  # standard errors, the same where part of the frame stands still
WHOLE = 0.9  # of the clip; a mark that is seen for less may be elsewhere in the rest of the time
MAX_REPEATED = 3  # marks that are looked for elsewhere
CERTAIN = 20.0  # standard errors, of full confidence; what was found wrongly while tuning had mostly under 11
MARGIN = 12  # pixels of the clip around the edges that were found, for faint ones and for the halo
DETAIL = 40  # frames from which the mask is made at full size
PARTS = 8  # of these frames, for the error of their mean


def find_marks(footage: Footage) -> list[Detection]:
    """Logos and watermarks in the order in which they appear; an empty list if there are none."""
    if len(footage) < MIN_FRAMES:
        return []
    samples = take_samples(footage)
    blocks = BlockStatistics(samples)
    border = frame_border(samples.grey)
    found: list[Detection] = []
    partly: list[tuple[Candidate, int]] = []
    for stretch, candidate in _candidates(samples, blocks, border):
        if not any(_same_place(candidate.box, one.box, samples.factor) for one in found):
            detections = _detections(footage, samples, blocks, border, stretch, candidate)
            partly += [(candidate, one.start) for one in detections if one.stop - one.start < WHOLE * len(footage)]
            found += detections
    for candidate, start in sorted(partly, key=lambda one: -one[0].edges.sum())[:MAX_REPEATED]:
        at_place = [one for one in found if _same_place(candidate.box, one.box, samples.factor)]
        original = next((one for one in at_place if one.start == start), None)
        if original is None:
            continue
        for stretch, other in elsewhere(candidate, blocks, _blocks_of(samples, original)):
            known = [one for one in found if _same_place(other.box, one.box, samples.factor)]
            new = [] if known else _detections(footage, samples, blocks, border, stretch, other)
            shift = samples.factor * (other.box.x - candidate.box.x), samples.factor * (other.box.y - candidate.box.y)
            found = [one for one in found if not any(one is old for old in known)]
            found += [completed(one, original, shift, footage.height, footage.width) for one in known + new]
    return sorted(found, key=lambda one: (one.start, one.box))


def _blocks_of(samples: Samples, mark: Detection) -> np.ndarray:
    """bool (B,): the blocks of samples in which a mark is seen."""
    shown = (samples.frames >= mark.start) & (samples.frames < mark.stop)
    return np.array([shown[start:stop].any() for start, stop in samples.blocks])


def _candidates(samples: Samples, blocks: BlockStatistics, border: Border) -> Iterator[tuple[np.ndarray, Candidate]]:
    """Candidates and the blocks that they were found in, the surest first."""
    for first, last in pairwise((*sorted(samples.cuts | {0}), len(samples.frames))):
        shot = np.array([first <= start < last for start, _ in samples.blocks])
        if shot.sum() >= MIN_BLOCKS and stands_still(blocks.over(shot)):
            for candidate in passing_candidates(samples.grey[first:last], border):
                yield shot, candidate
    for stretch in _stretches(len(blocks)):
        gradients = blocks.over(stretch)
        short = SHORT_STILL_SIGNIFICANCE if stands_still(gradients, limit=MAX_STILL_MOVING) else SHORT_SIGNIFICANCE
        least = SIGNIFICANCE if stretch.all() else short
        for candidate in moving_candidates(gradients, border, least):
            yield stretch, candidate
        if stands_still(gradients):
            most = MAX_STAYS if stretch.all() else MAX_STAYS_SHORTLY
            tremor_least = SIGNIFICANCE if stretch.all() else SHORT_SIGNIFICANCE
            for candidate in still_candidates(gradients, blocks.tremor(stretch), border, tremor_least, most):
                yield stretch, candidate


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
    footage: Footage,
    samples: Samples,
    blocks: BlockStatistics,
    border: Border,
    stretch: np.ndarray,
    candidate: Candidate,
) -> list[Detection]:
    shown = stretch
    for _ in range(2):
        pattern = Pattern(candidate.box, blocks.over(shown), candidate.edges)
        shares = shares_of(samples, pattern, candidate.edges)
        shown = np.array([np.mean(shares[start:stop]) > 0.5 for start, stop in samples.blocks])
        trembles = candidate.still and not candidate.passed and follows(blocks.tremor(shown), candidate)
        if shown.sum() < 2 or trembles:
            return []
    times = [exact_frames(footage, samples, pattern, shares, found) for found in present_samples(shares)]
    if not times:
        return []
    scene = around(candidate, border.near.shape) & border.near
    if candidate.still:
        scene = around(candidate, scene.shape)
        if not candidate.passed:
            scene |= of_scene(blocks.tremor(shown))
    box, mask = _mask(footage, samples, candidate, times, scene)
    confidence = float(np.clip(candidate.certainty / CERTAIN, 0.5, 1))
    return [Detection("mark", start, stop, box, mask, confidence) for start, stop in times]


def _mask(
    footage: Footage, samples: Samples, candidate: Candidate, times: list[tuple[int, int]], scene: np.ndarray
) -> tuple[Box, np.ndarray]:
    """The box and the mask of a mark at full size, from frames that show it.

    scene  bool (h, w), of the size of the samples: edges that do not belong to it
    """
    factor, box = samples.factor, candidate.box
    full = Box(box.x * factor, box.y * factor, box.width * factor, box.height * factor)
    margin = max(MARGIN, min(full.width, full.height))
    wide = full.expanded(margin, margin, footage.width, footage.height)
    shown = [samples.frames[(samples.frames >= start) & (samples.frames < stop)] for start, stop in times]
    frames = np.concatenate(shown)
    frames = frames[np.unique(np.linspace(0, len(frames) - 1, DETAIL).round().astype(int))]
    grey = np.stack([footage.grey(int(frame), int(frame) + 1)[0][wide.slices] for frame in frames])
    parts = tuple((int(p[0]), int(p[-1]) + 1) for p in np.array_split(np.arange(len(frames)), PARTS) if p.size)
    gradients = BlockStatistics(Samples(frames, grey, parts, 1), OUTLINING).over(np.ones(len(parts), bool))
    certain = np.zeros((wide.height, wide.width), bool)
    edges = candidate.edges.repeat(factor, 0).repeat(factor, 1)
    certain[full.y - wide.y :, full.x - wide.x :][: edges.shape[0], : edges.shape[1]] = edges
    scene = cv2.resize(scene.view(np.uint8), (footage.width, footage.height), interpolation=cv2.INTER_NEAREST) > 0
    return trimmed(wide, outline(gradients, certain, scene[wide.slices]))
