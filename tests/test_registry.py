"""The folder is the list."""

import subprocess
import sys
from pathlib import Path

import pytest

from vidinpaint import registry
from vidinpaint.errors import SettingError
from vidinpaint.fillers.interface import ImageInpainter, VideoInpainter

FILLERS = "vidinpaint.fillers"

NEW_METHOD = '''
from dataclasses import dataclass

@dataclass(frozen=True)
class MyNew:
    """One line about it.

    strength  from 0 to 1
    """

    strength: float = 0.5
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package `plugged` of one method in a folder, and of files that are no methods."""
    root = tmp_path / "plugged"
    (root / "inner").mkdir(parents=True)
    for folder in (root, root / "inner"):
        (folder / "__init__.py").write_text("")
    (root / "inner" / "my_new.py").write_text(NEW_METHOD)
    (root / "_hidden.py").write_text("class Hidden:\n    pass\n")
    (root / "shared_maths.py").write_text("class Something:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "plugged"
    for name in [name for name in sys.modules if name.split(".")[0] == "plugged"]:
        del sys.modules[name]


def test_lists_the_fillers_with_one_line_each() -> None:
    names = registry.names(FILLERS)
    assert {"harmonic", "navier_stokes", "patchmatch", "telea", "temporal_median"} <= set(names)
    assert not {"interface", "multigrid", "matching", "pyramid", "voting", "texture"} & set(names)
    assert all(line and len(line) < 100 for line in names.values())


def test_a_new_file_is_a_new_method(package: str) -> None:
    assert registry.names(package) == {"my_new": "One line about it."}
    assert registry.build(package, "my_new", {"strength": 1}).strength == 1
    assert registry.load(package, "my_new").__name__ == "MyNew"


def test_two_files_of_one_name_are_refused(package: str, tmp_path: Path) -> None:
    (tmp_path / "plugged" / "my_new.py").write_text(NEW_METHOD)
    with pytest.raises(SettingError, match="two folders"):
        registry.names(package)


@pytest.mark.parametrize("name", sorted(registry.names(FILLERS)))
def test_every_filler_is_of_one_of_the_two_kinds(name: str) -> None:
    assert issubclass(registry.load(FILLERS, name), (ImageInpainter, VideoInpainter))


def test_unknown_name_suggests_the_near_one_and_lists_all() -> None:
    with pytest.raises(SettingError, match=r"Did you mean 'telea'\?.*harmonic.*telea"):
        registry.load(FILLERS, "tela")


@pytest.mark.parametrize("options", [{"radus": 3}, {"radius": "wide"}, {"radius": True}, {"radius": -1}])
def test_absurd_options_are_refused(options: dict) -> None:
    with pytest.raises(SettingError):
        registry.build(FILLERS, "telea", options)


def test_unknown_package_is_refused() -> None:
    with pytest.raises(SettingError, match="a package of methods"):
        registry.names("json.decoder")


def test_listing_imports_no_method() -> None:
    code = "import sys, vidinpaint.registry as r; r.names('vidinpaint.fillers'); assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
