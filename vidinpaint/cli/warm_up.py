"""`vidinpaint warm-up`: compiles the kernels of the default pipeline in advance."""

import cloup

from vidinpaint.cli.command import Command, examples
from vidinpaint.cli.options import take


@cloup.command("warm-up", cls=Command, short_help="Compile in advance.", epilog=examples("vidinpaint warm-up"))
@take("quiet", help="Show no progress bar.")
@take("verbose")
def command(quiet: bool) -> None:
    """Compile in advance what the default pipeline needs, so that the first run is fast; useful in container images."""
    from vidinpaint.api import warm_up
    from vidinpaint.core.progress import ProgressBar, SilentProgress

    warm_up(progress=SilentProgress() if quiet else ProgressBar())
