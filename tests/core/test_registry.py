"""A method is a class that has the name of its file and declares the interface."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vidinpaint.core import registry
from vidinpaint.core.declarations import derives
from vidinpaint.core.errors import SettingError
from vidinpaint.core.registry import Interface

BASE = "class Method:\n    pass\n"

NEW_METHOD = '''
from dataclasses import dataclass

from toys.interface import Method

@dataclass(frozen=True)
class MyNew(Method):
    """One line about it.

    strength  from 0 to 1
    """

    strength: float = 0.5
'''


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package `toys`, an interface of the registry: one method in a folder, and files that are no methods."""
    root = tmp_path / "toys"
    (root / "inner").mkdir(parents=True)
    for folder in (root, root / "inner"):
        (folder / "__init__.py").write_text("")
    (root / "interface.py").write_text(BASE)
    (root / "inner" / "my_new.py").write_text(NEW_METHOD)
    (root / "_hidden.py").write_text("from toys.interface import Method\nclass Hidden(Method):\n    pass\n")
    (root / "shared_maths.py").write_text("from toys.interface import Method\nclass Something(Method):\n    pass\n")
    (root / "namesake.py").write_text("class Namesake:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry.interfaces, "toys", Interface("toys", "toys.interface.Method"))
    yield root
    for name in [name for name in sys.modules if name.split(".")[0] == "toys"]:
        del sys.modules[name]


def test_lists_the_inpainters_with_one_line_each() -> None:
    names = registry.names("inpainters")
    assert {"harmonic", "navier_stokes", "patchmatch", "telea", "temporal_median"} <= set(names)
    assert not {"interface", "multigrid", "matching", "pyramid", "voting", "texture"} & set(names)
    assert all(line and len(line) < 100 for line in names.values())
    assert {*names} == {*registry.names("image_inpainters"), *registry.names("video_inpainters")}


def test_a_class_without_the_interface_is_no_method() -> None:
    assert [*registry.names("flow_methods")] == ["dis", "raft"]
    with pytest.raises(SettingError, match=r"one of the flow methods.*'learned_completion'.*dis, raft"):
        registry.load("flow_methods", "learned_completion")


def test_a_new_file_is_a_new_method(toys: Path) -> None:
    assert registry.names("toys") == {"my_new": "One line about it."}
    assert registry.build("toys", "my_new", {"strength": 1}).strength == 1
    assert registry.load("toys", "my_new").__name__ == "MyNew"


def test_two_files_of_one_name_are_refused(toys: Path) -> None:
    (toys / "my_new.py").write_text(NEW_METHOD)
    with pytest.raises(SettingError, match=r"toys\.inner\.my_new.*toys\.my_new"):
        registry.load("toys", "my_new")


def test_a_method_without_settings_is_refused(toys: Path) -> None:
    (toys / "plain.py").write_text("from toys.interface import Method\nclass Plain(Method):\n    pass\n")
    with pytest.raises(SettingError, match="a dataclass for 'plain'"):
        registry.build("toys", "plain", {})


def test_a_base_class_that_is_another_when_imported_is_refused(toys: Path) -> None:
    (toys / "changing.py").write_text(
        "from toys.interface import Method\nclass Changing(Method):\n    pass\nChanging = type('Changing', (), {})\n"
    )
    with pytest.raises(SettingError, match=r"derives from toys\.interface\.Method.*toys\.changing\.Changing"):
        registry.load("toys", "changing")


@pytest.mark.parametrize(
    "text",
    [
        "import toys.interface\nclass Found(toys.interface.Method):\n    pass\n",
        "import toys.interface as base\nclass Found(base.Method):\n    pass\n",
        "from toys import interface\nclass Found(interface.Method):\n    pass\n",
        "from .interface import Method as Other\nclass Found(Other):\n    pass\n",
        "from .interface import *\nclass Found(Method):\n    pass\n",
        "from .again import Method\nclass Found(Method):\n    pass\n",
        "from .interface import Method\nclass Between(Method):\n    pass\nclass Found(Between, object):\n    pass\n",
        "from .inner.my_new import MyNew\nclass Found(MyNew):\n    pass\n",
    ],
)
def test_base_classes_are_followed_without_importing(toys: Path, text: str) -> None:
    (toys / "again.py").write_text("from toys.interface import Method\n")
    (toys / "found.py").write_text(text)
    assert derives("toys.found.Found", "toys.interface.Method")
    assert "toys" not in sys.modules
    assert issubclass(registry.load("toys", "found"), registry.load("toys", "my_new").__mro__[1])


@pytest.mark.parametrize(
    "text",
    [
        "class Found:\n    pass\n",
        "class Method:\n    pass\nclass Found(Method):\n    pass\n",
        "from missing import Method\nclass Found(Method):\n    pass\n",
        "from abc import ABC\nclass Found(ABC):\n    pass\n",
        "from toys.found import Found\nclass Other(Found):\n    pass\n",
        "class Found(Found):\n    pass\n",
        "class Found(",
    ],
)
def test_other_classes_do_not_derive(toys: Path, text: str) -> None:
    (toys / "found.py").write_text(text)
    assert not derives("toys.found.Found", "toys.interface.Method")


@pytest.mark.parametrize("interface", sorted(registry.interfaces))
def test_every_method_can_be_loaded_as_its_interface(interface: str) -> None:
    names = registry.names(interface)
    assert names
    for name in names:
        assert registry.load(interface, name).__doc__


def test_the_sources_say_of_networks_what_torch_says() -> None:
    """Also where a network derives from one of torchvision's."""
    assert {"raft", "gated_generator"} <= {*registry.names("networks")}
    assert "diffusion" not in registry.names("networks")


def test_unknown_name_suggests_the_near_one_and_lists_all() -> None:
    with pytest.raises(SettingError, match=r"Did you mean 'telea'\?.*harmonic.*telea"):
        registry.load("inpainters", "tela")


@pytest.mark.parametrize("options", [{"radus": 3}, {"radius": "wide"}, {"radius": True}, {"radius": -1}])
def test_absurd_options_are_refused(options: dict) -> None:
    with pytest.raises(SettingError):
        registry.build("inpainters", "telea", options)


def test_listing_imports_no_method() -> None:
    code = (
        "import sys, vidinpaint.core.registry as r; [r.names(i) for i in r.interfaces]; r.problems();"
        "assert not {'numba', 'torch', 'cv2'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
