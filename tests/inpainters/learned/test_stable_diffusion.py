"""Stable Diffusion on small pipelines of random weights: what the settings do, sizes, silence, memory."""

import logging
import socket
import threading
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

import vidinpaint
from tests.inpainters.recorded_progress import RecordedProgress
from tests.scenes import texture
from tests.small_pipelines import write_small_pipeline
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.core.progress import forward_progress
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned import pipeline_folder
from vidinpaint.inpainters.learned.stable_diffusion import StableDiffusion, whole_cells
from vidinpaint.inpainters.learned.start import smooth_start

KINDS: dict[str, dict[str, Any]] = {
    "9 channels": {},
    "4 channels": {"channels": 4},
    "pndm": {"scheduler": "pndm"},
    "euler": {"scheduler": "euler"},
    "xl": {"large": True, "scheduler": "euler"},
    "xl, 4 channels": {"large": True, "channels": 4},
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("pipelines")
    return {name: write_small_pipeline(root / name, **options) for name, options in KINDS.items()}


@pytest.fixture
def small(folders: dict[str, Path]) -> StableDiffusion:
    return StableDiffusion(weights=str(folders["9 channels"]), size=64, steps=2)


def scene(height: int = 60, width: int = 90) -> tuple[np.ndarray, np.ndarray]:
    image, mask = texture(height, width), np.zeros((height, width), bool)
    mask[height // 3 : height // 2, width // 3 : width // 2] = True
    return image, mask


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_follow_seed_and_prompt_and_nothing_else(kind: str, folders: dict[str, Path]) -> None:
    image, mask = scene()
    inpainter = StableDiffusion(weights=str(folders[kind]), size=64, steps=2, prompt="a")
    first = inpaint_array(inpainter, image, mask)
    assert np.array_equal(first[~mask], image[~mask])
    for change in ({"seed": 1}, {"prompt": "b c"}, {"negative_prompt": "z"}):
        other = inpaint_array(replace(inpainter, **change), image, mask)
        assert np.abs(other - first)[mask].mean() > 1e-3
        assert np.array_equal(other[~mask], image[~mask])
    assert np.array_equal(inpaint_array(inpainter, image, mask), first)


@pytest.mark.parametrize("change", [{"guidance": 1.0}, {"strength": 0.5}, {"steps": 3}, {"size": 96}])
def test_every_setting_has_an_effect(change: dict[str, Any], small: StableDiffusion) -> None:
    image, mask = scene()
    prompted = replace(small, prompt="a")
    difference = inpaint_array(prompted, image, mask) - inpaint_array(replace(prompted, **change), image, mask)
    assert np.abs(difference)[mask].mean() > 1e-3


def test_little_strength_stays_near_the_smooth_start(folders: dict[str, Path]) -> None:
    """Of a thousand steps one is left: what comes out is the start, encoded and decoded, whatever the seed."""
    image, mask = scene()
    wild = StableDiffusion(weights=str(folders["4 channels"]), size=64, steps=2)
    gentle = replace(wild, steps=1000, strength=0.001)

    def spread(inpainter: StableDiffusion) -> float:
        one, other = (inpaint_array(replace(inpainter, seed=seed), image, mask)[mask] for seed in (0, 1))
        return float(np.abs(one - other).mean())

    assert spread(gentle) < 0.5 * spread(wild)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_near_full_precision(dtype: str, small: StableDiffusion) -> None:
    image, mask = scene()
    full, half = inpaint_array(small, image, mask), inpaint_array(replace(small, dtype=dtype), image, mask)
    assert 0 < np.abs(full - half)[mask].mean() < 0.1


@pytest.mark.parametrize(
    ("shape", "seen"), [((30, 20), (64, 48)), ((200, 120), (64, 40)), ((64, 64), (64, 64)), ((300, 2), (64, 8))]
)
def test_the_longest_side_has_the_size(
    shape: tuple[int, int], seen: tuple[int, int], small: StableDiffusion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sides are multiples of 8: a latent value of the stand-in is 4 x 4 pixels, and some pipelines pair them."""
    calls: list[dict[str, Any]] = []

    class Unchanged:
        vae_scale_factor = 4

        def __call__(self, **arguments: Any) -> SimpleNamespace:
            calls.append(arguments)
            return SimpleNamespace(images=arguments["image"])

    monkeypatch.setattr(pipeline_folder, "exclusive_pipeline", lambda *arguments: nullcontext(Unchanged()))
    image, mask = scene(*shape)
    mask[:2, :1] = True
    result = small.inpaint(image, mask)
    (call,) = calls
    assert (call["height"], call["width"]) == seen
    assert call["image"].shape == (1, 3, *seen)
    assert call["mask_image"].shape == (1, 1, *seen)
    assert {*call["mask_image"].unique().tolist()} == {0.0, 1.0}
    assert np.abs(result - smooth_start(image, mask)).max() < 0.1  # what overshoots between pixels is cut off


def test_cells_that_the_mask_touches_are_masked_whole() -> None:
    mask = np.zeros((8, 12), bool)
    mask[5, 7] = True
    expected = np.zeros((8, 12), bool)
    expected[4:8, 4:8] = True
    assert np.array_equal(whole_cells(mask, 4), expected)


def test_progress_is_reported_step_by_step(small: StableDiffusion) -> None:
    shares: list[float] = []

    class Progress(RecordedProgress):
        def advance(self, count: int) -> None:
            super().advance(count)
            shares.append(self.done)

    with forward_progress(Progress(), 100):
        inpaint_array(replace(small, steps=4), *scene())
    assert shares[:4] == [25, 50, 75, 100]


def test_nothing_is_shown_logged_or_fetched(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture, tmp_path: Path, recwarn: pytest.WarningsRecorder,
) -> None:  # fmt: skip
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    logs = (diffusers_logging, transformers_logging)
    diffusers_logging.enable_progress_bar()
    before = [(log.get_verbosity(), log.is_progress_bar_enabled()) for log in logs]
    words = "abcdefghijklmnopqrstuvwxyz" * 2  # more than the encoder takes
    caplog.set_level(logging.DEBUG)
    folder = write_small_pipeline(tmp_path / "fresh", scheduler="euler")
    diffusers_logging.enable_progress_bar()
    capfd.readouterr()
    recwarn.clear()
    caplog.clear()
    inpaint_array(StableDiffusion(weights=str(folder), size=64, steps=2, prompt=words), *scene())
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name.split(".")[0] in ("diffusers", "transformers")] == []
    assert [one for one in recwarn if "diffusers" in one.filename or "transformers" in one.filename] == []
    assert [log.get_verbosity() for log in logs] == [verbosity for verbosity, _ in before]
    assert diffusers_logging.is_progress_bar_enabled()


def test_one_pipeline_stays_in_memory(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Path] = []
    real = pipeline_folder.load_pipeline

    def load(folder: Path) -> Any:
        assert not pipeline_folder._loaded  # the previous one is released first
        loaded.append(folder)
        return real(folder)

    monkeypatch.setattr(pipeline_folder, "load_pipeline", load)
    pipeline_folder._loaded.clear()
    first, second = folders["9 channels"], folders["4 channels"]
    for folder in (first, first, second, second, first):
        inpaint_array(StableDiffusion(weights=str(folder), size=64, steps=1), *scene())
    assert loaded == [first, second, first]
    assert len(pipeline_folder._loaded) == 1


def test_a_pipeline_that_changes_on_disk_is_loaded_again(tmp_path: Path) -> None:
    folder = write_small_pipeline(tmp_path / "a")
    inpainter = StableDiffusion(weights=str(folder), size=64, steps=1)
    first = inpaint_array(inpainter, *scene())
    write_small_pipeline(folder, scheduler="euler")
    assert not np.array_equal(inpaint_array(inpainter, *scene()), first)


def test_threads_take_turns(small: StableDiffusion) -> None:
    """A pipeline has a state while it runs; two at once would mix."""
    expected = {seed: inpaint_array(replace(small, seed=seed), *scene()) for seed in range(4)}
    results: dict[int, np.ndarray] = {}

    def run(seed: int) -> None:
        results[seed] = inpaint_array(replace(small, seed=seed), *scene())

    threads = [threading.Thread(target=run, args=(seed,)) for seed in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(results[seed], result) for seed, result in expected.items())


def test_torch_runs_on_the_threads_that_are_set(small: StableDiffusion, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = StableDiffusion._run

    def run(self: StableDiffusion, *arguments: Any) -> np.ndarray:
        seen.append(torch.get_num_threads())
        return real(self, *arguments)

    monkeypatch.setattr(StableDiffusion, "_run", run)
    before = torch.get_num_threads()
    inpaint_array(replace(small, threads=2), *scene())
    assert seen == [2]
    assert torch.get_num_threads() == before


def test_what_the_safety_checker_refuses_is_an_error(tmp_path: Path) -> None:
    folder = write_small_pipeline(tmp_path / "checked", checked=True)
    with pytest.raises(SettingError, match=r"safety checker.*Choose another prompt or seed"):
        inpaint_array(StableDiffusion(weights=str(folder), size=64, steps=1), *scene())


def test_a_network_of_another_shape_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = write_small_pipeline(tmp_path / "five", channels=5)
    with pytest.raises(WeightsError, match="either 4 or 9 input channels") as caught:
        inpaint_array(StableDiffusion(weights=str(folder), size=64, steps=1), *scene())
    assert "\n" not in str(caught.value)


def test_samples(folders: dict[str, Path]) -> None:
    image, mask = scene()
    settings = {"weights": str(folders["4 channels"]), "size": 64, "steps": 1}
    pixels = (image * 255).astype(np.uint8)
    two = vidinpaint.inpaint_samples(pixels, mask, samples=2, method="stable_diffusion", settings=settings)
    assert not np.array_equal(two[0], two[1])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"size": 100}, "size as a multiple of 8"),
        ({"size": 32}, r"stable_diffusion\.size"),
        ({"strength": 0.0}, r"stable_diffusion\.strength"),
        ({"strength": 0.1, "steps": 5}, "at least one step"),
        ({"steps": 0}, r"stable_diffusion\.steps"),
        ({"guidance": -1.0}, r"stable_diffusion\.guidance"),
        ({"dtype": "int8"}, r"stable_diffusion\.dtype"),
        ({"threads": 0}, r"stable_diffusion\.threads"),
    ],
)
def test_settings_out_of_range(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        StableDiffusion(**wrong)
