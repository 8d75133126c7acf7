"""`write_report`: writes a folder with the page about a run and the same facts as JSON.

The page is one file that contains its images, style and script. Its Content-Security-Policy lets the browser load
nothing else and run no other script, so it can be mailed, archived and read offline.
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
from vidinpaint.reporting.destination import JSON_FILE, PAGE
from vidinpaint.reporting.estimated_marks import estimated_marks
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.facts import header, notes, origin, settings, stage_times, title
from vidinpaint.reporting.markup import join, text
from vidinpaint.reporting.over_time import over_time
from vidinpaint.reporting.windows_table import windows_table


def write_report(folder: Path, report: Report, evidence: Evidence) -> None:
    """Write FOLDER/index.html and FOLDER/report.json; raises `OutputError` if they cannot be written."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        actual = f"{error.strerror} at {str(folder)!r}"
        raise OutputError("to make a folder for the report", actual, "Check the path and its permissions.") from error
    write_text(folder / JSON_FILE, json.dumps(report.to_json(), indent=2) + "\n")
    write_text(folder / PAGE, page(report, evidence))


def page(report: Report, evidence: Evidence) -> str:
    """The whole page as HTML."""
    sections = [
        header(report, evidence),
        before_and_after(report, evidence),
        over_time(report, evidence),
        estimated_marks(evidence),
        windows_table(report),
        stage_times(report),
        notes(report),
        settings(report),
        origin(report),
    ]
    script = _template("page.js")
    return Template(_template("page.html")).substitute(
        title=text(title(report)),
        style=_source_colours() + _template("page.css"),
        body=join(sections),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    )


def _source_colours() -> str:
    """CSS classes with the provenance colours."""
    rules = []
    for source, colour in SOURCE_COLOURS.items():
        name, css_colour = source.name.lower(), f"rgb{colour}"
        rules.append(f".area.{name} {{ fill: {css_colour}; }} .key.{name} {{ background: {css_colour}; }}\n")
    return "".join(rules)


def _template(name: str) -> str:
    return (files("vidinpaint.reporting") / "template" / name).read_text(encoding="utf-8")
