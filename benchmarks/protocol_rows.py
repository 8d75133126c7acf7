"""What `protocols.py` measures, one row for a method on a photo with a mask, in a CSV that grows row by row."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """What is measured. weights: beginning of a SHA-256 of the files of weights, empty for methods without."""

    method: str
    weights: str
    mask: str
    photo: str
    size: int
    seed: int


@dataclass(frozen=True)
class Figures:
    """What was measured, all but LPIPS under the mask only; None where it cannot be measured here.

    l1 in [0, 1]; psnr in dB; time in seconds
    """

    l1: float
    psnr: float
    ssim: float
    deep_feature_distance: float | None
    lpips_alex: float | None
    lpips_vgg: float | None
    seconds: float


Rows = dict[Case, Figures]
COLUMNS = [field.name for kind in (Case, Figures) for field in fields(kind)]


def read(path: Path) -> Rows:
    """All complete rows, in the order of the file; none if there is no file. Exits if it is of another kind."""
    if not path.exists():
        return {}
    lines = path.read_text().splitlines(keepends=True)
    table = csv.reader(line for line in lines if line.endswith("\n"))
    if next(table, COLUMNS) != COLUMNS:
        raise SystemExit(f"expected the columns {','.join(COLUMNS)} in {path}, found others: give another --output")
    return dict(_row(values) for values in table)


def append(path: Path, case: Case, figures: Figures) -> None:
    """Add a row; what is left of a row that was interrupted is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text() if path.exists() else ""
    complete = text[: text.rfind("\n") + 1]
    if complete != text:
        path.write_text(complete)
    with path.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not complete:
            writer.writerow(COLUMNS)
        writer.writerow([*astuple(case), *("" if value is None else f"{value:.6g}" for value in astuple(figures))])


def newest(rows: Rows, size: int, seed: int) -> Rows:
    """The rows of one size and seed; of methods with weights, those with the weights that came last."""
    rows = {case: figures for case, figures in rows.items() if (case.size, case.seed) == (size, seed)}
    last = {case.method: case.weights for case in rows}
    return {case: figures for case, figures in rows.items() if case.weights == last[case.method]}


def spent(rows: Rows, cases: Iterable[Case]) -> float:
    """Seconds that the cases took, of those that were measured."""
    return sum(rows[case].seconds for case in cases if case in rows)


def file_name(case: Case) -> str:
    """Of an image of the result, distinct for each case."""
    return "_".join(str(value) for value in asdict(case).values() if value != "") + ".png"


def _row(values: list[str]) -> tuple[Case, Figures]:
    count = len(fields(Case))
    method, weights, mask, photo, size, seed = values[:count]
    case = Case(method, weights, mask, photo, int(size), int(seed))
    return case, Figures(*(float(value) if value else None for value in values[count:]))  # type: ignore[arg-type]
