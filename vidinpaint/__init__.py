"""vidinpaint removes things from video: what some frame shows is carried to where it is hidden, the rest invented once.

    vidinpaint.inpaint("clip.mp4", "mask.png", "clean.mp4")     # files
    clean = vidinpaint.inpaint(frames, holes)                   # arrays uint8 (T, H, W, 3), bool (T, H, W)

Heavy libraries are loaded when they are first used, not here.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vidinpaint.api import inpaint

__all__ = ["inpaint"]


def __getattr__(name: str) -> Any:
    if name == "inpaint":
        from vidinpaint.api import inpaint

        return inpaint
    raise AttributeError(f"module 'vidinpaint' has no attribute {name!r}")
