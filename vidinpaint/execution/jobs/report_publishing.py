"""`publish_report`: writes the report of a clip to a path or a URL."""

import json
import tempfile
from pathlib import Path

from vidinpaint.core.report import Report, write_text
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.places import is_url, split
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.page import write_report


def publish_report(place: str, report: Report, evidence: Evidence | None) -> None:
    """Write the page with its figures into the folder `place`; without evidence, the figures into the file `place`."""
    figures = json.dumps(report.to_json(), indent=2) + "\n"
    if not is_url(place):
        if evidence:
            write_report(Path(place), report, evidence)
        else:
            write_text(Path(place), figures)
    elif evidence:
        with tempfile.TemporaryDirectory() as temporary:
            write_report(Path(temporary) / "report", report, evidence)
            for file in sorted((Path(temporary) / "report").iterdir()):
                open_folder(place).put(file, file.name)
    else:
        parent, name = split(place)
        open_folder(parent).put_text(figures, name)
