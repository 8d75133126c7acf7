"""RePaint: known pixels are kept, resampling once is replacement, seeds differ inside the mask only."""

import json
import math
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import vidinpaint
from tests.scenes import texture
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.repaint import RePaint
from vidinpaint.inpainters.learned.resampling import noise_levels, prior_of_diffusers, resampled
from vidinpaint.networks.diffusion import Diffusion


def scene() -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(0)
    mask = torch.zeros(1, 1, 12, 16)
    mask[..., 3:9, 4:12] = 1
    return torch.rand((1, 3, 12, 16), generator=random) * 2 - 1, mask


def denoiser(x: Tensor, times: Tensor) -> Tensor:
    """Some function of picture and step."""
    return torch.tanh(x.roll(1, -1) + times[:, None, None, None] / 1000)


@pytest.mark.parametrize("resamplings", [1, 3])
def test_known_pixels_stay_exact_and_seeds_differ_in_the_mask_only(resamplings: int) -> None:
    image, mask = scene()
    diffusion = Diffusion.named("linear").respaced(20)
    first, again, other = (resampled(denoiser, diffusion, image, mask, resamplings, 4, seed) for seed in (1, 1, 2))
    known = (mask == 0).expand_as(image)
    assert torch.equal(first[known], image[known])
    assert torch.equal(other[known], image[known])
    assert torch.equal(first, again)
    assert ((first - other).abs()[~known] > 1e-4).float().mean() > 0.9


def test_one_resampling_is_plain_replacement() -> None:
    """Written out: noise taken away step by step, known pixels replaced after every step, no jumps."""
    image, mask = scene()
    diffusion = Diffusion.named("cosine", 12)
    random = torch.Generator().manual_seed(5)
    x = torch.randn(image.shape, generator=random)
    for step in range(11, -1, -1):
        here, before = diffusion.alpha_bars[step], diffusion.alpha_bars[step - 1] if step else 1.0
        noise = denoiser(x, torch.tensor([step]))
        picture = ((x - math.sqrt(1 - here) * noise) / math.sqrt(here)).clamp(-1, 1)
        beta = 1 - here / before
        mean = (math.sqrt(before) * beta * picture + math.sqrt(1 - beta) * (1 - before) * x) / (1 - here)
        noise, of_known = (torch.randn(image.shape, generator=random) for _ in range(2))
        unknown = mean + math.sqrt(beta * (1 - before) / (1 - here)) * noise
        x = mask * unknown + (1 - mask) * (math.sqrt(before) * image + math.sqrt(1 - before) * of_known)
    assert torch.allclose(resampled(denoiser, diffusion, image, mask, 1, 10, 5), x, atol=1e-5)


def test_the_noise_levels_of_the_paper() -> None:
    levels = noise_levels(250, 10, 10)
    assert (levels[0], levels[-1], max(levels), min(levels[:-1])) == (250, 0, 250, 1)
    assert all(abs(a - b) == 1 for a, b in pairwise(levels))
    down = Counter(a for a, b in pairwise(levels) if b < a)
    assert down[250] == down[242] == 1  # above the highest jump
    assert down[241] == 10
    assert down[2] == down[11] == 10
    assert down[1] == 1
    assert len(levels) - 1 == 250 + 24 * 9 * 20


@pytest.mark.parametrize(("steps", "jump"), [(2, 1), (5, 3), (5, 5), (5, 9)])
def test_noise_levels_of_few_steps(steps: int, jump: int) -> None:
    assert noise_levels(steps, 1, jump) == list(range(steps, -1, -1))
    levels = noise_levels(steps, 4, jump)
    assert (levels[0], levels[-1]) == (steps, 0)
    assert max(levels) == steps
    assert (len(levels) > steps + 1) == (jump < steps)


def test_a_network_may_return_noise_and_variance_in_two_forms() -> None:
    image, mask = scene()
    diffusion = Diffusion.named("linear").respaced(5)

    def variance(x: Tensor) -> Tensor:
        return torch.tanh(x)

    pair = resampled(lambda x, times: (denoiser(x, times), variance(x)), diffusion, image, mask, 2, 2, 0)
    joined = resampled(lambda x, t: torch.cat([denoiser(x, t), variance(x)], 1), diffusion, image, mask, 2, 2, 0)
    assert torch.equal(pair, joined)
    assert not torch.equal(pair, resampled(denoiser, diffusion, image, mask, 2, 2, 0))


