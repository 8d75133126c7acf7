"""`vidinpaint train`: trains the weights of a learned method."""

import sys

import cloup

from vidinpaint.cli.command import CONTINUES, Command, examples, say
from vidinpaint.cli.options import take
from vidinpaint.cli.values import INTEGER, folders, named, recipes, training_configs


@cloup.command(
    "train",
    cls=Command,
    short_help="Train a learned method.",
    interrupted=CONTINUES,
    epilog=examples("vidinpaint train gated_conv --photos photos --validation other_photos -o run"),
)
@cloup.argument("recipe", metavar="RECIPE", shell_complete=named(recipes), help="What to train; see `vidinpaint list`.")
@cloup.option_group(
    "Data",
    cloup.option("--photos", metavar="DIR", shell_complete=folders, help="A folder of photos to train on."),
    cloup.option("--validation", metavar="DIR", shell_complete=folders, help="A folder of photos to validate on."),
)
@cloup.option_group(
    "Training",
    take(
        "config", default="", show_default=False, shell_complete=named(training_configs, or_file=True),
        help="The settings of the training: the name of a config, or a .toml file. [default: RECIPE_small]",
    ),
    cloup.option("--steps", type=INTEGER, metavar="N", help="Number of training steps. [default: as in the config]"),
    take("settings", metavar="TABLE.KEY=VALUE", help="Change one setting of the config. May be repeated."),
)  # fmt: skip
@cloup.option_group(
    "Output",
    take(
        "output", required=True, metavar="DIR", shell_complete=folders,
        help="The folder for the weights, the checkpoint, the log and contact sheets of images.",
    ),
)  # fmt: skip
@cloup.option_group(
    "Reports and debugging", take("quiet", help="Show no progress bar and no figures."), take("verbose")
)
def command(
    recipe: str,
    output: str,
    photos: str | None,
    validation: str | None,
    steps: int | None,
    settings: tuple[str, ...],
    config: str,
    quiet: bool,
) -> None:
    """Train a learned method; the same command run again continues where it stopped."""
    from vidinpaint.api import train
    from vidinpaint.core.settings import merge, parse_assignment

    data = {name: folder for name, folder in (("photos", photos), ("validation", validation)) if folder is not None}
    length = {} if steps is None else {"steps": steps}
    tables = merge({recipe: data, "training": length}, *map(parse_assignment, settings))
    figures = train(recipe, output, config=config, settings=tables, quiet=quiet)
    if not quiet:
        say("\n".join(f"{name}: {value:.4g}" for name, value in figures.items()), sys.stdout)
