"""Motion under the masks estimated by a small network from the motion around them in space and time.

A further hypothesis for `trajectory_completion.py`, which compares hypotheses on the frames at both ends.
"""

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from vidinpaint.flow.interface import FlowCompletion
from vidinpaint.flow.trajectory_completion import GRID
from vidinpaint.weights.catalogue import Learned, Weights, find, own_weights
from vidinpaint.weights.running import loaded_network, one_torch_thread, require_torch

FRAMES, OVERLAP = 24, 4  # frames per call of the network, and frames that two successive calls share


class LearnedCompletion(FlowCompletion, Learned):
    """Learned: motion under the masks by a small network, called by `under_mask`.

    leaving, coming   float32 (T, H, W, 2): pixels per frame to the next frame and from the one before, relative to the
                      background's plane, smoothly interpolated under the masks
    unknown, masks    bool (T, H, W), True = to complete, True = inpaint
    Returns velocities float32 (T, h, w, 2), every `GRID` pixels.
    """

    known_weights: ClassVar[tuple[Weights, ...]] = (
        own_weights("flow_completion", "our network that completes flow: synthetic motion"),
    )

    def __init__(self, path: Path | None = None) -> None:
        """path: a file of weights; None: the first known file that is installed. WeightsError if there is none."""
        require_torch()
        self._path = path or find("flow_completion", "", self.known_weights)

    def __call__(self, leaving: np.ndarray, coming: np.ndarray, unknown: np.ndarray, masks: np.ndarray) -> np.ndarray:
        import torch

        network: Any = loaded_network(self._path, ("flow_completion",), torch.device("cpu"))
        grid = [np.ascontiguousarray(field[:, ::GRID, ::GRID]) for field in (leaving, coming, unknown, masks)]
        total = len(leaving)
        completed = grid[0].copy()
        with one_torch_thread(), torch.inference_mode():
            for start in range(0, total, FRAMES - OVERLAP):
                stop = min(total, start + FRAMES)
                if grid[2][start:stop].any():
                    skip = OVERLAP // 2 if start else 0
                    completed[start + skip : stop] = _run(network, *(field[start:stop] for field in grid))[skip:]
                if stop == total:
                    break
        return completed


def _run(network: Any, leaving: np.ndarray, coming: np.ndarray, unknown: np.ndarray, masks: np.ndarray) -> np.ndarray:
    import torch

    height, width = unknown.shape[1:]
    padding = [(0, 0), (0, -height % network.multiple), (0, -width % network.multiple)]
    fields = [np.moveaxis(np.pad(field, [*padding, (0, 0)], mode="edge"), -1, 0) for field in (leaving, coming)]
    padded = [np.pad(mask, padding, mode="edge")[None].astype(np.float32) for mask in (unknown, masks)]
    completed = network(*(torch.from_numpy(np.ascontiguousarray(part)[None]) for part in (*fields, *padded)))
    return np.asarray(np.moveaxis(completed[0].numpy(), 0, -1)[:, :height, :width])
