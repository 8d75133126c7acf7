"""`run_serial`: the reference runner, which computes one window after the other in one thread."""

from vidinpaint.execution.runners.window_run import WindowRun


def run_serial(run: WindowRun) -> None:
    """Read, compute and write every window of the run."""
    for window in run.windows:
        run.compute(run.read(window), run.write)
