"""Which flow method `auto` is on this machine, and why."""

from vidinpaint.errors import WeightsError
from vidinpaint.weights.catalogue import find, portable
from vidinpaint.weights.running import require_torch


def best_method(weights: str = "") -> tuple[str, str, str]:
    """(method, weights, why): RAFT where its weights are, else DIS; why is a line for the report.

    weights   for RAFT, as `Raft.weights`
    """
    try:
        require_torch()
        found = portable(find("raft", weights))
    except WeightsError as error:
        return "dis", "", f"flow: DIS, because RAFT lacks something here: {error}"
    return "raft", found, f"flow: RAFT, because its weights are here ({found})"
