"""Every loss against a value worked out by hand."""

from math import exp, log

import pytest
import torch
from torch import Tensor, tensor

from vidinpaint.errors import SettingError
from vidinpaint.train.losses.adversarial import GAMES, game
from vidinpaint.train.losses.border_variation import border_variation
from vidinpaint.train.losses.feature_matching import feature_matching
from vidinpaint.train.losses.gradient_penalty import gradient_penalty
from vidinpaint.train.losses.perceptual import perceptual
from vidinpaint.train.losses.reconstruction import reconstruction
from vidinpaint.train.losses.style import gram, style
from vidinpaint.train.losses.temporal import flicker


def test_reconstruction_counts_the_hole_and_the_rest_apart() -> None:
    output, truth = tensor([[[[1.0, 2.0, 3.0, 4.0]]]]), tensor([[[[0.0, 2.0, 1.0, 0.0]]]])
    hole = tensor([[[[1.0, 0.0, 0.0, 1.0]]]])
    apart = reconstruction(output, truth, hole)
    assert apart.hole.item() == pytest.approx((1 + 4) / 4)
    assert apart.valid.item() == pytest.approx((0 + 2) / 4)
    squared = reconstruction(output, truth, hole, power=2)
    assert squared.hole.item() == pytest.approx((1 + 16) / 4)
    assert squared.valid.item() == pytest.approx(4 / 4)


REAL, FAKE = tensor([2.0, 0.5]), tensor([-3.0, 0.0])


def soft(value: float) -> float:
    return log(1 + exp(value))


@pytest.mark.parametrize(
    ("name", "critic", "net"),
    [
        ("hinge", (0 + 0.5) / 2 + (0 + 1) / 2, 1.5),
        ("wasserstein", -1.5 - 1.25, 1.5),
        ("vanilla", (soft(-2) + soft(-0.5)) / 2 + (soft(-3) + soft(0)) / 2, (soft(3) + soft(0)) / 2),
    ],
)
def test_adversarial_by_hand(name: str, critic: float, net: float) -> None:
    assert game(name).critic(REAL, FAKE).item() == pytest.approx(critic, abs=1e-6)
    assert game(name).net(FAKE).item() == pytest.approx(net, abs=1e-6)


@pytest.mark.parametrize("name", GAMES)
def test_both_sides_want_opposite_scores(name: str) -> None:
    fake = torch.zeros(3, requires_grad=True)
    (up,) = torch.autograd.grad(game(name).net(fake), fake)
    (down,) = torch.autograd.grad(game(name).critic(torch.zeros(3), fake), fake)
    assert (up < 0).all()
    assert (down > 0).all()


def test_an_unknown_game_is_one_line() -> None:
    with pytest.raises(SettingError, match="Choose one of: hinge, vanilla, wasserstein"):
        game("hing")


def test_gradient_penalty_of_a_linear_critic_is_known() -> None:
    weight = torch.zeros(1, 1, 2, 2)
    weight[..., 0, :] = tensor([3.0, 4.0])
    real, fake, hole = torch.rand(5, 1, 2, 2), torch.rand(5, 1, 2, 2), torch.ones(5, 1, 2, 2)
    penalty = gradient_penalty(lambda picture: (picture * weight).sum((1, 2, 3)), real, fake, hole)
    assert penalty.item() == pytest.approx((5 - 1) ** 2)
    hole[..., 0, 1] = 0  # the 4 is outside the hole and does not count
    penalty = gradient_penalty(lambda picture: (picture * weight).sum((1, 2, 3)), real, fake, hole)
    assert penalty.item() == pytest.approx((3 - 1) ** 2)


def test_perceptual_sums_the_means_of_the_maps() -> None:
    first, second = torch.zeros(1, 2, 2, 2), torch.zeros(1, 1, 1, 1)
    assert perceptual([first + 0.5, second - 2], [first, second]).item() == pytest.approx(0.5 + 2)


def test_gram_and_style_by_hand() -> None:
    maps = tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])  # 2 maps of 1 x 2
    expected = tensor([[[1 + 4, 3 + 8], [3 + 8, 9 + 16]]]) / (2 * 1 * 2)
    assert torch.allclose(gram(maps), expected)
    assert style([maps], [torch.zeros_like(maps)]).item() == pytest.approx((5 + 11 + 11 + 25) / 4 / 4)
    assert style([maps], [maps.flip(-1)]).item() == 0  # where does not matter


def test_feature_matching_is_a_mean_and_leaves_the_real_ones_alone() -> None:
    fake, real = torch.ones(1, 1, 2, 2, requires_grad=True), torch.zeros(1, 1, 2, 2, requires_grad=True)
    loss = feature_matching([fake, fake * 3], [real, real])
    assert loss.item() == pytest.approx((1 + 3) / 2)
    loss.backward()
    assert real.grad is None
    assert fake.grad is not None


def test_border_variation_counts_the_hole_and_one_pixel_around() -> None:
    picture, hole = torch.zeros(1, 1, 1, 7), torch.zeros(1, 1, 1, 7)
    picture[0, 0, 0] = tensor([9.0, 0, 1, 5, 2, 0, 9])
    hole[..., 3] = 1
    # counted: pixels 2, 3 and 4, so 1-5 and 5-2; neither 0-1 nor 2-0
    assert border_variation(picture, hole).item() == pytest.approx((4 + 3) / 7)
    assert border_variation(picture.transpose(2, 3), hole.transpose(2, 3)).item() == pytest.approx((4 + 3) / 7)


def test_flicker_counts_changes_of_the_error_only() -> None:
    truth = torch.rand(1, 1, 3, 1, 1)
    hole = torch.ones(1, 1, 3, 1, 1)

    def of(error: list[float]) -> Tensor:
        return flicker(truth + tensor(error).reshape(1, 1, 3, 1, 1), truth, hole)

    assert of([0.5, 0.5, 0.5]).item() == pytest.approx(0, abs=1e-6)
    assert of([0.0, 1.0, -1.0]).item() == pytest.approx((1 + 2) / 2, abs=1e-6)
    hole[:, :, 2] = 0
    assert of([0.0, 1.0, -1.0]).item() == pytest.approx(1 / 2, abs=1e-6)
