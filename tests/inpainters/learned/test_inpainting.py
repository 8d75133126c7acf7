"""`LearnedInpainter`: sizes, starts, weights, devices and error messages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.scenes import texture
from tests.small_networks import KINDS, LEARNED, small_network, write_script
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.core.registry import build
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.gated_conv import GatedConv
from vidinpaint.inpainters.learned.interface import LearnedInpainter, inpainted_at, inpainted_within, padded
from vidinpaint.inpainters.learned.partial_conv import PartialConv
from vidinpaint.inpainters.learned.start import smooth_start
from vidinpaint.inpainters.learned.torchscript import TorchScript
from vidinpaint.inpainters.pde.harmonic import Harmonic
from vidinpaint.weights import running
from vidinpaint.weights.loading import save_weights


def scene(height: int = 50, width: int = 70) -> tuple[np.ndarray, np.ndarray]:
    image, mask = texture(height, width), np.zeros((height, width), bool)
    mask[height // 3 : height // 2, width // 4 : width // 2] = True
    image[mask] = 0
    return image, mask


def test_the_start_is_harmonic_and_independent_of_masked_pixels() -> None:
    image, mask = scene()
    start = smooth_start(image, mask)
    assert np.array_equal(start[~mask], image[~mask])
    assert np.abs(start - inpaint_array(Harmonic(), image, mask)).max() < 5e-3
    other = image.copy()
    other[mask] = 7
    assert np.array_equal(smooth_start(other, mask), start)


@pytest.mark.parametrize("method", ["gated_conv", "partial_conv"])
def test_a_new_residual_network_inpaints_the_smooth_start(method: str, tmp_path: Path) -> None:
    """At any size, smaller than the network needs and larger than it is given."""
    from vidinpaint.core.registry import load

    name, settings = KINDS[method]
    save_weights(tmp_path / "a.safetensors", name, settings, load("networks", name)(**settings).state_dict())
    inpainter = build("inpainters", method, {"weights": str(tmp_path / "a.safetensors"), "largest": 64})
    for size in ((3, 5), (50, 70), (150, 90)):
        image, mask = scene(*size)
        assert np.abs(inpainter.inpaint(image, mask) - smooth_start(image, mask)).max() < 1e-5


def test_large_images_are_downscaled_and_the_difference_is_enlarged() -> None:
    image, mask = scene(200, 120)
    start, seen = smooth_start(image, mask), []

    def run(start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        seen.append(mask.shape)
        return start + np.float32(0.1)

    inpainted = inpainted_within(100, start, mask, run)
    assert seen == [(100, 60)]
    inner = np.zeros_like(mask)
    inner[72:95, 36:55] = True
    assert np.allclose((inpainted - start)[inner], 0.1, atol=1e-3)
    assert not (inpainted - start)[:50].any()


def test_small_images_are_enlarged_and_the_difference_is_downscaled() -> None:
    image, mask = scene(50, 30)
    start, seen = smooth_start(image, mask), []

    def run(start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        seen.append(mask.shape)
        return start + np.float32(0.1)

    inpainted = inpainted_at(100, start, mask, run)
    assert seen == [(100, 60)]
    assert np.allclose((inpainted - start)[mask], 0.1, atol=1e-6)
    assert not (inpainted - start)[:14].any()


@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (8, 16), (9, 30)])
def test_padding_mirrors(shape: tuple[int, int]) -> None:
    picture, mask = np.arange(shape[0] * shape[1] * 3.0).reshape(*shape, 3), np.zeros(shape, bool)
    mask[-1, -1] = True
    more, hidden = padded(picture, mask, 8)
    assert more.shape[:2] == hidden.shape == tuple(-(-side // 8) * 8 for side in shape)
    assert np.array_equal(more[: shape[0], : shape[1]], picture)
    if shape == (9, 30):
        assert np.array_equal(more[9], more[8])
        assert np.array_equal(hidden[9], hidden[8])


@pytest.mark.parametrize("method", LEARNED)
def test_without_weights_the_error_says_where_to_get_them(
    method: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("vidinpaint.weights.catalogue.BUNDLED_FOLDER", tmp_path)
    inpainter: LearnedInpainter = build("inpainters", method, {})
    image, mask = scene()
    with pytest.raises(WeightsError, match=f"expected weights for {method}, found none") as caught:
        inpaint_array(inpainter, image, mask)
    assert inpainter.unavailable_reason() == str(caught.value)


def test_without_torch_one_line_says_how_to_install_it(
    small_weights: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None)
    inpainter = build("inpainters", "gated_conv", small_weights["gated_conv"])
    with pytest.raises(WeightsError, match=r"pip install 'vidinpaint\[learned\]'"):
        inpaint_array(inpainter, *scene())
    assert "pip install" in inpainter.unavailable_reason()


def test_devices(small_weights: dict[str, dict[str, Any]]) -> None:
    image, mask = scene()
    inpainter = PartialConv(**small_weights["partial_conv"], device="cpu")
    assert np.array_equal(
        inpaint_array(inpainter, image, mask), inpaint_array(replace(inpainter, device="auto"), image, mask)
    )
    for device in ("gpu", "cuda:99"):
        with pytest.raises(SettingError, match="found '"):
            inpaint_array(replace(inpainter, device=device), image, mask)


def test_settings_out_of_range() -> None:
    for wrong in ({"largest": 10}, {"largest": 10**6}):
        with pytest.raises(SettingError, match=r"gated_conv\.largest"):
            GatedConv(**wrong)
    with pytest.raises(SettingError, match=r"torchscript\.multiple"):
        TorchScript(multiple=0)


def test_torch_is_left_as_it_was(small_weights: dict[str, dict[str, Any]]) -> None:
    inpaint_array(PartialConv(**small_weights["partial_conv"]), *scene())
    assert not torch.are_deterministic_algorithms_enabled()
    assert torch.is_grad_enabled()


def test_weights_that_change_on_disk_are_read_again(tmp_path: Path) -> None:
    import os

    image, mask = scene()
    path, (name, settings) = tmp_path / "a.safetensors", KINDS["partial_conv"]
    network = small_network("partial_conv")
    save_weights(path, name, settings, network.state_dict())
    first = inpaint_array(PartialConv(weights=str(path)), image, mask)
    save_weights(path, name, settings, {key: value + value // 2 for key, value in network.state_dict().items()})
    os.utime(path, ns=(1, 1))
    assert not np.array_equal(inpaint_array(PartialConv(weights=str(path)), image, mask), first)


def test_weights_of_another_method_are_refused(small_weights: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(WeightsError, match="expected weights of gated_generator"):
        inpaint_array(GatedConv(**small_weights["partial_conv"]), *scene())


class Wrong(torch.nn.Module):
    """Takes the right inputs, returns an image of half the size."""

    def forward(self, image: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return image[:, :, ::2, ::2]


class Alone(torch.nn.Module):
    """Takes no mask."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return image


