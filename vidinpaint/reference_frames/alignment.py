"""How two distant frames of a shot are aligned: unchanged, or by the homography of a plane seen by the camera.

A static camera is recognised by equal pixels or, where people fill the frame, by features that do not move. Otherwise
features outside the masks are matched (Lowe 2004, Distinctive image features from scale-invariant keypoints, section
7.1 for the ratio), and the homography that most of them follow is the background's (Fischler and Bolles 1981).
"""

from dataclasses import dataclass

import cv2
import numpy as np

MAX_WIDTH = 640  # pixels; features are detected in frames scaled down to this width
MAX_FEATURES = 1000
MAX_DISTANCE_RATIO = 0.8  # of the best match to the second best
MAX_ERROR = 2.0  # pixels between a match and the homography
MIN_INLIERS, MIN_INLIER_SHARE = 16, 0.25  # matches that must follow the homography: number, fraction
MIN_GRADIENT, MAX_NOISE = 8.0, 6.0  # grey levels: gradient at which motion is visible, difference that is noise
MIN_EQUAL_SHARE = 0.7  # fraction of the textured pixels that are equal if the camera is static
MAX_STATIC_MOTION = 0.5  # pixels; median motion of features that is only their own noise
MAX_SCALE = 4.0  # a frame that is enlarged or shrunk more than this is not used as a source

IDENTITY = np.eye(3)


@dataclass(frozen=True)
class ShotFrame:
    """One frame of a shot with what is needed to align it with others.

    index        absolute index of the frame
    pixels       float32 (H, W, 3) RGB in [0, 1]
    mask         bool (H, W), True = unknown
    grey         float32 (h, w) grey levels 0..255, at most MAX_WIDTH pixels wide
    grey_known   bool (h, w): which pixels of grey are known
    points       float32 (N, 2): features as (x, y) in pixels of the full frame
    descriptors  float32 (N, 128): those of the features
    """

    index: int
    pixels: np.ndarray
    mask: np.ndarray
    grey: np.ndarray
    grey_known: np.ndarray
    points: np.ndarray
    descriptors: np.ndarray

    @classmethod
    def of(cls, index: int, pixels: np.ndarray, mask: np.ndarray) -> "ShotFrame":
        """Detect the features of a frame outside its mask."""
        grey: np.ndarray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) * np.float32(255)
        known: np.ndarray = (~mask).astype(np.uint8)
        scale = min(1.0, MAX_WIDTH / grey.shape[1])
        if scale < 1:
            size = (round(grey.shape[1] * scale), max(1, round(grey.shape[0] * scale)))
            grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
            known = cv2.resize(known, size, interpolation=cv2.INTER_NEAREST)
        known = cv2.erode(known, np.ones((5, 5), np.uint8), borderValue=1)
        eight_bit = np.clip(grey, 0, 255).astype(np.uint8)
        keypoints, descriptors = cv2.SIFT.create(MAX_FEATURES).detectAndCompute(eight_bit, known)
        points = np.array([keypoint.pt for keypoint in keypoints], np.float32).reshape(-1, 2)
        points = (points + 0.5) / np.float32(scale) - np.float32(0.5)
        if descriptors is None:
            descriptors = np.zeros((0, 128), np.float32)
        return cls(index, pixels, mask, grey, known > 0, points, descriptors)


def align(target: ShotFrame, source: ShotFrame) -> np.ndarray | None:
    """Homography float64 (3, 3) from a pixel (x, y, 1) of `target` to `source`; None where the two do not match."""
    if _is_static(target, source):
        return IDENTITY
    if min(len(target.points), len(source.points)) < MIN_INLIERS:
        return None
    target_points, source_points = _matches(target, source)
    min_inliers = max(MIN_INLIERS, MIN_INLIER_SHARE * len(target_points))
    if len(target_points) < min_inliers:
        return None
    motion = np.hypot(*(source_points - target_points).T)
    small = motion[motion < MAX_ERROR]
    if len(small) >= min_inliers and np.median(small) < MAX_STATIC_MOTION:
        return IDENTITY
    homography, inliers = cv2.findHomography(
        target_points, source_points, cv2.RANSAC, MAX_ERROR, maxIters=2000, confidence=0.999
    )
    if homography is None or inliers.sum() < min_inliers:
        return None
    return homography if _is_plausible(homography, target.pixels.shape) else None


def _is_static(first: ShotFrame, second: ShotFrame) -> bool:
    """Whether most pixels in which motion would be visible are equal; people passing by are the others."""
    known = first.grey_known & second.grey_known
    dx = cv2.Sobel(first.grey, cv2.CV_32F, 1, 0, scale=0.125)
    dy = cv2.Sobel(first.grey, cv2.CV_32F, 0, 1, scale=0.125)
    textured = known & (np.hypot(dx, dy) > MIN_GRADIENT)
    if textured.sum() < 0.002 * textured.size:
        textured = known
    if not textured.any():
        return False
    difference = second.grey[textured] - first.grey[textured]
    return bool((np.abs(difference - np.median(difference)) < MAX_NOISE).mean() > MIN_EQUAL_SHARE)


def _matches(target: ShotFrame, source: ShotFrame) -> tuple[np.ndarray, np.ndarray]:
    """float32 (N, 2) twice: the positions of the same features in both frames."""
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(target.descriptors, source.descriptors, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < MAX_DISTANCE_RATIO * pair[1].distance]
    return (
        target.points[[match.queryIdx for match in good]].reshape(-1, 2),
        source.points[[match.trainIdx for match in good]].reshape(-1, 2),
    )


def _is_plausible(homography: np.ndarray, shape: tuple[int, ...]) -> bool:
    """Whether it keeps the frame's orientation and scales the area around no corner by more than MAX_SCALE squared."""
    if not np.isfinite(homography).all():
        return False
    height, width = shape[:2]
    for x, y in ((0, 0), (width, 0), (0, height), (width, height)):
        u, v, w = homography @ (x, y, 1)
        if w <= 0:
            return False
        jacobian = (homography[:2, :2] - np.outer((u / w, v / w), homography[2, :2])) / w
        area = float(np.linalg.det(jacobian))
        if not 1 / MAX_SCALE**2 < area < MAX_SCALE**2:
            return False
    return True
