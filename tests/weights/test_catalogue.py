"""The known weights, the order in which they are found, and the message for missing ones."""

import subprocess
import sys
from pathlib import Path

import pytest

from vidinpaint.cli import main
from vidinpaint.core.errors import WeightsError
from vidinpaint.core.registry import names
from vidinpaint.inpainters.learned.gated_conv import GatedConv
from vidinpaint.weights import catalogue
from vidinpaint.weights.catalogue import BUNDLED_FOLDER, Weights, find, folder, known_weights, weights_named

OWN = Weights("method", "method", "method.safetensors", "ours", bundled=True)
OTHER = Weights("method_places2", "method", "places2.pth", "theirs", "https://example.org/weights", "MIT")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path / "user"))
    monkeypatch.setattr(catalogue, "BUNDLED_FOLDER", tmp_path / "bundled")
    (tmp_path / "user").mkdir()
    (tmp_path / "bundled").mkdir()
    return folder()


def test_names_and_files_are_unique_and_methods_exist() -> None:
    known = known_weights()
    assert len({entry.name for entry in known}) == len({entry.file for entry in known}) == len(known)
    methods = {
        name for kind in ("inpainters", "flow_methods", "detectors", "metrics", "mask_sources") for name in names(kind)
    }
    assert {entry.method for entry in known} - methods == {"flow_completion"}


def test_weights_are_listed_as_their_methods_declare_them() -> None:
    in_order = dict.fromkeys(entry.method for entry in known_weights())
    bundled = ["gated_conv", "partial_conv", "repaint", "conv3d", "raft", "flow_completion"]
    assert [method for method in in_order if method in bundled] == bundled
    own = [entry for entry in known_weights() if not entry.page]
    assert {entry.name for entry in own} >= set(bundled)
    assert all(entry.name == entry.method for entry in own)
    gated_conv = tuple(entry for entry in known_weights() if entry.method == "gated_conv")
    assert gated_conv == GatedConv.known_weights


def test_every_bundled_file_is_known_and_has_a_card() -> None:
    bundled = sorted(BUNDLED_FOLDER.glob("*.safetensors"))
    assert {path.name for path in bundled} <= {entry.file for entry in known_weights() if entry.bundled}
    for path in bundled:
        assert path.stat().st_size <= 12 << 20
        assert path.with_suffix(".md").read_text().startswith("# ")


def test_bundled_weights_precede_published_ones_and_the_users_precede_both(user: Path) -> None:
    known = (OWN, OTHER)
    assert [entry.state for entry in known] == ["missing", "missing"]
    (user / OTHER.file).touch()
    assert find("method", "", known) == user / OTHER.file
    (catalogue.BUNDLED_FOLDER / OWN.file).touch()
    assert find("method", "", known) == catalogue.BUNDLED_FOLDER / OWN.file
    assert [entry.state for entry in known] == ["bundled", "found"]
    assert find("method", "method_places2", known) == user / OTHER.file
    (user / OWN.file).touch()
    assert find("method", "", known) == user / OWN.file  # a user's file replaces the bundled one of the same name
    assert OWN.state == "found"


def test_published_files_are_never_bundled(user: Path) -> None:
    (catalogue.BUNDLED_FOLDER / OTHER.file).touch()
    assert OTHER.path is None


def test_missing_weights_say_where_to_get_them_and_where_to_put_them(user: Path) -> None:
    with pytest.raises(WeightsError, match=r"places2\.pth from https://example\.org/weights") as caught:
        find("method", "method_places2", (OWN, OTHER))
    assert str(user) in str(caught.value)
    with pytest.raises(WeightsError, match="vidinpaint train method"):
        find("method", "", (OWN, OTHER))
    with pytest.raises(WeightsError, match="Did you mean 'method_places2'"):
        find("method", "method_places", (OWN, OTHER))
    with pytest.raises(WeightsError, match="path of a file"):
        find("other", "", (OWN, OTHER))


def test_a_path_is_used_as_it_is(user: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.pth").touch()
    assert find("method", str(tmp_path / "mine.pth"), (OWN,)) == tmp_path / "mine.pth"
    with pytest.raises(WeightsError, match="does not exist"):
        find("method", str(tmp_path / "nowhere.pth"), (OWN,))


def test_the_default_folder_of_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VIDINPAINT_WEIGHTS")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder() == tmp_path / ".cache" / "vidinpaint" / "weights"


def test_settings_name_weights_or_methods(user: Path) -> None:
    (user / OTHER.file).touch()
    known = (OWN, OTHER)
    assert weights_named(["method", "auto", ""], known) == [user / OTHER.file]
    assert weights_named(["method_places2"], known) == [user / OTHER.file]
    assert weights_named(["other"], known) == []


def test_models_lists_all_weights(user: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (user / "raft-things.pth").touch()
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    assert str(user) in shown.splitlines()[0]
    assert all(entry.name in shown for entry in known_weights())
    line = next(line for line in shown.splitlines() if "raft_things" in line)
    assert "found" in line
    assert "https://github.com/openai/guided-diffusion" in shown


@pytest.mark.parametrize("command", ["import vidinpaint", "models", "list", "--help", "image --help"])
def test_torch_is_not_loaded_unless_it_is_used(command: str) -> None:
    run = f"from vidinpaint.cli import main; main({command.split()!r})"
    code = f"""
import sys
{command if command.startswith("import") else f"try: exec({run!r})" + chr(10) + "except SystemExit: pass"}
assert not {{'torch', 'torchvision', 'safetensors', 'diffusers', 'transformers'}} & {{*sys.modules}}
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
