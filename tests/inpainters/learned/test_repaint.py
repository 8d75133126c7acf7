"""RePaint: known pixels are kept, resampling once is replacement, seeds differ inside the mask only."""

import json
import math
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

import vidinpaint
from tests.scenes import texture
from vidinpaint.core.errors import SettingError, WeightsError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.repaint import RePaint
from vidinpaint.inpainters.learned.resampling import noise_levels, prior_of_diffusers, resampled
from vidinpaint.networks.diffusion import Diffusion
from vidinpaint.weights import running


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


def small_unet(channels: int = 3) -> Any:
    """A network of diffusers with random weights."""
    from diffusers import UNet2DModel

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return UNet2DModel(
            in_channels=channels, out_channels=channels, block_out_channels=(8, 8), layers_per_block=1,
            norm_num_groups=4, attention_head_dim=4,
            down_block_types=("DownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "UpBlock2D"),
        )  # fmt: skip


@pytest.fixture(scope="module")
def unet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline of diffusers as far as RePaint needs it: a network and its noise schedule."""
    folder = tmp_path_factory.mktemp("diffusers")
    small_unet().save_pretrained(folder / "unet")
    (folder / "scheduler").mkdir()
    config = {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 100}
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(config))
    return folder


def test_a_folder_of_diffusers(unet_folder: Path) -> None:
    """As a whole, and that of its network alone."""
    prior = prior_of_diffusers(unet_folder, torch.device("cpu"))
    assert (prior.multiple, prior.diffusion) == (2, Diffusion.named("cosine", 100))
    assert prior_of_diffusers(unet_folder / "unet", torch.device("cpu")).diffusion == Diffusion.named("linear", 1000)
    image, mask = texture(20, 30), np.zeros((20, 30), bool)
    mask[5:9, 6:20] = True
    inpainted = inpaint_array(RePaint(weights=str(unet_folder), steps=3, resamplings=1), image, mask)
    assert np.array_equal(inpainted[~mask], image[~mask])
    assert not np.array_equal(inpainted[mask], image[mask])


def without_a_tensor(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    state = load_file(path)
    state.pop("conv_in.weight")
    save_file(state, path, {"format": "pt"})


def edit(file: str, **changes: object) -> Callable[[Path], Any]:
    return lambda folder: (folder / file).write_text(json.dumps({**json.loads((folder / file).read_text()), **changes}))


SCHEDULER = "scheduler/scheduler_config.json"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: shutil.rmtree(folder / "unet"), "without any"),
        (without_a_tensor, r"all tensors of UNet2DModel.*conv_in\.weight"),
        (lambda folder: (folder / "unet" / "config.json").unlink(), "a folder that diffusers can load"),
        (edit(SCHEDULER, beta_schedule="sigmoid"), "sigmoid"),
        (lambda folder: (folder / SCHEDULER).write_text("[1]"), "a table in JSON"),
        (lambda folder: (folder / SCHEDULER).write_text("{"), "a table in JSON"),
    ],
)
def test_other_folders_are_refused_in_one_line(
    spoil: Callable[[Path], Any], message: str, unet_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(unet_folder, tmp_path / "copy"))
    spoil(folder)
    with pytest.raises(WeightsError, match=message) as caught:
        prior_of_diffusers(folder, torch.device("cpu"))
    assert "\n" not in str(caught.value)


def test_a_network_of_other_channels_is_refused(tmp_path: Path) -> None:
    small_unet(channels=4).save_pretrained(tmp_path)
    with pytest.raises(WeightsError, match="three colours, found one from 4 to 4 channels"):
        prior_of_diffusers(tmp_path, torch.device("cpu"))


def test_diffusers_comes_with_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None if name == "diffusers" else object())
    with pytest.raises(WeightsError, match=r"pip install 'vidinpaint\[diffusion\]'"):
        prior_of_diffusers(tmp_path, torch.device("cpu"))
