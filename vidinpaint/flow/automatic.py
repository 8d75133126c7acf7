"""Which flow method `auto` is on this machine, and why."""

from vidinpaint.core.errors import WeightsError
from vidinpaint.flow.raft import Raft
from vidinpaint.weights.catalogue import find, is_bundled, portable
from vidinpaint.weights.running import require_torch


def best_method(weights: str = "") -> tuple[str, str, str]:
    """(method, weights, why): RAFT where its weights are, else DIS; why is a line for the report.

    The small weights that ship are not enough, unless asked for: level with DIS on real clips, they lost 0.1 to 2.4 dB
    under moving masks and take 25 times as long.

    weights   for RAFT, as `Raft.weights`
    """
    try:
        require_torch()
        found = find("raft", weights, Raft.known_weights)
    except WeightsError as error:
        return "dis", "", f"flow: DIS, because RAFT cannot run here: {error}"
    if is_bundled(found) and not weights:
        why = "only the small weights of RAFT that ship are here, which gain nothing; `vidinpaint models` lists others"
        return "dis", "", f"flow: DIS, because {why}"
    return "raft", portable(found), f"flow: RAFT, because its weights are here ({portable(found)})"
