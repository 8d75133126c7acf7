"""`publish_report`: writes the report of a clip to a path or a URL."""

import json
from contextlib import closing
from pathlib import Path

from vidinpaint.core.report import Report, write_text
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.places import is_url, split
from vidinpaint.execution.storage.temporary_folder import TemporaryFolder
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
        with closing(TemporaryFolder()) as temporary:
            folder = temporary.path / "report"
            write_report(folder, report, evidence)
            for file in sorted(folder.iterdir()):
                open_folder(place).put(file, file.name)
    else:
        parent, name = split(place)
        open_folder(parent).put_text(figures, name)
