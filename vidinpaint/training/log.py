"""The log of a training run: two CSV files and a plot of their curves."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


class Log:
    """The files log.csv, one row per step, and validation.csv, one row per validation, of one folder."""

    def __init__(self, folder: Path) -> None:
        self._steps = Table(folder / "log.csv")
        self._validations = Table(folder / "validation.csv")

    def begin(self, step: int) -> None:
        """Remove the rows of later steps, which are repeated when a run continues."""
        self._steps.remove_after(step)
        self._validations.remove_after(step)

    def step(self, step: int, seconds: float, rate: float, terms: Mapping[str, float]) -> None:
        """Add the row of a step: seconds of training so far, learning rate, terms of the loss."""
        self._steps.add({"step": step, "seconds": round(seconds, 3), "rate": rate, **terms})

    def validation(self, step: int, seconds: float, figures: Mapping[str, float]) -> None:
        """Add the row of a validation."""
        self._validations.add({"step": step, "seconds": round(seconds, 3), **figures})

    def last_figures(self) -> dict[str, float]:
        """The figures of the last validation."""
        last = self._validations.rows[-1]
        return {key: float(value) for key, value in last.items() if key not in {"step", "seconds"}}

    def flush(self) -> None:
        """Write both CSV files."""
        self._steps.write()
        self._validations.write()

    def plot(self, path: Path) -> None:
        """Plot the smoothed loss and the first validation figure over the steps, as a PNG file."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure((8, 4), layout="constrained")
        FigureCanvasAgg(figure)
        losses = self._steps.columns("step", "loss")
        key = next(iter(self.last_figures()))
        for position, (x, y), title in (
            (121, _smoothed(*losses), "training loss"),
            (122, self._validations.columns("step", key), f"validation: {key}"),
        ):
            axes = figure.add_subplot(position, title=title, xlabel="step")
            axes.plot(x, y)
            if len(y) and y.min() > 0:
                axes.set_yscale("log")
        figure.savefig(str(path), dpi=100)


class Table:
    """The rows of a CSV file, read if it exists; a row may lack some of the columns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: list[dict[str, Any]] = []
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                self.rows = [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]

    def add(self, row: dict[str, Any]) -> None:
        self.rows.append(row)

    def remove_after(self, step: int) -> None:
        """Remove the rows of later steps."""
        self.rows = [row for row in self.rows if int(row["step"]) <= step]

    def write(self) -> None:
        with self._path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in self.rows for key in row)))
            writer.writeheader()
            writer.writerows(self.rows)

    def columns(self, *names: str) -> tuple[np.ndarray, ...]:
        """float64 (n,) for each of these columns, from the rows that have them all."""
        rows = [row for row in self.rows if all(name in row for name in names)]
        return tuple(np.array([float(row[name]) for row in rows]) for name in names)


def _smoothed(steps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The means of 100 parts of the run; all values of a run of fewer than 200 steps."""
    if len(values) < 200:
        return steps, values
    groups = np.array_split(np.arange(len(values)), 100)
    return np.array([steps[g].mean() for g in groups]), np.array([values[g].mean() for g in groups])
