"""How far an object reaches past its mask: the fringe of mixed colours that a tight mask leaves outside.

A fringe that is propagated into the mask shows as a ghost of what was removed. Two measures find it. Edges run along
the mask: there the frame changes more across the border than along it, while around masks drawn generously, or put
anywhere, the two are alike (ratios of 0.6 to 1.5 in the development clips; 2.4 in the first pixel around tight outlines
of people). And the pixel beside the border lies between the colours inside and outside, as it does not beside a box of
plain colour. This is the only place where the pixels under a mask are read.
"""

from collections.abc import Sequence

import cv2
import numpy as np

WIDEST = 5  # pixels of fringe at most
BEYOND = 14  # pixels from the mask up to which the frame is compared
EDGE = 1.5  # ratio of across to along, over that farther out, that makes a fringe
MIXED = 0.14  # share of the inner colour in the pixel beside the border that makes one
MEASURED_FRAMES = 12  # frames


def frames_to_measure(masks: np.ndarray) -> list[int]:
    """Which of the frames to give to `fringe_width`: MEASURED_FRAMES at most, spread over those with a mask."""
    partly = np.flatnonzero(masks.any((1, 2)) & ~masks.all((1, 2)))
    return [int(t) for t in partly[np.linspace(0, len(partly) - 1, min(MEASURED_FRAMES, len(partly))).astype(int)]]


def fringe_width(frames: Sequence[np.ndarray], masks: np.ndarray) -> int:
    """Pixels around the masks that are not clean background, 0 to WIDEST + 1.

    frames float32 (H, W, 3) in [0, 1] each, masks bool (T, H, W).
    """
    across, along, mixed = np.zeros(BEYOND), np.zeros(BEYOND), np.zeros(2)
    for frame, mask in zip(frames, masks):
        if mask.any() and not mask.all():
            border = _Border.of(frame, mask)
            border.add_gradients(across, along)
            mixed += border.mixed()
    ratio = across / np.maximum(along, 1e-6)
    edges = ratio[:WIDEST] > EDGE * max(float(ratio[WIDEST + 1 :].mean()), 0.5)
    width = WIDEST if edges.all() else int(np.argmin(edges))
    return width + 1 if width and mixed[0] > MIXED * mixed[1] else 0


def grown_by_fringe(masks: np.ndarray, width: int) -> np.ndarray:
    """The masks with `width` pixels around them; the same array for width 0."""
    if not width:
        return masks
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    return np.stack([cv2.dilate(mask.astype(np.uint8), kernel) > 0 for mask in masks])


class _Border:
    """A frame around its mask: distance (h, w) from them, negative inside, and the direction (h, w) away from them."""

    def __init__(self, frame: np.ndarray, distance: np.ndarray) -> None:
        self.frame, self.distance = frame, distance
        self.away_x, self.away_y = _gradient(distance)

    @classmethod
    def of(cls, frame: np.ndarray, mask: np.ndarray) -> "_Border":
        outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
        inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
        x, y, width, height = cv2.boundingRect((outside <= BEYOND + 1).astype(np.uint8))
        part = (slice(y, y + height), slice(x, x + width))
        return cls(frame[part], outside[part] - inside[part])

    def add_gradients(self, across: np.ndarray, along: np.ndarray) -> None:
        """Add the sums of gradients across and along the border, by distance in pixels."""
        step_x, step_y = _gradient(self.frame)
        x, y = self.away_x[..., None], self.away_y[..., None]
        bins = np.ceil(self.distance - 1.5).astype(int)
        counted = (bins >= 0) & (bins < BEYOND) & (self.distance > 0)
        for total, step in ((across, step_x * x + step_y * y), (along, step_x * y - step_y * x)):
            total += np.bincount(bins[counted], np.abs(step).max(-1)[counted], BEYOND)

    def mixed(self) -> np.ndarray:
        """float64 (2,): over its quotient, the first is the mean share of the inner colour beside the border."""
        height, width = self.distance.shape
        y, x = np.nonzero((self.distance > 0) & (self.distance < 1.5))
        away = np.hypot(self.away_x[y, x], self.away_y[y, x]) + 1e-6
        shift_x, shift_y = 2 * self.away_x[y, x] / away, 2 * self.away_y[y, x] / away

        def at(sign: int) -> np.ndarray:
            rows = np.clip(np.round(y + sign * shift_y), 0, height - 1).astype(int)
            columns = np.clip(np.round(x + sign * shift_x), 0, width - 1).astype(int)
            return np.asarray(self.frame[rows, columns])

        inner, outer = at(-1), at(1)
        step = inner - outer
        return np.array([((self.frame[y, x] - outer) * step).sum(), (step * step).sum()], np.float64)


def _gradient(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return cv2.Sobel(image, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(image, cv2.CV_32F, 0, 1, scale=0.125)
