"""The header of the page, and its sections on time, notes, settings, files and versions."""

import json
from collections.abc import Iterable
from pathlib import Path

from vidinpaint.core.report import Report
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.markup import Markup, element, join, section
from vidinpaint.reporting.words import badge, clock, overall, sentence


def header(report: Report, evidence: Evidence) -> Markup:
    """Name of the clip, verdict, a short summary, and the main figures."""
    verdict = overall(report.checks)
    pts, base = evidence.plan.pts, evidence.plan.time_base
    length = float((int(pts[-1]) - int(pts[0])) * base) * len(pts) / max(1, len(pts) - 1)  # includes the last frame
    facts = [
        ("frames", f"{report.frames:,}".replace(",", " ")),
        ("size", f"{report.width} × {report.height}"),
        ("length", clock(length)),
        ("inpainted frames", str(int((evidence.counts.sum(1) > 0).sum()))),
        ("run time", clock(report.total_seconds)),
        ("frames per second", f"{report.frames / max(report.total_seconds, 1e-9):.1f}"),
    ]
    items = [element("div", element("dt", name), element("dd", value)) for name, value in facts]
    label = element("span", badge(report.checks), class_=f"badge {verdict or 'none'}")
    return element(
        "header",
        element("p", "vidinpaint report", class_="kicker"),
        element("h1", title(report), label if report.inpainted_pixels else None),
        element("p", sentence(report), class_="lead"),
        element("dl", *items, class_="facts"),
    )


def title(report: Report) -> str:
    """The clip's file name without folders."""
    return Path(report.clip).name or "Frames in memory"


def stage_times(report: Report) -> Markup:
    """One bar per stage, the longest first."""
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
        f"Stages overlap: their sum is {sum(report.seconds.values()):.1f} s, the run took {report.total_seconds:.1f} s."
    )
    return section("Time", element("table", element("tbody", *bars), class_="bars"), element("p", hint, class_="hint"))


def notes(report: Report) -> Markup:
    """What was lost, converted or replaced by a fallback."""
    if not report.notes:
        return section("Notes", element("p", "Nothing was lost, converted or replaced by a fallback."))
    return section("Notes", element("ul", *(element("li", note) for note in report.notes)))


def settings(report: Report) -> Markup:
    """The resolved settings of every stage."""
    tables = []
    for stage, values in report.settings.items():
        rows = [
            (key, json.dumps(value, default=str, ensure_ascii=False)) for key, value in values.items() if value != {}
        ]
        if rows:
            tables.append(element("div", element("h3", stage), _pairs(rows), class_="card"))
    names = f"Pipeline {report.pipeline}, config {report.config}, runner {report.runner}."
    return section("Settings", element("p", names), element("div", *tables, class_="cards"))


def origin(report: Report) -> Markup:
    """Files with their hashes, the command, and versions."""
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
