"""The reference runner: one window after the other, one stage after the other."""

from vidinpaint.execution.runners.window_run import Run


def run_serial(run: Run) -> None:
    """Take every window that is to be done through the graph."""
    for window in run.windows:
        run.compute(run.read(window), run.write)
