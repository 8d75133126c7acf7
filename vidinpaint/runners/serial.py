"""The reference runner: one window after the other, one stage after the other."""

from vidinpaint.propagation.anchors import Anchors
from vidinpaint.runners.run import Run


def run_serial(run: Run) -> None:
    """Take every window of the plan through the graph."""
    anchors = Anchors()
    for window in run.plan.windows:
        anchors = run.compute(run.read(window), anchors, run.write)
