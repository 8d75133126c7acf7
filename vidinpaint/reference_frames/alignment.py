"""How two far apart pictures of one shot lie over each other: unchanged, or moved like a plane seen by the camera.

A camera that stands still is told by the pixels themselves, or where people fill the picture by features that stay.
Otherwise features outside the masks are matched (Lowe 2004, Distinctive image features from scale-invariant keypoints,
section 7.1 for the ratio) and the homography that most of them follow is the background's (Fischler and Bolles 1981).
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

WIDEST = 640  # pixels of width at which features are looked for
FEATURES = 1000
RATIO = 0.8
TOLERANCE = 2.0  # pixels between a match and the homography
FEWEST, LEAST_SHARE = 16, 0.25  # matches that must follow it
TEXTURED, SAME = 8.0, 6.0  # grey levels: a pixel's gradient that a shift would show in, a difference that is noise
STILL = 0.7  # share of textured pixels that have to be the same
STAY = 0.5  # pixels that features move on a camera that stands still, on the median: less is their own noise
STRETCH = 4.0  # a picture enlarged or shrunk more than this is no good source

IDENTITY = np.eye(3)


@dataclass(frozen=True)
class Picture:
    """One frame of a shot with what is needed to find it again in others.

    index        absolute number of the frame
    pixels       float32 (H, W, 3) RGB in [0, 1]
    mask         bool (H, W): what is not known
    grey         float32 (h, w) grey levels 0..255, at most WIDEST pixels wide; `scale` = h / H
    seen         bool (h, w): known in grey
    points       float32 (N, 2) features as (x, y) in the full picture's pixels; descriptors float32 (N, 128)
    """

    index: int
    pixels: np.ndarray
    mask: np.ndarray
    grey: np.ndarray
    seen: np.ndarray
    points: np.ndarray
    descriptors: np.ndarray

    @classmethod
    def of(cls, index: int, pixels: np.ndarray, mask: np.ndarray) -> "Picture":
        grey: np.ndarray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) * np.float32(255)
        seen: np.ndarray = (~mask).astype(np.uint8)
        scale = min(1.0, WIDEST / grey.shape[1])
        if scale < 1:
            size = (round(grey.shape[1] * scale), max(1, round(grey.shape[0] * scale)))
            grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
            seen = cv2.resize(seen, size, interpolation=cv2.INTER_NEAREST)
        seen = cv2.erode(seen, np.ones((5, 5), np.uint8), borderValue=1)
        codes = np.clip(grey, 0, 255).astype(np.uint8)
        keypoints, descriptors = cv2.SIFT.create(FEATURES).detectAndCompute(codes, seen)
        points = np.array([keypoint.pt for keypoint in keypoints], np.float32).reshape(-1, 2)
        points = (points + 0.5) / np.float32(scale) - np.float32(0.5)
        if descriptors is None:
            descriptors = np.zeros((0, 128), np.float32)
        return cls(index, pixels, mask, grey, seen > 0, points, descriptors)


def align(target: Picture, source: Picture) -> np.ndarray | None:
    """float64 (3, 3): where a pixel (x, y, 1) of `target` lies in `source`; None where nothing holds them together."""
    if _still(target, source):
        return IDENTITY
    if min(len(target.points), len(source.points)) < FEWEST:
        return None
    here, there = _matches(target, source)
    fewest = max(FEWEST, LEAST_SHARE * len(here))
    if len(here) < fewest:
        return None
    moved = np.hypot(*(there - here).T)
    staying = moved[moved < TOLERANCE]
    if len(staying) >= fewest and np.median(staying) < STAY:
        return IDENTITY
    matrix, inliers = cv2.findHomography(here, there, cv2.RANSAC, TOLERANCE, maxIters=2000, confidence=0.999)
    if matrix is None or inliers.sum() < fewest:
        return None
    return matrix if _sensible(matrix, target.pixels.shape) else None


def _still(one: Picture, other: Picture) -> bool:
    """Whether most of what would show a shift is the same, people passing by aside."""
    both = one.seen & other.seen
    across, down = (
        cv2.Sobel(one.grey, cv2.CV_32F, 1, 0, scale=0.125),
        cv2.Sobel(one.grey, cv2.CV_32F, 0, 1, scale=0.125),
    )
    textured = both & (np.hypot(across, down) > TEXTURED)
    if textured.sum() < 0.002 * textured.size:
        textured = both
    if not textured.any():
        return False
    difference = other.grey[textured] - one.grey[textured]
    return bool((np.abs(difference - np.median(difference)) < SAME).mean() > STILL)


def _matches(target: Picture, source: Picture) -> tuple[np.ndarray, np.ndarray]:
    """float32 (N, 2) twice: the same features in both."""
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(target.descriptors, source.descriptors, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    return (
        target.points[[match.queryIdx for match in good]].reshape(-1, 2),
        source.points[[match.trainIdx for match in good]].reshape(-1, 2),
    )


def _sensible(matrix: np.ndarray, shape: tuple[int, ...]) -> bool:
    """Whether it keeps the picture's orientation and neither stretches nor shrinks any corner too much."""
    if not np.isfinite(matrix).all():
        return False
    height, width = shape[:2]
    for x, y in ((0, 0), (width, 0), (0, height), (width, height)):
        u, v, w = matrix @ (x, y, 1)
        if w <= 0:
            return False
        jacobian = (matrix[:2, :2] - np.outer((u / w, v / w), matrix[2, :2])) / w
        area = float(np.linalg.det(jacobian))
        if not 1 / STRETCH**2 < area < STRETCH**2:
            return False
    return math.isfinite(float(matrix.sum()))