def test_the_network_gets_its_own_steps_and_progress_the_share() -> None:
    image, mask = scene()
    diffusion, steps, shares = Diffusion.named("linear").respaced(4), [], []

    def network(x: Tensor, times: Tensor) -> Tensor:
        steps.append(int(times))
        return x

    resampled(network, diffusion, image, mask, 1, 1, 0, shares.append)
    assert steps == [999, 666, 333, 0]
    assert shares == [0.25, 0.5, 0.75, 1]


def test_a_prior_trained_on_the_image_restores_it() -> None:
    truth, mask = scene()
    diffusion = Diffusion.named("linear").respaced(30)
    kept = dict(zip(diffusion.times, diffusion.alpha_bars))

    def knows(x: Tensor, times: Tensor) -> Tensor:
        here = kept[int(times)]
        return (x - math.sqrt(here) * truth) / math.sqrt(1 - here)

    assert torch.allclose(resampled(knows, diffusion, truth * (1 - mask), mask, 2, 5, 0), truth, atol=1e-4)


def test_samples(small_weights: dict[str, dict[str, Any]]) -> None:
    image, mask = (texture(40, 48) * 255).astype(np.uint8), np.zeros((40, 48), bool)
    mask[10:20, 12:30] = True
    settings = small_weights["repaint"]
    several = vidinpaint.inpaint_samples(image, mask, samples=3, method="repaint", settings={**settings, "seed": 5})
    assert len(several) == 3
    second = vidinpaint.inpaint_image(image, mask, method="repaint", settings={**settings, "seed": 6})
    assert np.array_equal(several[1], second)
    assert not np.array_equal(several[0], second)
    assert all(np.array_equal(one[~mask], image[~mask]) for one in several)
    with pytest.raises(SettingError, match="seed"):
        vidinpaint.inpaint_samples(image, mask, samples=2, method="harmonic")
    for samples in (0, 101):
        with pytest.raises(SettingError, match="samples"):
            vidinpaint.inpaint_samples(image, mask, samples=samples, method="repaint")


@pytest.mark.parametrize("wrong", [{"steps": 1}, {"resamplings": 0}, {"jump": 0}, {"largest": 5}])
def test_settings_out_of_range(wrong: dict[str, int]) -> None:
    with pytest.raises(SettingError, match=f"repaint.{next(iter(wrong))}"):
        RePaint(**wrong)


def test_a_folder_of_diffusers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the library, with the calls that are made of it."""
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(WeightsError, match="pip install diffusers"):
        prior_of_diffusers(tmp_path, torch.device("cpu"))

    class UNet2DModel(torch.nn.Module):
        config = SimpleNamespace(block_out_channels=(8, 8, 8))

        @classmethod
        def from_pretrained(cls, folder: Path, **options: bool) -> "UNet2DModel":
            assert options == {"local_files_only": True, "use_safetensors": True}
            if not (folder / "config.json").exists():
                raise OSError(f"no config.json\nin {folder}")
            return cls()

        def forward(self, x: Tensor, times: Tensor) -> SimpleNamespace:
            return SimpleNamespace(sample=denoiser(x, times))

    library = ModuleType("diffusers")
    library.UNet2DModel = UNet2DModel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "diffusers", library)
    with pytest.raises(WeightsError, match="no config"):
        prior_of_diffusers(tmp_path, torch.device("cpu"))
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "config.json").touch()
    (tmp_path / "scheduler").mkdir()
    config = tmp_path / "scheduler" / "scheduler_config.json"
    config.write_text(json.dumps({"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 100}))
    prior = prior_of_diffusers(tmp_path, torch.device("cpu"))
    assert (prior.multiple, prior.diffusion) == (4, Diffusion.named("cosine", 100))
    image, mask = texture(20, 30), np.zeros((20, 30), bool)
    mask[5:9, 6:20] = True
    inpainted = inpaint_array(RePaint(weights=str(tmp_path), steps=3, resamplings=1), image, mask)
    assert np.array_equal(inpainted[~mask], image[~mask])
    config.write_text(json.dumps({"beta_schedule": "sigmoid"}))
    with pytest.raises(WeightsError, match="sigmoid"):
        prior_of_diffusers(tmp_path, torch.device("cpu"))
