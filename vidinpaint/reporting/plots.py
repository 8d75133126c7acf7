"""Plots over time as inline SVG: lines, stacked areas, verdicts as bands, cuts and window borders.

The drawing is stretched to the width of the page, so it contains no text: tick labels are HTML, positioned in percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from vidinpaint.reporting.markup import Markup, element

WIDTH, HEIGHT = 1000, 160  # units of the drawing, not pixels
MAX_POINTS = 500  # of a line; longer clips are averaged
MAX_BORDERS = 120  # window borders; more would become a grey area


@dataclass(frozen=True)
class Band:
    """Shades frames start:stop; `verdict` selects the colour, `title` is the tooltip."""

    start: int
    stop: int
    verdict: str
    title: str


@dataclass(frozen=True)
class Line:
    """values float (T,), NaN where nothing was measured; `kind` is the CSS class that selects the colour."""

    name: str
    kind: str
    values: np.ndarray


@dataclass(frozen=True)
class Time:
    """The time axis of all plots: frames 0:length, first frames of windows and shots, and shaded bands."""

    length: int
    windows: Sequence[int] = ()
    shots: Sequence[int] = ()
    bands: Sequence[Band] = ()

    def x(self, frame: float) -> float:
        """Position of a frame, in units of the drawing."""
        return round(WIDTH * frame / max(1, self.length), 2)

    def binned(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Borders and means of at most `MAX_POINTS` groups of frames; NaN for a group without values."""
        edges = np.unique(np.linspace(0, self.length, min(MAX_POINTS, self.length) + 1).astype(int))
        known = np.isfinite(values)
        sums = np.add.reduceat(np.where(known, values, 0.0), edges[:-1])
        counts = np.add.reduceat(known.astype(int), edges[:-1])
        means = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
        return WIDTH * edges / max(1, self.length), means


def line_plot(time: Time, title: str, unit: str, lines: Sequence[Line]) -> Markup:
    """Lines over time; the vertical axis starts at zero."""
    points = [(line, *time.binned(line.values)) for line in lines]
    largest = max((float(np.nanmax(means)) for _, _, means in points if np.isfinite(means).any()), default=0.0)
    ticks = nice_ticks(largest)
    shapes = [
        element("path", class_=f"line {line.kind}", d=_path(borders, HEIGHT * (1 - means / ticks[-1])))
        for line, borders, means in points
    ]
    return _plot(time, title, unit, lines, shapes, ticks)


def stack_plot(time: Time, title: str, unit: str, layers: Sequence[Line]) -> Markup:
    """Areas in percent, stacked over time with the first at the bottom; the axis ends at the largest sum."""
    binned = [(layer, *time.binned(np.nan_to_num(layer.values))) for layer in layers]
    highest = float(np.max(sum((means for _, _, means in binned), np.zeros(1)), initial=0.0))
    ticks = nice_ticks(min(highest, 100.0))
    below = np.zeros(1)
    shapes = []
    for layer, borders, means in binned:
        above = below + means
        below = np.broadcast_to(below, above.shape)
        outline = _outline(borders, HEIGHT * (1 - below / ticks[-1]), HEIGHT * (1 - above / ticks[-1]))
        shapes.append(element("path", class_=f"area {layer.kind}", d=outline))
        below = above
    return _plot(time, title, unit, layers, shapes, ticks)


def nice_ticks(largest: float, count: int = 4) -> list[float]:
    """Round numbers from 0 to at least `largest`, in about `count` steps."""
    if not largest > 0:
        return [0.0, 1.0]
    rough = largest / count
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    return [round(step * index, 10) for index in range(ceil(largest / step * 0.999) + 1)]


def _plot(
    time: Time,
    title: str,
    unit: str,
    lines: Sequence[Line],
    shapes: Sequence[Markup],
    ticks: Sequence[float],
) -> Markup:
    """The drawing of some shapes, one per line, with grid, bands, borders, cuts, legend and tick labels."""
    top = ticks[-1]
    grid = [_horizontal("grid", 0, WIDTH, HEIGHT * (1 - tick / top)) for tick in ticks]
    bands = [
        element(
            "rect", element("title", band.title), class_=f"band {band.verdict}", x=time.x(band.start), y=0,
            width=round(time.x(band.stop) - time.x(band.start), 2), height=HEIGHT,
        )
        for band in time.bands
    ]  # fmt: skip
    borders = [_vertical("border", time.x(start)) for start in time.windows] if len(time.windows) <= MAX_BORDERS else []
    cuts = [_vertical("cut", time.x(start)) for start in time.shots] if len(time.shots) <= MAX_BORDERS else []
    svg = element(
        "svg", *bands, *grid, *borders, *cuts, *shapes,
        viewBox=f"0 0 {WIDTH} {HEIGHT}", preserveAspectRatio="none", role="img", aria_label=f"{title}, {unit}",
    )  # fmt: skip
    keys = [element("span", element("i", class_=f"key {one.kind}"), one.name, class_="legend-item") for one in lines]
    heading = element("figcaption", element("b", title), element("span", unit, class_="unit"), *keys)
    y_labels = [element("span", f"{tick:g}", style=f"top:{100 * (1 - tick / top):.2f}%") for tick in ticks]
    x_labels = [
        element("span", f"{tick:g}", style=f"left:{100 * tick / max(1, time.length):.2f}%")
        for tick in nice_ticks(time.length - 1)
        if tick <= time.length - 1 and tick == int(tick)
    ]
    return element(
        "figure", heading, element("div", *y_labels, class_="y-axis"), element("div", svg, class_="drawing"),
        element("div", *x_labels, class_="x-axis"), class_="plot",
    )  # fmt: skip


def _path(borders: np.ndarray, y: np.ndarray) -> str:
    """A line through the centres of the groups, interrupted where a value is missing; an isolated point is a dot."""
    pieces = []
    connected = False
    for x, height in zip(((borders[:-1] + borders[1:]) / 2).tolist(), y.tolist()):
        if np.isnan(height):
            connected = False
            continue
        pieces.append(f"{'L' if connected else 'M'}{x:.1f} {height:.1f}" + ("" if connected else "h.01"))
        connected = True
    return "".join(pieces)


def _outline(borders: np.ndarray, bottom: np.ndarray, top: np.ndarray) -> str:
    """A closed area between two step functions, with one step per group."""
    x = np.repeat(borders, 2)[1:-1]
    xs = np.concatenate([x, x[::-1]]).tolist()
    ys = np.concatenate([np.repeat(top, 2), np.repeat(bottom, 2)[::-1]]).tolist()
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys)) + "Z"


def _horizontal(kind: str, start: float, stop: float, y: float) -> Markup:
    return element("path", class_=kind, d=f"M{start} {y:.1f}H{stop}")


def _vertical(kind: str, x: float) -> Markup:
    return element("path", class_=kind, d=f"M{x} 0V{HEIGHT}")
