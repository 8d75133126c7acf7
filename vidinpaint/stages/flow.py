"""EstimateFlow: how the picture moves, also under the holes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np

from vidinpaint.clip import Clip
from vidinpaint.errors import SettingError
from vidinpaint.fillers.interface import inpaint_array
from vidinpaint.fillers.pde.telea import Telea
from vidinpaint.flow.choice import best_method
from vidinpaint.flow.estimate import Guess, first_flow, refined_flow
from vidinpaint.flow.halved import LONGEST, halved, halved_holes, halvings
from vidinpaint.flow.interface import FlowMethod
from vidinpaint.flow.learned_completion import LearnedCompletion
from vidinpaint.flow_pair import FlowPair
from vidinpaint.graph import Lane
from vidinpaint.propagation.carry import carry
from vidinpaint.propagation.invent import invent
from vidinpaint.registry import build
from vidinpaint.settings import Table
from vidinpaint.weights.catalogue import portable

AUTO, RAFT = "auto", "raft"


@dataclass(frozen=True)
class EstimateFlow:
    """Estimates flow around the holes, completes it under them, and estimates it again on a first result.

    method   name of a flow method, or auto (`flow/choice.py`); `options` holds settings by its name
    longest  pixels of a frame's longer side from which on motion is estimated on halved frames, 64 or more
    passes   1: completed flow only; 2: refined once on a draft, up to 4. A second pass gains 0.3 to 0.7 dB where the
             camera moves fast, and loses up to 2 dB where it stands still
    learned  whether a small net's opinion on motion under the holes counts too; its weights ship
    note     why this method, for the report
    """

    method: str = "dis"
    longest: int = LONGEST
    passes: int = 1
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    learned: bool = False
    note: str = ""
    lane: ClassVar[Lane] = "compute"

    def __post_init__(self) -> None:
        if not 1 <= self.passes <= 4:
            raise SettingError("1 to 4 passes", str(self.passes), "Choose a value in this range.")
        if not self.longest >= 64:
            raise SettingError("64 pixels or more", str(self.longest), "Give a longer side.")
        for name in {self.method, *self.options} - {AUTO}:
            self._built(name)

    def settled(self) -> Table:
        """See `Graph.settled`; says at once what is missing."""
        self._guess()
        if self.method == AUTO:
            method, weights, why = best_method(self._built(RAFT).weights if RAFT in self.options else "")
            return {"method": method, "note": why, **({RAFT: {"weights": weights}} if weights else {})}
        if self.method == RAFT:
            return {RAFT: {"weights": portable(self._built(RAFT).path)}}
        return {}

    def __call__(self, clip: Clip, levelled: np.ndarray, holes: np.ndarray) -> FlowPair:
        times = halvings(clip.width, clip.height, self.longest)
        return self._estimate(halved(levelled, times), halved_holes(holes, times), times).scaled(1 << times)

    def _estimate(self, levelled: np.ndarray, holes: np.ndarray, times: int) -> FlowPair:
        method: FlowMethod = self._built(self.method).for_halved(times)
        flow = first_flow(method, levelled, holes, self._guess())
        for _ in range(self.passes - 1):
            still = flow.static
            if still.all():
                break
            draft = _draft(levelled, holes, flow)
            del flow  # large, and no longer needed
            flow = refined_flow(method, draft, holes, still)
        return flow

    def _guess(self) -> Guess | None:
        return LearnedCompletion() if self.learned else None

    def _built(self, name: str) -> Any:
        return build("flow_methods", name, self.options.get(name, {}))


def _draft(frames: np.ndarray, holes: np.ndarray, flow: FlowPair) -> np.ndarray:
    """A quick completion to estimate flow on."""
    pixels, unknown = frames.copy(), holes.copy()
    carry(pixels, unknown, flow)
    fill = partial(inpaint_array, Telea())
    invent(pixels, unknown, flow, lambda _, image, hole: fill(image, hole), fill)
    return pixels
