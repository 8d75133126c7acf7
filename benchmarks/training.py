"""Short trainings: whether each recipe, with its small config, lowers its validation figure in about two minutes.

    python benchmarks/training.py PHOTOS VALIDATION FOLDER [--runs lama glcic] [--again]
    python benchmarks/training.py --table

PHOTOS and VALIDATION are folders of photos; the runs are kept in FOLDER. Each run has a fixed number of steps, for
which the schedule of the learning rate is stretched, and one thread. The figure is the first one of the recipe's
validation, before the first and after the last step; lower is better.

A row is added to benchmarks/results/training.csv when a run is done, and what is there is not run again: an interrupted
benchmark begins again with the run that it was in. --again replaces the rows of the chosen runs.
"""

import argparse
import csv
import shutil
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any

from tqdm import tqdm

from vidinpaint.api import train
from vidinpaint.training.data.inpainted_photos import make_inpainted_photos
from vidinpaint.training.data.photos import Photos

RESULT = Path(__file__).parent / "results" / "training.csv"
EXAMPLES = {"count": 60, "size": 224, "methods": ("harmonic", "telea", "coherence", "patchmatch")}
"""Of the synthesis detector, in each of its two folders."""


@dataclass(frozen=True)
class Run:
    """A recipe, the number of steps that take about two minutes, and settings in place of those of its small config.

    settings  of the recipe
    earlier   settings of the recipe that are the weights of an earlier run, by its name
    training  of the table `training`
    """

    recipe: str
    steps: int
    settings: dict[str, Any] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)


RUNS = {
    "context_encoder": Run("context_encoder", 190),
    "contextual_attention": Run("contextual_attention", 100),
    "conv3d": Run("conv3d", 150),
    "edgeconnect, edges": Run("edgeconnect", 150, {"stage": "edges"}),
    "edgeconnect, completion": Run("edgeconnect", 170, {"stage": "completion"}),
    "edgeconnect, joint": Run(
        "edgeconnect",
        120,
        {"stage": "joint"},
        {"edge_weights": "edgeconnect, edges", "completion_weights": "edgeconnect, completion"},
        {"learning_rate": 1e-4},
    ),
    "flow_completion": Run("flow_completion", 150),
    "gated_conv": Run("gated_conv", 240),
    "glcic": Run("glcic", 180),
    "lama": Run("lama", 100),
    "partial_conv": Run("partial_conv", 180),
    "raft": Run("raft", 40),
    "repaint": Run("repaint", 80),
    "structure": Run("structure", 80),
    "synthesis_detector": Run("synthesis_detector", 50),
}
WITHOUT_PHOTOS = ("flow_completion",)


@dataclass(frozen=True)
class Row:
    """What a run gave. seconds: of training, without validations; first, last: the figure before and after."""

    run: str
    steps: int
    seconds: float
    figure: str
    first: float
    last: float


COLUMNS = [column.name for column in fields(Row)]


def read() -> dict[str, Row]:
    """The rows by the name of their run; none if there is no file."""
    if not RESULT.exists():
        return {}
    with RESULT.open(newline="") as file:
        rows = [
            Row(
                row["run"],
                int(row["steps"]),
                float(row["seconds"]),
                row["figure"],
                float(row["first"]),
                float(row["last"]),
            )
            for row in csv.DictReader(file)
        ]
    return {row.run: row for row in rows}


def write(rows: dict[str, Row]) -> None:
    """All rows, in the order of RUNS."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    with RESULT.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(rows[name]) for name in RUNS if name in rows)


def run(name: str, photos: Path, validation: Path, folder: Path) -> Row:
    """Train from the start, and read the log."""
    chosen, target = RUNS[name], folder / name
    shutil.rmtree(target, ignore_errors=True)
    settings: dict[str, Any] = dict(chosen.settings)
    settings |= {key: str(folder / earlier / "weights.safetensors") for key, earlier in chosen.earlier.items()}
    if chosen.recipe not in WITHOUT_PHOTOS:
        settings |= {"photos": str(photos), "validation": str(validation)}
    if chosen.recipe == "synthesis_detector":
        settings |= {
            key: str(examples(Path(settings[key]), folder / "examples" / key)) for key in ("photos", "validation")
        }
    length = {"steps": chosen.steps, "validate_every": chosen.steps, "threads": 1, "device": "cpu"}
    training = {**length, **chosen.training}
    train(chosen.recipe, target, settings={"training": training, chosen.recipe: settings}, quiet=True)
    with (target / "validation.csv").open(newline="") as file:
        first, *_, last = csv.DictReader(file)
    figure = next(key for key in first if key not in ("step", "seconds"))
    before, after = (round(float(row[figure]), 5) for row in (first, last))
    return Row(name, chosen.steps, round(float(last["seconds"]), 1), figure, before, after)


def examples(photos: Path, folder: Path) -> Path:
    """The folder, with examples for the synthesis detector."""
    make_inpainted_photos(Photos(str(photos)), folder, **EXAMPLES)
    return folder


def table(rows: dict[str, Row]) -> str:
    lines = ["| recipe | steps | seconds | figure | before | after | change |", "|---|---|---|---|---|---|---|"]
    for row in rows.values():
        change = f"{100 * (row.last / row.first - 1):+.1f} %"
        cells = [
            f"`{row.run}`",
            row.steps,
            round(row.seconds),
            row.figure,
            f"{row.first:.4f}",
            f"{row.last:.4f}",
            change,
        ]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs="?", type=Path, help="folder of photos to train on")
    parser.add_argument("validation", nargs="?", type=Path, help="folder of photos to validate on")
    parser.add_argument("folder", nargs="?", type=Path, help="folder for the runs")
    parser.add_argument("--runs", nargs="+", default=[*RUNS], choices=[*RUNS], metavar="RUN", help=", ".join(RUNS))
    parser.add_argument("--again", action="store_true", help="repeat the chosen runs if they are done")
    parser.add_argument("--table", action="store_true", help="only print the table")
    options = parser.parse_args()
    rows = read()
    if not options.table:
        if options.folder is None:
            parser.error("give two folders of photos and a folder for the runs, or --table")
        for name in (bar := tqdm([name for name in options.runs if options.again or name not in rows], unit="run")):
            bar.set_description(name)
            rows[name] = run(name, options.photos, options.validation, options.folder)
            write(rows)
    print(table({name: rows[name] for name in RUNS if name in rows}))


if __name__ == "__main__":
    main()
