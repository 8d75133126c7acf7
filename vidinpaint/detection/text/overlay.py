"""`is_overlay`: whether a line of text was laid over the footage, or belongs to the scene.

Text of the scene moves with the camera; text laid over it does not, while what is behind it may move. On a still camera
motion says nothing: then text counts as laid over the scene if it appears or goes while the picture around it remains,
if it stays across a cut, or if it is where subtitles are. Text that is there for the whole clip is a subtitle only
there: elsewhere it is a sign, a score board or the name of a channel.
"""

import numpy as np

from vidinpaint.core.window import Box
from vidinpaint.detection.footage import Footage
from vidinpaint.detection.text.activity import continues
from vidinpaint.detection.text.looks import Look
from vidinpaint.detection.text.statistics import LineStatistics

MOVED = 0.25
"""Pixels from which text moves. Measured: laid over, at most 0.12 after compression; on signs before a hand-held
camera, 0.4 and more."""
SEEN = 0.3  # visibility from which a frame tells where the text is
MOVES = 3.0  # times that the background varies more than the strokes, from which it moves behind them
REMAINS = 3.0  # times that the strokes change more than the background, from which only they appear or go
BRIEF = 0.2  # seconds, shorter than any text that can be read
CENTRED = 0.12  # of the width, by which the middle of a subtitle lies beside that of the frame at most
LOWER = 0.68  # of the height: the middle of a subtitle is further down


def is_overlay(
    look: Look,
    statistics: LineStatistics,
    strokes: np.ndarray,
    background: np.ndarray,
    shown: tuple[int, int],
    visibility: np.ndarray,
    activity: np.ndarray,
    footage: Footage,
) -> bool:
    """Whether a line is laid over the footage.

    strokes, background  bool (h, w): its pixels, and those around it, in the look
    shown                the frames that show it, start:stop
    visibility           as `timed` returns it
    activity             as `look_at` returns it
    """
    start, stop = shown
    whole = start == 0 and stop == len(footage)
    if not whole and seconds(footage, start, stop) < BRIEF:
        return False
    if motion(look, statistics.level, strokes, shown, visibility) > MOVED:
        return False
    if whole:
        return is_placed(look.track.box, footage)
    if any(start < cut < stop for cut, _ in footage.shots):
        return True
    if _moves_behind(statistics, strokes, background) or _comes_or_goes(statistics, strokes, background, activity):
        return True
    return shown in footage.shots and is_placed(look.track.box, footage)


def seconds(footage: Footage, start: int, stop: int) -> float:
    """How long the frames start:stop last, without the last one."""
    return float(footage.times[stop - 1] - footage.times[start])


def is_placed(box: Box, footage: Footage) -> bool:
    """Whether a line is where subtitles are: near the middle, low in the frame."""
    x, y = (box.x + box.width / 2) / footage.width, (box.y + box.height / 2) / footage.height
    return abs(x - 0.5) < CENTRED and y > LOWER


def motion(look: Look, level: np.ndarray, strokes: np.ndarray, shown: tuple[int, int], visibility: np.ndarray) -> float:
    """Pixels by which the strokes move while they are seen: the 90th percentile over the frames.

    The displacement in each frame is the least-squares one to first order (Lucas and Kanade, "An Iterative Image
    Registration Technique", IJCAI 1981).
    """
    near = strokes  # pixels at which the gradient is that of the text
    dy, dx = (gradient[near] for gradient in np.gradient(level))
    normal = np.array([[dx @ dx, dx @ dy], [dx @ dy, dy @ dy]], np.float64)
    if np.linalg.cond(normal) > 1e4:
        return 0.0
    seen = (look.frames >= shown[0] - 2) & (look.frames < shown[1] + 2) & (visibility > SEEN)
    difference = level[near] - look.grey[seen][:, near].astype(np.float32)
    difference -= difference.mean(1, keepdims=True)
    moved = np.linalg.solve(normal, np.stack((difference @ dx, difference @ dy)))
    return float(np.quantile(np.hypot(*moved), 0.9))


def _moves_behind(statistics: LineStatistics, strokes: np.ndarray, background: np.ndarray) -> bool:
    if statistics.deviation is None:
        return False
    steady, moving = (float(np.median(statistics.deviation[part])) for part in (strokes, background))
    return moving > MOVES * steady + 2


def _comes_or_goes(
    statistics: LineStatistics, strokes: np.ndarray, background: np.ndarray, activity: np.ndarray
) -> bool:
    return any(
        float(np.median(change[strokes])) > REMAINS * float(np.median(change[background])) + 3
        and continues(activity, moment)
        for change, moment in zip(statistics.changes, statistics.moments)
    )
