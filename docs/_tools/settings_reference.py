"""A hook of MkDocs: puts the settings of all methods into docs/reference/settings.md."""

import runpy
from pathlib import Path
from typing import Any

GENERATOR = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "generate_settings_page.py"))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace the marker by the tables of methods; called by MkDocs for every page."""
    marker = GENERATOR["MARKER"]
    return markdown.replace(marker, GENERATOR["methods"]()) if marker in markdown else markdown
