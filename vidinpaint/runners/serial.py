"""The reference runner: one window after the other, one stage after the other."""

from vidinpaint.runners.run import Run


def run_serial(run: Run) -> None:
    """Take every window of the plan through the graph."""
    for window in run.plan.windows:
        run.compute(run.read(window), run.write)
