"""EstimateFlow: how the picture moves, also under the mask."""

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
    """Estimates flow around the mask, completes it under the mask, and can refine it on a first result.

    A second pass gains 0.3 to 0.7 dB where the camera moves fast, and loses up to 2 dB where it is static. `options`
    holds the settings of flow methods by their name.
    """

    method: str = setting("dis", "Flow method, or auto: RAFT if good weights are installed, otherwise DIS.")
    longest: int = setting(
        LONGEST, "Longer side of a frame above which flow is estimated on downscaled frames.", low=64, unit="pixels"
    )
    passes: int = setting(1, "1: completed flow only; 2 or more: refined on a draft of the result.", low=1, high=4)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    learned: bool = setting(False, "Whether a small network helps to complete flow under the mask; its weights ship.")
    note: str = setting("", "Why this method was chosen; for the report.", internal=True)
    name: ClassVar[str] = "flow"
    phase: ClassVar[Phase] = "compute"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in {self.method, *self.options} - {AUTO}:
            self._built(name)

    def method_classes(self) -> dict[str, type]:
        """Every method that `options` may have settings of."""
        return {name: load("flow_methods", name) for name in names("flow_methods")}

    def resolved(self) -> Table:
        """See `Graph.resolved`; says at once what is missing."""
        self._guess()
        if self.method == AUTO:
            method, weights, why = best_method(self._built(RAFT).weights if RAFT in self.options else "")
            return {"method": method, "note": why, **({RAFT: {"weights": weights}} if weights else {})}
        if self.method == RAFT:
            return {RAFT: {"weights": portable(self._built(RAFT).path)}}
        return {}

    def __call__(self, clip: Clip, compensated: np.ndarray, crop_mask: np.ndarray) -> FlowPair:
        times = downscaling_steps(clip.width, clip.height, self.longest)
        return self._estimate(downscaled(compensated, times), downscaled_mask(crop_mask, times), times).scaled(
            1 << times
        )

    def _estimate(self, frames: np.ndarray, mask: np.ndarray, times: int) -> FlowPair:
        method: FlowMethod = self._built(self.method).for_downscaled(times)
        flow = first_flow(method, frames, mask, self._guess())
        for _ in range(self.passes - 1):
            still = flow.static
            if still.all():
                break
            draft = _draft(frames, mask, flow)
            del flow  # large, and no longer needed
            flow = refined_flow(method, draft, mask, still)
        return flow

    def _guess(self) -> Guess | None:
        return LearnedCompletion() if self.learned else None

    def _built(self, name: str) -> Any:
        return build("flow_methods", name, self.options.get(name, {}))


def _draft(frames: np.ndarray, mask: np.ndarray, flow: FlowPair) -> np.ndarray:
    """A quick completion to estimate flow on."""
    pixels, unknown = frames.copy(), mask.copy()
    propagate(pixels, unknown, flow)
    fill = partial(inpaint_array, Telea())
    synthesise_remaining(pixels, unknown, flow, lambda _, image, one: fill(image, one), fill)
    return pixels
