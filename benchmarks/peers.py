"""Other inpainting packages from pip behind one signature: image uint8 (H, W, 3) RGB, mask bool (H, W) -> uint8.

    pip install pypatchmatch patchmatch-cython scikit-image rich
    pip install --no-deps exemplar-based-inpainting      # its opencv-python would replace the contrib build

Packages that are not installed are left out with a message, and so are masks that would take a package minutes.
"""

import importlib.util
import sys
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

Method = Callable[[np.ndarray, np.ndarray], np.ndarray]


def opencv(algorithm: int) -> Method:
    return lambda image, mask: cv2.inpaint(image, mask.astype(np.uint8), 3, algorithm)


def pypatchmatch(radius: int) -> Method:
    """The patch_size of this package is a radius: 3 compares 7 x 7 pixels."""
    from patchmatch import patch_match

    return lambda image, mask: patch_match.inpaint(image, mask.astype(np.uint8) * 255, patch_size=radius)


def patchmatch_cython() -> Method:
    from patchmatch_cython import inpaint_pyramid

    return lambda image, mask: inpaint_pyramid(image, mask.astype(np.uint8), patch_size=7, seed=0)


class _OpenCV4:
    """OpenCV 4 as the package expects it; since OpenCV 5, lists of points have no middle axis."""

    def __getattr__(self, name: str) -> Any:
        return getattr(cv2, name)

    def findNonZero(self, mask: np.ndarray) -> np.ndarray:
        return cv2.findNonZero(mask).reshape(-1, 1, 2)


def exemplar_based() -> Method:
    from exemplar_based_inpainting import inpainter

    inpainter.cv2 = _OpenCV4()

    def inpaint(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        method = inpainter.Inpainter(patch_size=9, show_progress_bar=False)
        result = method.inpaint(np.ascontiguousarray(image[..., ::-1]), mask.astype(np.uint8) * 255)
        return np.asarray(result)[..., ::-1]

    return inpaint


def biharmonic() -> Method:
    from skimage.restoration import inpaint_biharmonic

    def inpaint(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        inpainted = inpaint_biharmonic(image / 255, mask, channel_axis=-1, split_into_regions=True)
        return (np.clip(inpainted, 0, 1) * 255 + 0.5).astype(np.uint8)

    return inpaint


PEERS: dict[str, tuple[str, Callable[[], Method]]] = {
    "OpenCV Telea": ("cv2", lambda: opencv(cv2.INPAINT_TELEA)),
    "OpenCV Navier-Stokes": ("cv2", lambda: opencv(cv2.INPAINT_NS)),
    "pypatchmatch 7 x 7": ("patchmatch", lambda: pypatchmatch(3)),
    "pypatchmatch 15 x 15": ("patchmatch", lambda: pypatchmatch(7)),
    "patchmatch-cython": ("patchmatch_cython", patchmatch_cython),
    "exemplar-based-inpainting": ("exemplar_based_inpainting", exemplar_based),
    "scikit-image biharmonic": ("skimage", biharmonic),
}
"""Name -> (module, function that returns the method)."""
MAX_MASK_PIXELS = {"exemplar-based-inpainting": 16_000, "scikit-image biharmonic": 30_000}
"""Masked pixels above which a package is left out."""


def installed() -> dict[str, Method]:
    """The packages that are installed."""
    found = {}
    for name, (module, load) in PEERS.items():
        if importlib.util.find_spec(module) is None:
            print(f"left out: {name} is not installed", file=sys.stderr)
        else:
            found[name] = load()
    return found
