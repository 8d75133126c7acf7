"""Markdown tables of what `protocols.py` measured, and of the figures that the authors of RePaint published."""

import statistics
from collections.abc import Callable, Iterable

from protocol_masks import SETS
from protocol_rows import Figures, Rows

TITLES = {"repaint": "RePaint's masks", "pconv": "PConv's ratios", "simple": "Irregular strokes and boxes, 20-40 %"}
PUBLISHED = {  # Lugmayr 2022, table 1: LPIPS on CelebA-HQ
    "RePaint": (0.059, 0.028, 0.029, 0.009, 0.165, 0.435),
    "LaMa": (0.045, 0.028, 0.177, 0.083, 0.138, 0.342),
    "DeepFill v2": (0.066, 0.049, 0.119, 0.049, 0.209, 0.467),
}
Cell = Callable[[list[Figures]], str]


def tables(rows: Rows) -> str:
    """One table or more for every set of masks that was measured, and what the authors of RePaint published."""
    parts = []
    for name, kinds in SETS.items():
        measured = {case: figures for case, figures in rows.items() if case.mask in kinds}
        if measured:
            columns = [kind for kind in kinds if kind in {case.mask for case in measured}]
            parts += _tables_of(TITLES[name], measured, columns)
    return "\n\n".join([*parts, published()]) + "\n"


def published() -> str:
    """The figures of the authors, which those measured here cannot be compared with."""
    title = "Published by the authors of RePaint, LPIPS on CelebA-HQ"
    rows = [(name, *(f"{value:.3f}".removeprefix("0") for value in values)) for name, values in PUBLISHED.items()]
    note = (
        "These are the authors' own figures (Lugmayr 2022, table 1), on 256 x 256 faces with their networks.",
        "They were not measured here, and cannot be compared with the other tables.",
    )
    return "\n\n".join([f"{title}:", _table(("LPIPS of the authors", *SETS["repaint"]), rows), "\n".join(note)])


def _tables_of(title: str, rows: Rows, columns: list[str]) -> list[str]:
    quality = _by_method(rows, columns, lambda found: " ".join((_l1(found), _psnr(found), _ssim(found))))
    times = {method: (_seconds(found), _photos(found)) for method, found in _methods(rows).items()}
    parts = [f"{title}:"]
    for field, heading in (
        ("deep_feature_distance", "deep feature distance"),
        ("lpips_alex", "LPIPS (AlexNet)"),
        ("lpips_vgg", "LPIPS (VGG16)"),
    ):
        if any(getattr(figures, field) is not None for figures in rows.values()):
            parts.append(_table((heading, *columns), _by_method(rows, columns, _mean_of(field))))
    parts.append(
        _table(
            ("L1 / dB / SSIM", *columns, "seconds", "photos"),
            [(method, *cells, *times[method]) for method, *cells in quality],
        )
    )
    return parts


def _by_method(rows: Rows, columns: list[str], cell: Cell) -> list[tuple[str, ...]]:
    """A tuple for each method: its name, and a cell for each kind of mask, empty where nothing was measured."""
    result = []
    for method, found in _methods(rows).items():
        cells = [[figures for case, figures in found.items() if case.mask == kind] for kind in columns]
        result.append((method, *(cell(figures) if figures else "" for figures in cells)))
    return result


def _methods(rows: Rows) -> dict[str, Rows]:
    names = sorted({case.method for case in rows})
    return {name: {case: figures for case, figures in rows.items() if case.method == name} for name in names}


def _photos(rows: Rows) -> str:
    """On how many photos the figures of a method rest: one number, or the least and most of all kinds of masks."""
    kinds = {case.mask for case in rows}
    counts = {sum(case.mask == kind for case in rows) for kind in kinds}
    return "-".join(str(count) for count in sorted({min(counts), max(counts)}))


def _seconds(rows: Rows) -> str:
    """The median, because the first image may also compile."""
    return f"{statistics.median(figures.seconds for figures in rows.values()):.2g}"


def _mean_of(field: str) -> Cell:
    def cell(found: list[Figures]) -> str:
        values = [getattr(figures, field) for figures in found]
        return _short(statistics.mean(values)) if None not in values else ""

    return cell


def _l1(found: list[Figures]) -> str:
    return _short(statistics.mean(figures.l1 for figures in found))


def _psnr(found: list[Figures]) -> str:
    return f"{statistics.mean(figures.psnr for figures in found):.1f}"


def _ssim(found: list[Figures]) -> str:
    return _short(statistics.mean(figures.ssim for figures in found))


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("|" + "|".join(line) + "|" if line[0] == "---" else f"| {' | '.join(line)} |" for line in lines)
