"""EstimateFlow: optical flow between the frames of a crop, also under the mask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.flow_pair import FlowPair
from vidinpaint.core.graph import Phase
from vidinpaint.core.registry import build, load, names
from vidinpaint.core.settings import Settings, Table, setting
from vidinpaint.flow.automatic import best_method
from vidinpaint.flow.downscaling import LONGEST, downscaled, downscaled_mask, downscaling_steps
from vidinpaint.flow.estimate import Guess, first_flow, refined_flow
from vidinpaint.flow.interface import FlowMethod
from vidinpaint.flow.learned_completion import LearnedCompletion
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.pde.telea import Telea
from vidinpaint.propagation.propagate import propagate
from vidinpaint.propagation.synthesise import synthesise_remaining
from vidinpaint.weights.catalogue import portable

AUTO, RAFT = "auto", "raft"


@dataclass(frozen=True)
class EstimateFlow(Settings):
    """Estimates flow around the mask, completes it under the mask, and can refine it on a draft of the result.

    A second pass gains 0.3 to 0.7 dB where the camera moves fast, and loses up to 2 dB where it is static. `options`
    holds the settings of each flow method by its name.
    """

    method: str = setting("dis", "Flow method, or auto: RAFT if good weights are installed, otherwise DIS.")
    longest: int = setting(
        LONGEST, "Longer side of a frame above which flow is estimated on downscaled frames.", low=64, unit="pixels"
    )
    passes: int = setting(1, "1: completed flow only; 2 or more: refined on a draft of the result.", low=1, high=4)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    learned: bool = setting(False, "Whether a small bundled network helps to complete flow under the mask.")
    note: str = setting("", "Why this method was selected; for the report.", internal=True)
    name: ClassVar[str] = "flow"
    phase: ClassVar[Phase] = "compute"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in {self.method, *self.options} - {AUTO}:
            self._build_method(name)

    def method_classes(self) -> dict[str, type]:
        """Every flow method, by the name under which `options` may hold its settings."""
        return {name: load("flow_methods", name) for name in names("flow_methods")}

    def resolved(self) -> Table:
        """See `Graph.resolved`; raises at once where a method cannot run."""
        self._initial_guess()
        if self.method == AUTO:
            method, weights, reason = best_method(self._build_method(RAFT).weights if RAFT in self.options else "")
            return {"method": method, "note": reason, **({RAFT: {"weights": weights}} if weights else {})}
        if self.method == RAFT:
            return {RAFT: {"weights": portable(self._build_method(RAFT).path)}}
        return {}

    def __call__(self, clip: Clip, compensated: np.ndarray, crop_mask: np.ndarray) -> FlowPair:
        if not crop_mask.any():
            return FlowPair.zero(*crop_mask.shape)  # nobody needs it
        steps = downscaling_steps(clip.width, clip.height, self.longest)
        flow = self._estimate(downscaled(compensated, steps), downscaled_mask(crop_mask, steps), steps)
        return flow.scaled(1 << steps)

    def _estimate(self, frames: np.ndarray, mask: np.ndarray, steps: int) -> FlowPair:
        method: FlowMethod = self._build_method(self.method).for_downscaled(steps)
        flow = first_flow(method, frames, mask, self._initial_guess())
        for _ in range(self.passes - 1):
            static = flow.static
            if static.all():
                break
            draft = _draft(frames, mask, flow)
            del flow  # large, and no longer needed
            flow = refined_flow(method, draft, mask, static)
        return flow

    def _initial_guess(self) -> Guess | None:
        return LearnedCompletion() if self.learned else None

    def _build_method(self, name: str) -> Any:
        return build("flow_methods", name, self.options.get(name, {}))


def _draft(frames: np.ndarray, mask: np.ndarray, flow: FlowPair) -> np.ndarray:
    """A quick result on which flow can be estimated: float32 (T, h, w, 3)."""
    pixels, unknown = frames.copy(), mask.copy()
    propagate(pixels, unknown, flow)
    telea = partial(inpaint_array, Telea())
    synthesise_remaining(pixels, unknown, flow, lambda _, image, image_mask: telea(image, image_mask), telea)
    return pixels
