"""`write_card`: writes the model card of a training run: its weights, data, settings, validations and metrics.

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
from vidinpaint.weights.loading import NETWORK_KEY, read_weights

CURVE_ROWS = 12
FOLDER_SETTINGS = {"photos", "validation", "clips", "initial"}
COMPARED = ("harmonic", "telea", "patchmatch")
PHOTOS = """\
1283 photos of ImageNet's one-per-class sample, BSDS500, Urban100 and Sun-Hays 80, cut, scaled and mirrored at random;
60 other photos of the same sets for the figures below."""
LICENCES = """\
The photos are licensed for research use. None of them is in this file; to avoid any doubt about its licence, train on
photos of your own."""
CLIPS = """\
Half of the windows come from real clips for research use: of DAVIS and the examples of E2FGVI, ProPainter and SAM 2."""
MOTION = """\
Synthetic motion, generated during training (`vidinpaint/training/data/motion.py`): layers that move, bend and occlude
each other."""
INPAINTED = f"""\
{PHOTOS}
They were inpainted before the training by methods of ours (`vidinpaint/training/data/inpainted_photos.py`)."""
FRAMES = """\
Beside them, 144 frames of 24 real clips for research use: of DAVIS and of examples and issues of other projects."""
MASKS = f"{PHOTOS}\nMasks are generated during training.\n{LICENCES}"
DATA = {
    "raft": f"{MOTION}\nTheir textures: {PHOTOS}\n{LICENCES}",
    "structure": f"{PHOTOS}\n{FRAMES}\nMasks are generated during training.\n{LICENCES}",
    "gated_conv": f"{PHOTOS}\n{FRAMES}\nMasks are generated during training.\n{LICENCES}",
    "flow_completion": f"{MOTION}\nIt uses no photos.",
    "synthesis_detector": f"{INPAINTED}\n{LICENCES}",
}
"""Training data of other recipes than those that use only photos, with masks."""
QUICK: dict[str, dict[str, Any]] = {"repaint": {"steps": 50, "resamplings": 5, "jump": 5}}
"""Settings of methods whose defaults would take hours."""


@dataclass(frozen=True)
class Run:
    """The contents of a folder of `vidinpaint train`.

    recipe        name of the recipe
    settings      tables of the training and of the recipe
    validations   rows of validation.csv
    weights       file of the weights
    size          of that file, in bytes
    parameters    number of parameters
    network       name and settings of the network
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
        """Read a folder. Raises SettingError if it has no finished validation."""
        checkpoint, weights = folder / CHECKPOINT, folder / "weights.safetensors"
        rows = Table(folder / "validation.csv").rows
        if not checkpoint.is_file() or not rows:
            actual = f"'{folder}' without a checkpoint or a validation"
            raise SettingError("the folder of a training run", actual, "Give the folder of `train -o`.")
        settings = torch.load(checkpoint, map_location="cpu", weights_only=True)["settings"]
        state, metadata = read_weights(weights)
        parameters = sum(value.numel() for value in state.values())
        network = f"{metadata[NETWORK_KEY]} {metadata['settings']}"
        tables = {name: table for name, table in settings.items() if name != "recipe"}
        return cls(settings["recipe"], tables, rows, weights, weights.stat().st_size, parameters, network)


def write_card(folder: Path, output: Path, photos: str = "", count: int = 60, size: int = 256) -> None:
    """Write the card of the run in a folder.

    photos       folder of held-out photos for a comparison with the methods `COMPARED`. Default: "", no comparison
    count, size  number of photos, and side of their centres in pixels
    """
    run = Run.read(folder)
    figures = _comparison(run, photos, count, size) if photos else ""
    output.write_text(card(run, figures), encoding="utf-8")


