"""`write_card`: a model card out of a run's folder: what the weights are, from what, how long, how good.

python -m vidinpaint.training.card RUN --photos DIR -o vidinpaint/weights/bundled/NAME.md
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import build
from vidinpaint.inpainters.interface import ImageInpainter
from vidinpaint.training.data.photos import Photos
from vidinpaint.training.held_out_metrics import HeldOutMetrics, held_out_metrics
from vidinpaint.training.log import Table
from vidinpaint.training.trainer import CHECKPOINT
from vidinpaint.weights.loading import read_weights

ROWS = 12
"""Of the curve."""
BESIDE = ("harmonic", "telea", "patchmatch")
PHOTOS = """\
1283 photos of ImageNet's one-per-class sample, BSDS500, Urban100 and Sun-Hays 80, cut, scaled and mirrored at random;
60 others of the same sets for all figures below."""
RIGHTS = """\
The photos' licences are for research use; none of them is in this file, but who needs weights free of that question has
to train on photos of their own."""
CLIPS = """\
Half of the windows are of real clips, of DAVIS and the examples of E2FGVI, ProPainter and SAM 2, for research use."""
MOTION = """\
Synthetic motion, made on the fly (`vidinpaint/training/data/motion.py`): layers that move, bend and hide each other."""
DATA = {
    "raft": f"{MOTION}\nTheir pictures: {PHOTOS}\n{RIGHTS}",
    "flow_completion": f"{MOTION}\nThere are no pictures in it.",
}
"""Of recipes that learn from something else than photos with masks."""
MASKS = f"{PHOTOS}\nMasks are drawn on the fly.\n{RIGHTS}"
QUICK: dict[str, dict[str, Any]] = {"repaint": {"steps": 50, "resamplings": 5, "jump": 5}}
"""Settings with which a method is held_out_metrics, where its own would take hours."""


@dataclass(frozen=True)
class Run:
    """What a folder of `vidinpaint train` says of itself.

    recipe        its name
    settings      of the training and of the recipe, by table
    validations   rows of validation.csv
    weights       the file; bytes, parameters and the network that it is for
    """

    recipe: str
    settings: Mapping[str, Mapping[str, Any]]
    validations: Sequence[Mapping[str, str]]
    weights: Path
    size: int
    parameters: int
    network: str

    @classmethod
    def read(cls, folder: Path) -> "Run":
        """Raises SettingError where there is no finished validation in the folder."""
        checkpoint, weights = folder / CHECKPOINT, folder / "weights.safetensors"
        rows = Table(folder / "validation.csv").rows
        if not checkpoint.is_file() or not rows:
            raise SettingError("the folder of a training run", f"'{folder}'", "Name the one given to `train -o`.")
        settings = torch.load(checkpoint, map_location="cpu", weights_only=True)["settings"]
        state, metadata = read_weights(weights)
        parameters = sum(value.numel() for value in state.values())
        network = f"{metadata['network']} {metadata['settings']}"
        tables = {name: table for name, table in settings.items() if name != "recipe"}
        return cls(settings["recipe"], tables, rows, weights, weights.stat().st_size, parameters, network)


def write_card(folder: Path, output: Path, photos: str = "", count: int = 60, size: int = 256) -> None:
    """Write the card of a run.

    photos   a folder of photos never trained on, to inpaint `count` of at size x size beside `BESIDE`; "": leave that
             out
    """
    run = Run.read(folder)
    figures = _figures(run, photos, count, size) if photos else ""
    output.write_text(card(run, figures), encoding="utf-8")


def card(run: Run, figures: str = "") -> str:
    """The card as Markdown; figures is a section of its own, or nothing."""
    last = run.validations[-1]
    clips = f"\n{CLIPS}" if run.settings[run.recipe].get("clips") else ""
    seconds, cores = float(last["seconds"]), run.settings["training"].get("threads") or "all"
    parts = [
        f"# {run.recipe}: own small weights",
        f"Net: `{run.network}`, {run.parameters / 1e6:.2f} million numbers, {run.size / 1e6:.1f} MB. Licence of the file: "
        "Apache-2.0, as vidinpaint.",
        f"## Data\n\n{DATA.get(run.recipe, MASKS)}{clips}",
        f"## Recipe\n\n`vidinpaint train {run.recipe}`, {last['step']} steps in {seconds:.0f} seconds on {cores} "
        f"core(s), which other work shared. Settings:\n\n{_settings(run.settings)}",
        f"## Curve\n\nOn held-out examples, with the average of the weights.\n\n{_curve(run.validations)}",
        *([figures] if figures else []),
    ]
    return "\n\n".join(parts) + "\n"


def _settings(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Every table but for folders, as a line of TOML each."""
    lines = []
    for name, table in tables.items():
        said = (f"{key} = {json.dumps(value)}" for key, value in table.items() if key not in FOLDERS)
        lines.append(f"    [{name}] {'; '.join(said)}")
    return "\n".join(lines)


FOLDERS = {"photos", "validation", "clips"}


def _curve(rows: Sequence[Mapping[str, str]]) -> str:
    """A table of a dozen of the validations, the first and the last among them."""
    count = min(ROWS, len(rows))
    chosen = [rows[round(k * (len(rows) - 1) / max(1, count - 1))] for k in range(count)]
    columns = list(rows[-1])
    lines = [[column.replace("_", " ") for column in columns], ["---:"] * len(columns)]
    lines += [[_number(row[column]) for column in columns] for row in chosen]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(text: str) -> str:
    value = float(text)
    return f"{value:.0f}" if value == int(value) or value >= 1000 else f"{value:.4g}"


def _figures(run: Run, photos: str, count: int, size: int) -> str:
    """The section of what the weights do on whole photos beside methods without weights; none for those of clips."""
    inpainter = build("inpainters", run.recipe, {"weights": str(run.weights), **QUICK.get(run.recipe, {})})
    if not isinstance(inpainter, ImageInpainter):
        return ""
    inpainters = {run.recipe: inpainter, **{name: build("inpainters", name, {}) for name in BESIDE}}
    rows = held_out_metrics(inpainters, Photos(photos), count, size)
    quick = f" {run.recipe} with {QUICK[run.recipe]}." if run.recipe in QUICK else ""
    return (
        f"## Beside others\n\nThe middles of {min(count, len(Photos(photos).paths))} photos never trained on, {size} x "
        f"{size} pixels, irregular strokes over 10 to 40 % of each; under the mask alone.{quick}\n\n{_table(rows)}"
    )


def _table(rows: Mapping[str, HeldOutMetrics]) -> str:
    lines = ["| method | L1, 0 to 1 | PSNR, dB | SSIM |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {name} | {row.l1:.4f} | {row.psnr:.2f} | {row.ssim:.4f} |" for name, row in rows.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """See the top of the file."""
    parser = argparse.ArgumentParser(prog="python -m vidinpaint.training.card", description="Write a run's model card.")
    parser.add_argument("run", type=Path, help="the folder given to `vidinpaint train -o`")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.md")
    parser.add_argument("--photos", default="", help="photos never trained on, to inpaint beside other methods")
    parser.add_argument("--count", type=int, default=60, help="photos to inpaint (default: %(default)s)")
    parser.add_argument("--size", type=int, default=256, help="pixels a side of each (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    write_card(chosen.run, chosen.output, chosen.photos, chosen.count, chosen.size)


if __name__ == "__main__":
    main()
