"""`write_report`: a folder with the page about a run and the same as JSON.

The page is one file: its pictures, style and script are inside, and it tells the browser to load nothing else and to
run no script but its own (Content-Security-Policy), so it can be mailed, archived and read offline.
"""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from string import Template

from vidinpaint.core.errors import OutputError
from vidinpaint.core.provenance import SOURCE_COLOURS
from vidinpaint.core.report import Report, write_text
from vidinpaint.reporting.before_after import before_and_after
from vidinpaint.reporting.destination import FIGURES, PAGE
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.facts import header, notes, origin, settings, stage_times, title
from vidinpaint.reporting.markup import join, text
from vidinpaint.reporting.over_time import over_time
from vidinpaint.reporting.windows_table import windows_table


def write_report(folder: Path, report: Report, evidence: Evidence) -> None:
    """Write FOLDER/index.html and FOLDER/report.json; raises `OutputError` where they cannot be written."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        actual = f"{error.strerror} at {str(folder)!r}"
        raise OutputError("to make a folder for the report", actual, "Check the path and its rights.") from error
    write_text(folder / FIGURES, json.dumps(report.to_json(), indent=2) + "\n")
    write_text(folder / PAGE, page(report, evidence))


def page(report: Report, evidence: Evidence) -> str:
    """The whole page as HTML."""
    sections = [
        header(report, evidence),
        before_and_after(report, evidence),
        over_time(report, evidence),
        windows_table(report),
        stage_times(report),
        notes(report),
        settings(report),
        origin(report),
    ]
    script = _part("page.js")
    return Template(_part("page.html")).substitute(
        title=text(title(report)),
        style=_source_colours() + _part("page.css"),
        body=join(sections),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    )


def _source_colours() -> str:
    """The colours of the debug pictures, as CSS classes."""
    rules = []
    for kind, colour in SOURCE_COLOURS.items():
        name, shade = kind.name.lower(), f"rgb{colour}"
        rules.append(f".area.{name} {{ fill: {shade}; }} .key.{name} {{ background: {shade}; }}\n")
    return "".join(rules)


def _part(name: str) -> str:
    return (files("vidinpaint.reporting") / "template" / name).read_text(encoding="utf-8")
