"""`FlowPair`: motion between neighbouring frames, both ways, and how far the two ways agree."""

from dataclasses import dataclass, replace

import numpy as np

CAMERA_RESTS = 0.02  # pixels per frame of `camera_motion` below which the camera is static
GRID = 8  # pixels between the samples of which it is the median


def camera_motion(flow: np.ndarray) -> np.ndarray:
    """float32 (P, 2): the median motion in pixels per frame of each field of float32 flow (P, H, W, 2)."""
    medians = [np.median(field[::GRID, ::GRID].reshape(-1, 2), axis=0) for field in flow]
    return np.array(medians, np.float32).reshape(-1, 2)


@dataclass(frozen=True)
class FlowPair:
    """Optical flow as (dx, dy) in pixels, float32.

    forward         (T - 1, H, W, 2): a pixel p of frame t is at p + forward[t](p) in frame t + 1
    backward        (T - 1, H, W, 2): a pixel p of frame t + 1 is at p + backward[t](p) in frame t
    forward_error   (T - 1, H, W): normalised forward-backward error of `forward`; up to 1 is consistent
    backward_error  (T - 1, H, W): the same of `backward`
    static          bool (T - 1,): pairs between which nothing moves (flow zero everywhere)
    step            pixels from one sample to the next, down and across, 1 or a power of 2; H and W above are then those
                    of the frames over `step`, rounded up, while (dx, dy) stay in pixels of the frames
    """

    forward: np.ndarray
    backward: np.ndarray
    forward_error: np.ndarray
    backward_error: np.ndarray
    static: np.ndarray
    step: int = 1

    def __post_init__(self) -> None:
        pairs, height, width, _ = self.forward.shape
        for name, shape in (
            ("backward", self.forward.shape),
            ("forward_error", (pairs, height, width)),
            ("backward_error", (pairs, height, width)),
            ("static", (pairs,)),
        ):
            if getattr(self, name).shape != shape:
                raise ValueError(f"expected {name} of shape {shape}, found {getattr(self, name).shape}")

    @classmethod
    def zero(cls, T: int, height: int, width: int) -> "FlowPair":
        """The flow of T frames of height x width pixels in which nothing moves."""
        shape = (max(T - 1, 0), height, width)
        flow, error = np.zeros((*shape, 2), np.float32), np.zeros(shape, np.float32)
        return cls(flow, flow.copy(), error, error.copy(), np.ones(shape[0], bool))

    def cut(self, frames: slice) -> "FlowPair":
        """The flow between some consecutive frames; `frames` is a slice with start and stop."""
        pairs = slice(frames.start, max(frames.start, frames.stop - 1))
        names = ("forward", "backward", "forward_error", "backward_error", "static")
        return replace(self, **{name: getattr(self, name)[pairs] for name in names})

    def scaled(self, step: int) -> "FlowPair":
        """The flow of frames that are `step` times as large."""
        if step == 1:
            return self
        factor = np.float32(step)
        forward, backward = self.forward * factor, self.backward * factor
        return replace(self, forward=forward, backward=backward, step=self.step * step)

    @property
    def forward_ok(self) -> np.ndarray:
        """bool (T - 1, H, W): where `forward` is consistent."""
        return self.forward_error <= 1

    @property
    def backward_ok(self) -> np.ndarray:
        """bool (T - 1, H, W): where `backward` is consistent."""
        return self.backward_error <= 1
