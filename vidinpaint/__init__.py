"""vidinpaint removes things from video: what some frame shows is carried to where it is hidden, the rest invented once.

    vidinpaint.inpaint("clip.mp4", "mask.png", "clean.mp4")             # files
    clean = vidinpaint.inpaint(frames, holes)                           # arrays uint8 (T, H, W, 3), bool (T, H, W)
    vidinpaint.inpaint_image("photo.jpg", "mask.png", "clean.png")      # single pictures
    clean = vidinpaint.inpaint_image(image, hole, method="patchmatch")
    several = vidinpaint.inpaint_samples(image, hole, samples=3, method="repaint")

Heavy libraries are loaded when they are first used, not here.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vidinpaint.api import inpaint
    from vidinpaint.photos.inpaint import inpaint_image
    from vidinpaint.photos.samples import inpaint_samples

__all__ = ["inpaint", "inpaint_image", "inpaint_samples"]

_HOMES = {
    "inpaint": "vidinpaint.api",
    "inpaint_image": "vidinpaint.photos.inpaint",
    "inpaint_samples": "vidinpaint.photos.samples",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'vidinpaint' has no attribute {name!r}")
