"""The summary of a batch: one row per clip, as CSV for programs and as one HTML page without scripts for people."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.resources import files

from vidinpaint.reporting.markup import Markup, element, join, section, text

STATUSES = ("done", "already done", "failed")


@dataclass(frozen=True)
class Line:
    """The outcome of one clip.

    line         line of the clip in the manifest
    status       one of `STATUSES`
    good to bad  windows by the verdict of the check
    synthesised  share of the masked pixels, 0 to 1
    seconds      of the run that finished the clip
    error        empty unless the clip failed; where: stage and window of the error
    """

    line: int
    clip: str
    output: str
    status: str
    frames: int = 0
    windows: int = 0
    good: int = 0
    suspect: int = 0
    bad: int = 0
    synthesised: float = 0.0
    seconds: float = 0.0
    error: str = ""
    where: str = ""


def totals(lines: Sequence[Line]) -> str:
    """The number of clips by status, and of bad windows, as one line."""
    counts = ", ".join(f"{sum(line.status == status for line in lines)} {status}" for status in STATUSES)
    return f"{len(lines)} clips: {counts}; {sum(line.bad for line in lines)} bad windows"


def to_csv(lines: Sequence[Line]) -> str:
    """All lines as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(Line)]
    writer.writerow(names)
    writer.writerows([_harmless(getattr(line, name)) for name in names] for line in lines)
    return text.getvalue().encode("utf-8", "backslashreplace").decode()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def to_html(lines: Sequence[Line], name: str) -> str:
    """All lines as a page that loads no other file."""
    style = (files("vidinpaint.reporting") / "template" / "page.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    failed = [line for line in lines if line.error]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("title", f"{name} - vidinpaint batch"),
        element("style", Markup(style)),
    )
    body = element(
        "main",
        element(
            "header",
            element("p", "vidinpaint batch", class_="kicker"),
            element("h1", name),
            element("p", totals(lines), class_="lead"),
        ),
        section("Failed", _failures(failed)) if failed else None,
        section("All clips", _table(lines)),
    )
    return f"<!doctype html>\n{text(element('html', head, element('body', body), lang='en'))}\n"


def _failures(failed: Sequence[Line]) -> Markup:
    rows = [
        element("tr", element("td", str(line.line)), element("td", line.clip), element("td", line.error, _at(line)))
        for line in failed
    ]
    return _rows(("line", "clip", "error"), rows)


def _at(line: Line) -> Markup | None:
    return element("span", f" ({line.where})") if line.where else None


def _table(lines: Sequence[Line]) -> Markup:
    rows = []
    for line in lines:
        cells = (line.line, line.output, line.status, line.frames, line.windows, line.good, line.suspect, line.bad,
                 f"{line.synthesised:.0%}", f"{line.seconds:.1f}")  # fmt: skip
        rows.append(element("tr", *(element("td", str(cell)) for cell in cells)))
    names = ("line", "output", "status", "frames", "windows", "good", "suspect", "bad", "synthesised", "seconds")
    return _rows(names, rows)


def _rows(names: Sequence[str], rows: Sequence[Markup]) -> Markup:
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    return element("table", head, element("tbody", join(rows)), class_="windows")
