"""The page of settings is the one that the code generates."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "generate_settings_page.py"))
HOOK = runpy.run_path(str(ROOT / "docs" / "_tools" / "settings_reference.py"))


def test_the_committed_page_is_up_to_date() -> None:
    assert TOOL["PAGE"].read_text(encoding="utf-8") == TOOL["page"](), "run python tools/generate_settings_page.py"


def test_the_site_lists_the_settings_of_all_methods() -> None:
    built = HOOK["on_page_markdown"](TOOL["page"]())
    assert "| `inpaint.patchmatch.radius` | int | 1 to 10 pixels |" in built
    assert "| `flow.dis.preset` | str |" in built
    assert TOOL["MARKER"] not in built
