"""The page of settings is the one that the code generates."""

import runpy
from pathlib import Path

TOOL = runpy.run_path(str(Path(__file__).parent.parent.parent / "tools" / "generate_settings_page.py"))


def test_the_committed_page_is_up_to_date() -> None:
    assert TOOL["PAGE"].read_text(encoding="utf-8") == TOOL["page"](), "run python tools/generate_settings_page.py"