class Checks(torch.nn.Module):
    """Returns its inputs as colours, which show range, polarity and black under the mask."""

    def forward(self, image: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return torch.cat([mask, image.amin().expand_as(mask), image.amax().expand_as(mask)], 1)


@pytest.mark.parametrize(("model", "message"), [(Wrong, "expected an image"), (Alone, "takes \\(image, mask\\)")])
def test_scripts_with_another_interface_are_refused(
    model: Callable[[], torch.nn.Module], message: str, tmp_path: Path
) -> None:
    path = write_script(model(), tmp_path / "a.pt")
    with pytest.raises(WeightsError, match=message) as caught:
        inpaint_array(TorchScript(weights=str(path)), *scene())
    assert "\n" not in str(caught.value)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(WeightsError, match="TorchScript file"):
        inpaint_array(TorchScript(weights=str(path), largest=512), *scene())


def test_the_inputs_of_a_script(tmp_path: Path) -> None:
    path = write_script(Checks(), tmp_path / "a.pt")
    image, mask = np.full((40, 48, 3), 0.75, np.float32), np.zeros((40, 48), bool)
    mask[10:20, 10:30] = True
    assert np.allclose(inpaint_array(TorchScript(weights=str(path)), image, mask)[mask], (1, 0, 0.75))
    signed = inpaint_array(TorchScript(weights=str(path), signed=True), image, mask)
    assert np.allclose(signed[mask], (1, 0.5, 0.75))


def test_code_in_a_hostile_file_does_not_run(tmp_path: Path) -> None:
    from tests.weights.test_loading import Bomb

    torch.save({"state_dict": Bomb()}, tmp_path / "a.pth")
    for method in LEARNED:
        with pytest.raises(WeightsError):  # and no SystemExit
            inpaint_array(build("inpainters", method, {"weights": str(tmp_path / "a.pth")}), *scene())


@pytest.mark.parametrize("method", LEARNED)
def test_any_number_of_threads_gives_the_same_result(method: str, small_weights: dict[str, dict[str, Any]]) -> None:
    image, mask = scene()
    inpainter = build("inpainters", method, small_weights[method])
    first = inpaint_array(inpainter, image, mask)
    torch.set_num_threads(2)
    try:
        assert np.array_equal(inpaint_array(inpainter, image, mask), first)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)