def card(run: Run, figures: str = "") -> str:
    """The card as Markdown; figures: the section of the comparison, or ""."""
    last = run.validations[-1]
    clips = f"\n{CLIPS}" if run.settings[run.recipe].get("clips") else ""
    seconds, cores = float(last["seconds"]), run.settings["training"].get("threads") or "all"
    parts = [
        f"# {run.recipe}: own small weights",
        f"Network: `{run.network}`, {run.parameters / 1e6:.2f} million parameters, {run.size / 1e6:.1f} MB. "
        "Licence of the file: Apache-2.0, as vidinpaint.",
        f"## Data\n\n{DATA.get(run.recipe, MASKS)}{clips}",
        f"## Recipe\n\n`vidinpaint train {run.recipe}`, {last['step']} steps in {seconds:.0f} seconds on {cores} "
        f"core(s) that other programs also used. Settings:\n\n{_settings(run.settings)}",
        f"## Curve\n\nOn held-out examples, with the moving average of the weights.\n\n{_curve(run.validations)}",
        *([figures] if figures else []),
    ]
    return "\n\n".join(parts) + "\n"


def _settings(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """One line of TOML per table, without the folders."""
    lines = []
    for name, table in tables.items():
        pairs = (f"{key} = {json.dumps(value)}" for key, value in table.items() if key not in FOLDER_SETTINGS)
        lines.append(f"    [{name}] {'; '.join(pairs)}")
    return "\n".join(lines)


def _curve(rows: Sequence[Mapping[str, str]]) -> str:
    """A table of at most `CURVE_ROWS` validations, including the first and the last."""
    count = min(CURVE_ROWS, len(rows))
    selected = [rows[round(k * (len(rows) - 1) / max(1, count - 1))] for k in range(count)]
    columns = list(rows[-1])
    lines = [[column.replace("_", " ") for column in columns], ["---:"] * len(columns)]
    lines += [[_number(row[column]) for column in columns] for row in selected]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(text: str) -> str:
    value = float(text)
    return f"{value:.0f}" if value == int(value) or value >= 1000 else f"{value:.4g}"


def _comparison(run: Run, photos: str, count: int, size: int) -> str:
    """The section that compares the weights with methods without weights; "" for inpainters of clips."""
    inpainter = build("inpainters", run.recipe, {"weights": str(run.weights), **QUICK.get(run.recipe, {})})
    if not isinstance(inpainter, ImageInpainter):
        return ""
    inpainters = {run.recipe: inpainter, **{name: build("inpainters", name, {}) for name in COMPARED}}
    rows = held_out_metrics(inpainters, Photos(photos), count, size)
    quick = f" Settings of {run.recipe}: {QUICK[run.recipe]}." if run.recipe in QUICK else ""
    count = min(count, len(Photos(photos).paths))
    return (
        f"## Compared with other methods\n\nThe centres of {count} held-out photos, {size} x {size} pixels, irregular "
        f"strokes over 10 to 40 % of each; measured under the mask only.{quick}\n\n{_table(rows)}"
    )


def _table(rows: Mapping[str, HeldOutMetrics]) -> str:
    lines = ["| method | L1, 0 to 1 | PSNR, dB | SSIM | deep feature distance |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {row.l1:.4f} | {row.psnr:.2f} | {row.ssim:.4f} | {row.deep:.3f} |" for name, row in rows.items()
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `python -m vidinpaint.training.card`."""
    parser = argparse.ArgumentParser(prog="python -m vidinpaint.training.card", description="Write a run's model card.")
    parser.add_argument("run", type=Path, help="the folder given to `vidinpaint train -o`")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.md")
    parser.add_argument("--photos", default="", help="folder of held-out photos, for a comparison with other methods")
    parser.add_argument("--count", type=int, default=60, help="number of photos (default: %(default)s)")
    parser.add_argument("--size", type=int, default=256, help="side of the centres in pixels (default: %(default)s)")
    options = parser.parse_args(arguments)
    write_card(options.run, options.output, options.photos, options.count, options.size)


if __name__ == "__main__":
    main()
