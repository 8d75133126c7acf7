"""The verdict at the top, and the plain facts of a run at the end: time, notes, settings, files and versions."""

import json
from collections.abc import Iterable
from pathlib import Path

from vidinpaint.core.report import Report
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.markup import Markup, element, join, section
from vidinpaint.reporting.words import badge, clock, overall, sentence


def header(report: Report, evidence: Evidence) -> Markup:
    """Name, verdict, one sentence, the figures of the clip."""
    verdict = overall(report.checks)
    pts, base = evidence.plan.pts, evidence.plan.time_base
    length = float((int(pts[-1]) - int(pts[0])) * base) * len(pts) / max(1, len(pts) - 1)  # the last frame lasts too
    facts = [
        ("frames", f"{report.frames:,}".replace(",", " ")),
        ("size", f"{report.width} × {report.height}"),
        ("length", clock(length)),
        ("inpainted frames", str(int((evidence.counts.sum(1) > 0).sum()))),
        ("run time", clock(report.total_seconds)),
        ("frames a second", f"{report.frames / max(report.total_seconds, 1e-9):.1f}"),
    ]
    listed = [element("div", element("dt", name), element("dd", value)) for name, value in facts]
    mark = element("span", badge(report.checks), class_=f"badge {verdict or 'none'}")
    return element(
        "header",
        element("p", "vidinpaint report", class_="kicker"),
        element("h1", title(report), mark if report.inpainted_pixels else None),
        element("p", sentence(report), class_="lead"),
        element("dl", *listed, class_="facts"),
    )


def title(report: Report) -> str:
    """The clip's name without its folders."""
    return Path(report.clip).name or "Frames in memory"


def stage_times(report: Report) -> Markup:
    """A bar a stage."""
    total = max(report.seconds.values(), default=0.0)
    bars = [
        element(
            "tr",
            element("th", name, scope="row"),
            element("td", element("i", style=f"width:{100 * seconds / total if total else 0:.1f}%"), class_="bar"),
            element("td", f"{seconds:.2f} s", class_="number"),
        )
        for name, seconds in sorted(report.seconds.items(), key=lambda item: -item[1])
    ]
    hint = (
        f"Stages overlap: they sum to {sum(report.seconds.values()):.1f} s, the run took {report.total_seconds:.1f} s."
    )
    return section("Time", element("table", element("tbody", *bars), class_="bars"), element("p", hint, class_="hint"))


def notes(report: Report) -> Markup:
    """What was dropped, converted or fell back."""
    if not report.notes:
        return section(
            "Kept and dropped", element("p", "Nothing was dropped, converted or replaced by something else.")
        )
    return section("Kept and dropped", element("ul", *(element("li", note) for note in report.notes)))


def settings(report: Report) -> Markup:
    """Every stage's settings as they were used."""
    tables = []
    for stage, values in report.settings.items():
        rows = [
            (key, json.dumps(value, default=str, ensure_ascii=False)) for key, value in values.items() if value != {}
        ]
        if rows:
            tables.append(element("div", element("h3", stage), _pairs(rows), class_="card"))
    chosen = f"Pipeline {report.pipeline}, config {report.config}, runner {report.runner}."
    return section("Settings", element("p", chosen), element("div", *tables, class_="cards"))


def origin(report: Report) -> Markup:
    """Files with their hashes, versions, and how the run was started."""
    rows = [
        ("source", report.clip),
        ("SHA-256", report.source_sha256),
        ("result", report.output),
        ("SHA-256", report.output_sha256),
        ("started", report.started),
        ("command", report.command),
        *report.versions.items(),
    ]
    return section("Files and versions", _pairs([(name, value) for name, value in rows if value]))


def _pairs(rows: Iterable[tuple[str, str]]) -> Markup:
    return element("dl", *(join((element("dt", name), element("dd", value))) for name, value in rows), class_="pairs")
