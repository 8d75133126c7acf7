"""Which flow method `auto` selects on this machine, and why."""

from vidinpaint.core.errors import WeightsError
from vidinpaint.flow.raft import Raft
from vidinpaint.weights.catalogue import find, is_bundled, portable
from vidinpaint.weights.running import require_torch


def best_method(weights: str = "") -> tuple[str, str, str]:
    """(method, weights, reason): RAFT if its weights are installed, else DIS; the reason is a line for the report.

    The bundled small weights are used only on request: on real clips they equal DIS, under moving masks they lost 0.1
    to 2.4 dB, and they take 25 times as long.

    weights   for RAFT, as `Raft.weights`
    """
    try:
        require_torch()
        found = find("raft", weights, Raft.known_weights)
    except WeightsError as error:
        return "dis", "", f"flow: DIS, because RAFT cannot run here: {error}"
    if is_bundled(found) and not weights:
        reason = "only the bundled small weights of RAFT are installed, which gain nothing; see `vidinpaint models`"
        return "dis", "", f"flow: DIS, because {reason}"
    return "raft", portable(found), f"flow: RAFT, because its weights are installed ({portable(found)})"
