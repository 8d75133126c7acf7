"""Diffusion schedules and steps, and the network that predicts the noise."""

import math

import pytest
import torch

from vidinpaint.networks.diffusion import Diffusion
from vidinpaint.networks.diffusion_unet import DiffusionUnet, embedded


def test_the_schedules_are_those_of_the_papers() -> None:
    linear, cosine = Diffusion.named("linear"), Diffusion.named("cosine")
    assert linear.alpha_bars[0] == pytest.approx(1 - 1e-4)
    assert linear.alpha_bars[999] / linear.alpha_bars[998] == pytest.approx(1 - 0.02)
    assert linear.alpha_bars[999] == pytest.approx(4.04e-5, rel=0.01)
    assert cosine.alpha_bars[499] == pytest.approx(math.cos((0.5 + 0.008) / 1.008 * math.pi / 2) ** 2, rel=1e-3)
    assert list(cosine.alpha_bars) == sorted(cosine.alpha_bars, reverse=True)
    for schedule, steps in (("linear", 0), ("linear", 10001), ("other", 10)):
        with pytest.raises(ValueError, match="schedule"):
            Diffusion.named(schedule, steps)


def test_respacing_keeps_alpha_bar_of_the_selected_steps() -> None:
    whole = Diffusion.named("linear")
    some = whole.respaced(250)
    assert len(some) == 250
    assert (some.times[0], some.times[-1]) == (0, 999)
    assert all(some.alpha_bars[number] == whole.alpha_bars[time] for number, time in enumerate(some.times))
    assert whole.respaced(1000) == whole.respaced(5000) == whole


def test_forward_steps_add_the_same_noise_as_one_jump() -> None:
    """Factors of the mean multiply, and variances of independent noise add up."""
    diffusion = Diffusion.named("cosine", 10)
    one = torch.ones(1, 1, 1, 1)
    x, variance = one, 0.0
    for step in range(4):
        factor = float(diffusion.forward_step(torch.ones(1), step, torch.zeros(1)))
        x, variance = diffusion.forward_step(x, step, 0 * one), variance * factor**2 + 1 - factor**2
    assert float(x) == pytest.approx(math.sqrt(diffusion.alpha_bars[3]))
    assert variance == pytest.approx(1 - diffusion.alpha_bars[3])
    jumped = diffusion.noised(one, torch.tensor([3]), one)
    assert float(jumped) == pytest.approx(math.sqrt(diffusion.alpha_bars[3]) + math.sqrt(1 - diffusion.alpha_bars[3]))
    assert torch.equal(diffusion.noised_before(one, 0, 5 * one), one)


def test_reverse_steps_with_the_true_noise_restore_the_image() -> None:
    random = torch.Generator().manual_seed(0)
    diffusion = Diffusion.named("linear").respaced(50)
    truth = torch.rand((1, 3, 4, 4), generator=random) * 2 - 1
    noise = torch.randn((1, 3, 4, 4), generator=random)
    x = diffusion.noised(truth, torch.tensor([49]), noise)
    for step in range(49, -1, -1):
        alpha_bar = diffusion.alpha_bars[step]
        true_noise = (x - math.sqrt(alpha_bar) * truth) / math.sqrt(1 - alpha_bar)
        x = diffusion.reverse_step(x, step, true_noise, torch.randn(x.shape, generator=random))
    assert torch.allclose(x, truth, atol=1e-5)


def test_a_reverse_step_has_the_mean_and_variance_of_the_paper() -> None:
    """Ho 2020, equation 7, for one number; learned variances between the bounds in logarithms."""
    diffusion = Diffusion.named("linear", 100)
    step, image, x = 40, 0.3, 0.9
    current, before = diffusion.alpha_bars[step], diffusion.alpha_bars[step - 1]
    beta = 1 - current / before
    mean = math.sqrt(before) * beta / (1 - current) * image + math.sqrt(1 - beta) * (1 - before) / (1 - current) * x
    posterior = beta * (1 - before) / (1 - current)
    true_noise = torch.full((1, 1, 1, 1), (x - math.sqrt(current) * image) / math.sqrt(1 - current))
    at = torch.full((1, 1, 1, 1), x)
    one = torch.ones(1, 1, 1, 1)
    assert float(diffusion.reverse_step(at, step, true_noise, one)) == pytest.approx(
        mean + math.sqrt(posterior), rel=1e-5
    )
    for position, variance in ((-1, posterior), (1, beta), (0, math.sqrt(posterior * beta))):
        both = torch.cat([true_noise, position * one], 1)
        assert float(diffusion.reverse_step(at, step, both, one)) == pytest.approx(mean + math.sqrt(variance), rel=1e-5)


@pytest.mark.parametrize("variance", [False, True])
def test_the_network_starts_at_zero_and_all_parameters_get_gradients(variance: bool) -> None:
    torch.manual_seed(0)
    network = DiffusionUnet(8, (1, 2, 2), 1, (2, 4), 8, variance)
    x, times = torch.randn(2, 3, 16, 24), torch.tensor([3, 900])
    assert network.multiple == 4
    assert not network(x, times).any()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2)
    output = network(x, times)
    assert output.shape == (2, 6 if variance else 3, 16, 24)
    assert not torch.allclose(output[:1], network(x[:1], times[1:]), atol=1e-3)  # the step matters
    assert torch.allclose(output[:1], network(x[:1], times[:1]), atol=1e-4)
    output.square().mean().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_embedding_of_steps() -> None:
    assert torch.allclose(embedded(torch.tensor([0]), 5), torch.tensor([[1.0, 1, 0, 0, 0]]))
    one = embedded(torch.tensor([7]), 4)[0]
    assert torch.allclose(one, torch.tensor([math.cos(7), math.cos(0.07), math.sin(7), math.sin(0.07)]))
