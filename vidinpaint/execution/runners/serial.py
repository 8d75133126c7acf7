"""The reference runner: one window after the other, one stage after the other."""

from vidinpaint.execution.runners.window_run import WindowRun


def run_serial(run: WindowRun) -> None:
    """Take every window of the run through the graph."""
    for window in run.windows:
        run.compute(run.read(window), run.write)
