"""`fringe_width`: how far an object reaches past its mask, into the fringe of mixed colours around it.

A fringe that is propagated under the mask shows as a ghost of what was removed. Two measures find it. First, the edge
of the object runs along the border of the mask, so that the frame changes more across the border than along it; around
generous masks, or masks placed anywhere, both changes are alike (ratios of 0.6 to 1.5 in the development clips, 2.4 in
the first pixel around tight outlines of people). Second, the colour of the pixel beside the border lies between those
inside and outside, which it does not beside a box of uniform colour. Only here are the pixels under a mask read.
"""

from collections.abc import Sequence

import cv2
import numpy as np

MAX_WIDTH = 5  # pixels of fringe
MAX_DISTANCE = 14  # pixels from the mask within which the frame is compared
MIN_EDGE = 1.5  # a fringe has at least this ratio of change across to along the border, relative to farther out
MIN_MIXTURE = 0.14  # and at least this share of the inner colour in the pixel beside the border
MAX_FRAMES = 12  # frames that are measured


def frames_to_measure(masks: np.ndarray) -> list[int]:
    """Indices of at most MAX_FRAMES frames for `fringe_width`, evenly spread over those with a mask."""
    partly = np.flatnonzero(masks.any((1, 2)) & ~masks.all((1, 2)))
    return [int(t) for t in partly[np.linspace(0, len(partly) - 1, min(MAX_FRAMES, len(partly))).astype(int)]]


def fringe_width(frames: Sequence[np.ndarray], masks: np.ndarray) -> int:
    """Width in pixels, 0 to MAX_WIDTH + 1, of the zone around the masks that is not clean background.

    frames  float32 (H, W, 3) in [0, 1], one for each mask
    masks   bool (T, H, W), True = inpaint
    """
    across, along, mixture = np.zeros(MAX_DISTANCE), np.zeros(MAX_DISTANCE), np.zeros(2)
    for frame, mask in zip(frames, masks):
        if mask.any() and not mask.all():
            border = _Border.of(frame, mask)
            border.add_gradients(across, along)
            mixture += border.mixture()
    ratio = across / np.maximum(along, 1e-6)
    edges = ratio[:MAX_WIDTH] > MIN_EDGE * max(float(ratio[MAX_WIDTH + 1 :].mean()), 0.5)
    width = MAX_WIDTH if edges.all() else int(np.argmin(edges))
    return width + 1 if width and mixture[0] > MIN_MIXTURE * mixture[1] else 0


class _Border:
    """The surroundings of a frame's mask: distance (h, w) in pixels from it, negative inside, and its gradient."""

    def __init__(self, frame: np.ndarray, distance: np.ndarray) -> None:
        self.frame, self.distance = frame, distance
        self.away_x, self.away_y = _gradient(distance)

    @classmethod
    def of(cls, frame: np.ndarray, mask: np.ndarray) -> "_Border":
        outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
        inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
        x, y, width, height = cv2.boundingRect((outside <= MAX_DISTANCE + 1).astype(np.uint8))
        region = (slice(y, y + height), slice(x, x + width))
        return cls(frame[region], outside[region] - inside[region])

    def add_gradients(self, across: np.ndarray, along: np.ndarray) -> None:
        """Add the sums of gradients across and along the border, by distance in pixels."""
        step_x, step_y = _gradient(self.frame)
        x, y = self.away_x[..., None], self.away_y[..., None]
        bins = np.ceil(self.distance - 1.5).astype(int)
        counted = (bins >= 0) & (bins < MAX_DISTANCE) & (self.distance > 0)
        for total, step in ((across, step_x * x + step_y * y), (along, step_x * y - step_y * x)):
            total += np.bincount(bins[counted], np.abs(step).max(-1)[counted], MAX_DISTANCE)

    def mixture(self) -> np.ndarray:
        """float64 (2,), whose quotient is the mean share of the inner colour in the pixels beside the border."""
        height, width = self.distance.shape
        y, x = np.nonzero((self.distance > 0) & (self.distance < 1.5))
        away = np.hypot(self.away_x[y, x], self.away_y[y, x]) + 1e-6
        shift_x, shift_y = 2 * self.away_x[y, x] / away, 2 * self.away_y[y, x] / away

        def colours(sign: int) -> np.ndarray:
            rows = np.clip(np.round(y + sign * shift_y), 0, height - 1).astype(int)
            columns = np.clip(np.round(x + sign * shift_x), 0, width - 1).astype(int)
            return np.asarray(self.frame[rows, columns])

        inner, outer = colours(-1), colours(1)
        step = inner - outer
        return np.array([((self.frame[y, x] - outer) * step).sum(), (step * step).sum()], np.float64)


def _gradient(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return cv2.Sobel(image, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(image, cv2.CV_32F, 0, 1, scale=0.125)
