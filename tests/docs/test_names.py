"""Files, modules and public names that the pages mention exist; the page of the Python API has all of them."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import vidinpaint

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])
FOLDERS = ("benchmarks", "configs", "docs", "examples", "pipelines", "sample_videos", "tests", "tools", "vidinpaint")
FILE = re.compile(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./-]*\w/?")
MODULE = re.compile(r"\bvidinpaint(?:\.\w+)+")
EXAMPLES = ("mean_colour.py", "configs/train/NAME", "vidinpaint/pipelines", "vidinpaint/configs", "docs/NAME.md")
"""Files that a page only imagines, or that exist in an installed wheel alone."""
GROUPS = ("vidinpaint.flow_methods", "vidinpaint.mask_sources")
"""Groups of entry points, which are no modules."""


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_files_that_a_page_names_exist(page: Path) -> None:
    names = {name for name in FILE.findall(page.read_text(encoding="utf-8")) if not name.startswith(EXAMPLES)}
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_modules_and_functions_that_a_page_names_exist(page: Path) -> None:
    names = {*MODULE.findall(page.read_text(encoding="utf-8"))} - {*GROUPS}
    assert [name for name in sorted(names) if not exists(name)] == []


def exists(name: str) -> bool:
    """Whether a dotted name is a file of ours, a module, or a name inside of one."""
    module, _, inner = name.rpartition(".")
    try:
        import_module(name)
    except ImportError:
        return inner in ("git", "html", "toml") or (exists(module) and hasattr(import_module(module), inner))
    return True


def test_a_name_that_does_not_exist_is_found() -> None:
    assert exists("vidinpaint.core.graph.Graph")
    assert not exists("vidinpaint.core.graph.Nothing")
    assert not exists("vidinpaint.nothing.here")


def test_every_public_name_is_on_the_page_of_the_api() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^::: vidinpaint\.(\w+)$", page, re.MULTILINE)) == sorted(vidinpaint.__all__)
