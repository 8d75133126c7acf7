"""RAFT, implemented by torchvision: learned flow, better than DIS for large motion, and much slower without a GPU.

Teed, Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow. The small network finds flow at an eighth
of the size and interpolates it; a variational method then fits it to the pixels (`variational_refinement.py`).

On a CPU the network computes each pair alone and on one thread, several pairs in parallel, so that the flow of a pair
does not depend on its window or on the number of threads. On a GPU it computes batches of pairs.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import cv2
import numba
import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.flow.dis import grey_levels, one_opencv_thread
from vidinpaint.flow.interface import FlowMethod
from vidinpaint.flow.variational_refinement import refined
from vidinpaint.weights.catalogue import Learned, Weights, find, own_weights
from vidinpaint.weights.running import device_named, require_torch

if TYPE_CHECKING:
    import torch

AUTHORS = "https://github.com/princeton-vl/RAFT"
TORCHVISION = "https://pytorch.org/vision/stable/models/raft.html"

PRECISIONS = ("auto", "float32", "bfloat16", "float16")
REFINEMENT = 4  # variational rounds for the small network, which interpolates; the large one does not need them

MAX_MEMORY = 2.5e9  # bytes for the correlations of all pairs that are computed in parallel
PAIR_BYTES = 2 * 4 * 4 / 3 / 64**2  # per pixel squared: two directions, four sizes of float32, an eighth of the side


@dataclass(frozen=True)
class Raft(FlowMethod, Learned):
    """RAFT (torchvision): learned, for large motion; slow without a GPU."""

    weights: str = setting("", "A name that `vidinpaint models` lists, or a file; empty: the best that is installed.")
    iterations: int = setting(12, "How often the network updates the flow.", low=1, high=64)
    refinement: int = setting(
        -1, "Variational rounds that fit the flow to the pixels; -1: as many as the network needs.", low=-1, high=100
    )
    largest: int = setting(
        640 * 1024,
        "Size of a frame above which flow is estimated on a smaller one; memory grows with its square, 1.1 GB per pair"
        " at the default.",
        low=128**2, high=100_000_000, unit="pixels",
    )  # fmt: skip
    batch: int = setting(4, "Pairs of frames at a time on a GPU.", low=1, high=256)
    device: str = setting("auto", "auto, cpu, cuda, cuda:1 ...")
    precision: str = setting(
        "auto", "Precision of the network on a GPU; auto: bfloat16 if the GPU has it.", choices=PRECISIONS
    )
    compiled: bool = setting(False, "Whether torch compiles the network first: takes a minute, then faster on a GPU.")

    known_weights: ClassVar[tuple[Weights, ...]] = (  # the published ones come first: they saw far more than ours
        Weights("raft_large_torchvision", "raft", "raft_large_C_T_SKHT_V2-ff5fadd5.pth", "torchvision's RAFT-large",
                TORCHVISION, "BSD-3-Clause"),
        Weights("raft_things", "raft", "raft-things.pth", "Teed 2020 on FlyingThings3D", AUTHORS, "BSD-3-Clause"),
        Weights("raft_sintel", "raft", "raft-sintel.pth", "Teed 2020 on Sintel", AUTHORS, "BSD-3-Clause"),
        Weights("raft_small_torchvision", "raft", "raft_small_C_T_V2-01064c6d.pth", "torchvision's RAFT-small",
                TORCHVISION, "BSD-3-Clause"),
        Weights("raft_small", "raft", "raft-small.pth", "Teed 2020, the small network", AUTHORS, "BSD-3-Clause"),
        own_weights("raft", "our RAFT-small: synthetic motion"),
    )  # fmt: skip

    @property
    def path(self) -> Path:
        """The file of weights; WeightsError if there is none."""
        require_torch()
        return find("raft", self.weights, self.known_weights)

    def for_downscaled(self, times: int) -> "Raft":
        """See `FlowMethod`: the network is as exact on downscaled frames as on whole ones."""
        return self

    def estimate(self, frames: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `FlowMethod`."""
        run = _runner(self, self.path, self.path.stat().st_mtime_ns)
        forward = np.zeros((*wanted.shape, *frames.shape[1:3], 2), np.float32)
        backward = np.zeros_like(forward)

        def estimate_pairs(pairs: np.ndarray) -> None:
            both = run(frames, pairs)
            forward[pairs], backward[pairs] = self._refined(frames, pairs, *both, run.rounds)

        pairs = np.flatnonzero(wanted)
        pixels = min(self.largest, frames.shape[1] * frames.shape[2])
        workers = max(1, min(run.workers, int(MAX_MEMORY / (PAIR_BYTES * pixels**2))))
        groups = np.split(pairs, range(run.batch, len(pairs), run.batch)) if len(pairs) else []
        with one_opencv_thread(), ThreadPoolExecutor(workers, initializer=_one_torch_thread) as pool:
            list(pool.map(estimate_pairs, groups))
        return forward, backward

    def _refined(
        self, frames: np.ndarray, pairs: np.ndarray, forward: np.ndarray, backward: np.ndarray, default_rounds: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both flows float32 (P, H, W, 2) of some pairs, after variational refinement."""
        rounds = default_rounds if self.refinement < 0 else self.refinement
        for p, ahead, behind in zip(pairs, forward, backward):
            first, second = grey_levels(frames[p]), grey_levels(frames[p + 1])
            ahead[:] = refined(first, second, ahead, rounds)
            behind[:] = refined(second, first, behind, rounds)
        return forward, backward


class _Runner:
    """A network on its device: (frames float32 (T, H, W, 3), pairs int64 (P,)) -> flow both ways, float32 (P, H, W, 2).

    batch     pairs at a time
    workers   calls in parallel
    rounds    default variational rounds for the network
    """

    def __init__(self, settings: Raft, network: Any, device: "torch.device") -> None:
        self._settings, self._network, self._device = settings, network, device
        on_cpu = device.type == "cpu"
        self.batch, self.workers = (1, numba.get_num_threads()) if on_cpu else (settings.batch, 1)
        self.rounds = REFINEMENT if network.mask_predictor is None else 0

    def __call__(self, frames: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        import torch

        numbers = np.union1d(pairs, pairs + 1)
        height, width = frames.shape[1:3]
        small = np.stack([_downscaled_to(frames[number], self._settings.largest) for number in numbers])
        batch, inside = _padded(small)
        with torch.inference_mode(), _precision(self._settings.precision, self._device):
            shown = torch.from_numpy(batch).to(self._device).permute(0, 3, 1, 2) * 2 - 1
            places = torch.from_numpy(np.searchsorted(numbers, pairs)).to(self._device)
            found = self._network.both_ways(shown, places, self._settings.iterations)
        ahead, behind = (flow.permute(0, 2, 3, 1).cpu().numpy()[(slice(None), *inside)] for flow in found)
        return _resized(ahead, height, width), _resized(behind, height, width)


@cache
def _runner(settings: Raft, path: Path, changed: int) -> _Runner:
    """The network in a file of weights last changed at `changed` (ns); cached, since loading is slow."""
    from vidinpaint.weights.loading import load_network

    device = device_named(settings.device)
    network: Any = load_network(path, "raft").to(device)
    if settings.compiled:
        for part in (network.feature_encoder, network.context_encoder, network.update_block):
            part.compile()
    return _Runner(settings, network, device)


def _precision(name: str, device: "torch.device") -> Any:
    """The context in which a network computes at a precision; on a CPU always float32."""
    import torch

    if name == "auto":
        name = "bfloat16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "float32"
    reduced = device.type != "cpu" and name != "float32"
    return torch.autocast(device.type, getattr(torch, name) if reduced else None, enabled=reduced)


def _one_torch_thread() -> None:
    import torch

    torch.set_num_threads(1)


def _downscaled_to(frame: np.ndarray, largest: int) -> np.ndarray:
    """The frame, downscaled if it has more than `largest` pixels."""
    height, width = frame.shape[:2]
    scale = np.sqrt(largest / (height * width))
    if scale >= 1:
        return frame
    return cv2.resize(frame, (max(1, int(width * scale)), max(1, int(height * scale))), interpolation=cv2.INTER_AREA)


def _padded(frames: np.ndarray) -> tuple[np.ndarray, tuple[slice, slice]]:
    """Frames (T, H, W, 3) padded by repeated edges to a size that RAFT accepts, and the slices that undo it."""
    from vidinpaint.networks.raft import MIN_SIDE, MULTIPLE

    rows, columns = ((max(MIN_SIDE, -(-side // MULTIPLE) * MULTIPLE) - side) for side in frames.shape[1:3])
    top, left = rows // 2, columns // 2
    padded = np.pad(frames, ((0, 0), (top, rows - top), (left, columns - left), (0, 0)), mode="edge")
    return padded, (slice(top, top + frames.shape[1]), slice(left, left + frames.shape[2]))


def _resized(flow: np.ndarray, height: int, width: int) -> np.ndarray:
    """Flow (P, h, w, 2) of smaller frames, for frames of height x width."""
    if flow.shape[1:3] == (height, width):
        return np.ascontiguousarray(flow)
    factor = np.array((width / flow.shape[2], height / flow.shape[1]), np.float32)
    return np.stack([cv2.resize(np.ascontiguousarray(field), (width, height)) * factor for field in flow])
