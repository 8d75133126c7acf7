"""Methods of other packages: the one that docs/extending.md shows, and some that are broken."""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.extending import install, install_example
from vidinpaint import inpaint, inpaint_image
from vidinpaint.cli import main
from vidinpaint.core import registry
from vidinpaint.core.errors import MaskError, SettingError, WeightsError
from vidinpaint.execution.checkpoints.fingerprint import program
from vidinpaint.masks.specs import parse_mask

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "flight.mp4"
OURS = "from vidinpaint.inpainters.interface import ImageInpainter\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that modules and installed packages are found in."""
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(packages)
    before = {*sys.modules}
    program.cache_clear()  # results are known by the packages that are there, too
    yield packages
    program.cache_clear()
    for name in {*sys.modules} - before:
        if str(packages) in (getattr(sys.modules[name], "__file__", None) or ""):
            del sys.modules[name]


@pytest.fixture
def pipeline(folder: Path) -> Path:
    """The package of the page, installed; the pipeline file beside it."""
    return install_example(folder)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder for weights, with those of the example: red."""
    import torch
    from safetensors.torch import save

    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path))
    path = tmp_path / "mean_colour_sky.safetensors"
    path.write_bytes(save({"colour": torch.tensor([1.0, 0.0, 0.0])}))
    return path


def image() -> np.ndarray:
    return np.random.default_rng(0).integers(40, 200, (60, 80, 3), np.uint8)


def test_its_methods_are_listed_with_the_name_of_the_package(
    pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    for name in ("mean_colour", "brightest"):
        (line,) = [line for line in shown.out.splitlines() if line.split()[:1] == [name]]
        assert line.endswith("(vidinpaint-example 1.0)")
    assert not any(name.startswith("vidinpaint_example") for name in sys.modules), "imported to be listed"


def test_a_learned_inpainter_runs_with_the_weights_that_it_declares(pipeline: Path, weights: Path) -> None:
    pixels, mask = image(), np.zeros((60, 80), bool)
    mask[20:40, 30:50] = True
    result = inpaint_image(pixels, mask, method="mean_colour")
    assert (result[mask] == (255, 0, 0)).all()
    np.testing.assert_array_equal(result[~mask], pixels[~mask])
    with pytest.raises(SettingError, match=r"mean_colour.*strenght.*strength"):
        inpaint_image(pixels, mask, method="mean_colour", settings={"strenght": 1})
    with pytest.raises(SettingError, match=r"mean_colour\.strength"):
        inpaint_image(pixels, mask, method="mean_colour", settings={"strength": "much"})


def test_its_weights_are_listed_and_missing_ones_are_explained(
    pipeline: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "mean_colour_sky " in line]
    assert "found" in line
    assert "the mean colour of skies (CC0-1.0)" in line
    weights.unlink()
    assert main(["models"]) == 0
    assert "mean_colour_sky.safetensors: https://example.org/mean_colour" in capsys.readouterr().out
    with pytest.raises(WeightsError, match=r"mean_colour_sky\.safetensors from https://example\.org/mean_colour"):
        inpaint_image(image(), "30,20,20,20", method="mean_colour")


def test_it_inpaints_a_clip(pipeline: Path, weights: Path) -> None:
    clip = np.repeat(image()[None], 4, axis=0)
    result = inpaint(clip, "30,20,20,20", pipeline="inpaint_each_frame", settings=["inpaint.method=mean_colour"])
    assert (np.abs(result[:, 20:40, 30:50].astype(int) - (255, 0, 0)) <= 1).all()


def test_a_stage_of_the_package_works_in_a_users_pipeline(pipeline: Path) -> None:
    truth = np.repeat(image()[None], 5, axis=0)
    marked = truth.copy()
    marked[:, 10:30, 20:60] = np.rint(0.6 * truth[:, 10:30, 20:60] + 0.4 * 255)
    result = inpaint(marked, "20,10,40,20", pipeline=str(pipeline), settings=["unblend.opacity=0.4"])
    assert np.abs(result.astype(int) - truth).max() <= 1
    with pytest.raises(SettingError, match=r"unblend.*opaque"):
        inpaint(marked, "20,10,40,20", pipeline=str(pipeline), settings=["unblend.opaque=0.4"])


def test_settings_of_a_stage_of_the_package_are_in_the_report(pipeline: Path, tmp_path: Path) -> None:
    report = inpaint(SAMPLE, "20,10,40,20", tmp_path / "out.mkv", end=0.2, pipeline=str(pipeline))
    assert report.settings["unblend"] == {"opacity": 0.5, "level": 1.0}


def test_a_mask_source_reads_the_clip(pipeline: Path) -> None:
    clip = np.full((6, 48, 64, 3), 80, np.uint8)
    for t in range(6):
        clip[t, 20:24, 10 + 4 * t : 16 + 4 * t] = 250
    result = inpaint(clip, "brightest:0.9", pipeline="inpaint_each_frame", settings=["inpaint.method=telea"])
    assert np.abs(result.astype(int) - 80).max() <= 1


def test_a_mask_source_masks_a_file_for_a_time(pipeline: Path, tmp_path: Path) -> None:
    report = inpaint(
        SAMPLE, "brightest:level=0.8@0.1-", tmp_path / "out.mkv", end=0.4, pipeline="inpaint_each_frame", method="telea"
    )
    assert report.settings["mask"] == {"grow": 0, "resize": False, "default": ""}
    assert not any("nothing" in note for note in report.notes)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("brightest:2", "level from 0 to 1"),
        ("brightest:high", "brightest.level as float"),
        ("brightest:lewel=1", "Did you mean 'level'"),
    ],
)
def test_settings_of_a_mask_source_are_checked(pipeline: Path, word: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        parse_mask(word)


def test_a_name_that_no_package_has_is_a_path(pipeline: Path) -> None:
    assert parse_mask("darkest:1").source == Path("darkest:1")
    assert parse_mask("brightest:").source == parse_mask("brightest:0.9").source
    with pytest.raises(MaskError, match="which does not exist"):
        inpaint(np.zeros((2, 40, 40, 3), np.uint8), "darkest:1")


def test_a_mask_source_that_reads_frames_needs_a_clip(pipeline: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), image())
    with pytest.raises(MaskError, match="'brightest', which reads them"):
        inpaint_image(tmp_path / "a.png", "brightest:0.9", tmp_path / "b.png")


@pytest.mark.parametrize("masks", ["np.zeros((stop - start, 3, 3), bool)", "np.zeros((stop - start, 40, 40))", "None"])
def test_masks_of_another_kind_are_refused(folder: Path, masks: str) -> None:
    (folder / "odd.py").write_text(
        "from dataclasses import dataclass\nimport numpy as np\n"
        "from vidinpaint.masks.sources.interface import MaskSource\n"
        f"@dataclass(frozen=True)\nclass Odd(MaskSource):\n    def open(self, clip):\n"
        f"        return lambda start, stop: {masks}\n"
    )
    install(folder, "odd", "1", {"vidinpaint.mask_sources": {"odd": "odd:Odd"}})
    with pytest.raises(MaskError, match=r"bool masks \(\d+, 40, 40\) from the mask source 'odd'"):
        inpaint(np.zeros((2, 40, 40, 3), np.uint8), "odd:")


BROKEN = {
    "nowhere": ("", "nowhere:Nowhere", "module nowhere does not exist"),
    "garbled": ("class (", "garbled:Garbled", "not valid Python"),
    "empty": ("", "empty:Empty", "has no class Empty"),
    "stranger": ("class Stranger:\n    pass\n", "stranger:Stranger", "does not derive from it"),
}


def install_broken(folder: Path, name: str) -> None:
    text, value, _ = BROKEN[name]
    if name != "nowhere":
        (folder / f"{name}.py").write_text(text)
    install(folder, name, "2.1", {"vidinpaint.inpainters": {name: value}})


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_gives_one_line_and_breaks_no_other(
    pipeline: Path, folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    install_broken(folder, name)
    assert main(["list"]) == 0
    shown = capsys.readouterr()
    (line,) = shown.err.splitlines()
    assert f"'{name}' of {name} 2.1" in line
    assert BROKEN[name][2] in line
    assert "mean_colour" in shown.out
    assert registry.build("inpainters", "telea", {})
    with pytest.raises(SettingError) as caught:
        registry.load("inpainters", name)
    assert str(caught.value) == line


def test_a_package_that_cannot_be_imported_gives_one_line(
    pipeline: Path, folder: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learned = "from vidinpaint.inpainters.learned.interface import LearnedInpainter\n"
    (folder / "needy.py").write_text(f"import missing_library\n{learned}class Needy(LearnedInpainter):\n    pass\n")
    install(folder, "needy", "3", {"vidinpaint.inpainters": {"needy": "needy:Needy"}})
    assert main(["image", "a.png", "--mask", "1,1,5,5", "-o", "b.png", "--method", "needy"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "needy 3" in line
    assert "No module named 'missing_library'" in line
    assert main(["models"]) == 0
    shown = capsys.readouterr().out
    assert "mean_colour_sky" in shown
    assert "missing_library" in shown.splitlines()[-1]


@pytest.mark.parametrize("name", ["telea", "mean_colour"])
def test_a_name_that_two_use_is_an_error_that_names_both(
    pipeline: Path, folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "copy_of.py").write_text(f"{OURS}class Copy(ImageInpainter):\n    pass\n")
    install(folder, "copycat", "4", {"vidinpaint.inpainters": {name: "copy_of:Copy"}})
    other = "vidinpaint-example 1.0" if name == "mean_colour" else "vidinpaint (vidinpaint.inpainters.pde.telea)"
    with pytest.raises(SettingError) as caught:
        registry.load("inpainters", name)
    assert f"'{name}'" in str(caught.value)
    assert other in str(caught.value)
    assert "copycat 4" in str(caught.value)
    assert registry.load("inpainters", "harmonic")
    assert main(["list"]) == 0
    assert str(caught.value) in capsys.readouterr().err


def test_a_flow_method_of_a_package_is_used(folder: Path) -> None:
    (folder / "resting.py").write_text(
        "from dataclasses import dataclass\nimport numpy as np\n"
        "from vidinpaint.flow.interface import FlowMethod\n"
        "@dataclass(frozen=True)\nclass Resting(FlowMethod):\n"
        '    """Nothing moves."""\n\n    def estimate(self, frames, pairs):\n'
        "        zero = np.zeros((*pairs.shape, *frames.shape[1:3], 2), np.float32)\n"
        "        return zero, zero.copy()\n"
    )
    install(folder, "resting", "1", {"vidinpaint.flow_methods": {"resting": "resting:Resting"}})
    assert registry.names("flow_methods")["resting"] == "Nothing moves. (resting 1)"
    clip = np.repeat(image()[None], 4, axis=0)
    result = inpaint(clip, "30,20,8,8", flow="resting", settings=["inpaint.method=telea"])
    assert result.shape == clip.shape


def test_results_depend_on_the_files_of_other_packages(pipeline: Path, folder: Path) -> None:
    before = registry.plugin_files()
    name = "vidinpaint-example 1.0 vidinpaint_example.brightest:Brightest"
    assert before[name] == folder / "vidinpaint_example" / "brightest.py"
