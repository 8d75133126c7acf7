"""Each loss equals a value computed by hand."""

from math import exp, log

import pytest
import torch
from torch import Tensor, tensor

from vidinpaint.core.errors import SettingError
from vidinpaint.training.losses.adversarial import GAN_LOSSES, gan_loss
from vidinpaint.training.losses.border_variation import border_variation
from vidinpaint.training.losses.deep_distance import deep_distance
from vidinpaint.training.losses.feature_matching import feature_matching
from vidinpaint.training.losses.gradient_penalty import gradient_penalty
from vidinpaint.training.losses.overlap import overlap_l2
from vidinpaint.training.losses.perceptual import perceptual
from vidinpaint.training.losses.r1 import r1_penalty
from vidinpaint.training.losses.reconstruction import reconstruction
from vidinpaint.training.losses.spatial_discount import discounted_l1, spatial_discount
from vidinpaint.training.losses.style import gram, style
from vidinpaint.training.losses.temporal import flicker


def test_reconstruction_separates_masked_and_known_pixels() -> None:
    output, truth = tensor([[[[1.0, 2.0, 3.0, 4.0]]]]), tensor([[[[0.0, 2.0, 1.0, 0.0]]]])
    mask = tensor([[[[1.0, 0.0, 0.0, 1.0]]]])
    distance = reconstruction(output, truth, mask)
    assert distance.mask.item() == pytest.approx((1 + 4) / 4)
    assert distance.valid.item() == pytest.approx((0 + 2) / 4)
    squared = reconstruction(output, truth, mask, power=2)
    assert squared.mask.item() == pytest.approx((1 + 16) / 4)
    assert squared.valid.item() == pytest.approx(4 / 4)


def test_discounted_l1_weighs_errors_by_their_distance_from_known_pixels() -> None:
    mask = torch.zeros(2, 1, 5, 7)
    mask[0, 0, 1:4, 1:6] = 1
    discount = spatial_discount(mask, 0.9)
    assert discount[0, 0, 2].tolist() == pytest.approx([0, 0.9, 0.81, 0.81, 0.81, 0.9, 0])
    assert discount[0, 0, 1].tolist() == pytest.approx([0, *[0.9] * 5, 0])
    assert not discount[1].any()
    output, truth = torch.full((2, 3, 5, 7), 2.0), torch.zeros(2, 3, 5, 7)
    assert discounted_l1(output, truth, mask, discount).item() == pytest.approx(2 * (12 * 0.9 + 3 * 0.81) / 15)


REAL, FAKE = tensor([2.0, 0.5]), tensor([-3.0, 0.0])


def soft(value: float) -> float:
    return log(1 + exp(value))


@pytest.mark.parametrize(
    ("name", "discriminator", "network"),
    [
        ("hinge", (0 + 0.5) / 2 + (0 + 1) / 2, 1.5),
        ("wasserstein", -1.5 - 1.25, 1.5),
        ("vanilla", (soft(-2) + soft(-0.5)) / 2 + (soft(-3) + soft(0)) / 2, (soft(3) + soft(0)) / 2),
    ],
)
def test_adversarial_by_hand(name: str, discriminator: float, network: float) -> None:
    assert gan_loss(name).discriminator(REAL, FAKE).item() == pytest.approx(discriminator, abs=1e-6)
    assert gan_loss(name).network(FAKE).item() == pytest.approx(network, abs=1e-6)


@pytest.mark.parametrize("name", GAN_LOSSES)
def test_both_losses_have_opposite_gradients(name: str) -> None:
    fake = torch.zeros(3, requires_grad=True)
    (up,) = torch.autograd.grad(gan_loss(name).network(fake), fake)
    (down,) = torch.autograd.grad(gan_loss(name).discriminator(torch.zeros(3), fake), fake)
    assert (up < 0).all()
    assert (down > 0).all()


def test_an_unknown_loss_gives_one_line() -> None:
    with pytest.raises(SettingError, match="Choose one of: hinge, vanilla, wasserstein"):
        gan_loss("hing")


def test_gradient_penalty_of_a_linear_discriminator_is_known() -> None:
    weight = torch.zeros(1, 1, 2, 2)
    weight[..., 0, :] = tensor([3.0, 4.0])
    real, fake, mask = torch.rand(5, 1, 2, 2), torch.rand(5, 1, 2, 2), torch.ones(5, 1, 2, 2)
    penalty = gradient_penalty(lambda picture: (picture * weight).sum((1, 2, 3)), real, fake, mask)
    assert penalty.item() == pytest.approx((5 - 1) ** 2)
    mask[..., 0, 1] = 0  # the 4 is outside the mask and does not count
    penalty = gradient_penalty(lambda picture: (picture * weight).sum((1, 2, 3)), real, fake, mask)
    assert penalty.item() == pytest.approx((3 - 1) ** 2)


def test_perceptual_sums_the_means_of_the_maps() -> None:
    first, second = torch.zeros(1, 2, 2, 2), torch.zeros(1, 1, 1, 1)
    assert perceptual([first + 0.5, second - 2], [first, second]).item() == pytest.approx(0.5 + 2)


def test_gram_and_style_by_hand() -> None:
    maps = tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])  # 2 maps of 1 x 2
    expected = tensor([[[1 + 4, 3 + 8], [3 + 8, 9 + 16]]]) / (2 * 1 * 2)
    assert torch.allclose(gram(maps), expected)
    assert style([maps], [torch.zeros_like(maps)]).item() == pytest.approx((5 + 11 + 11 + 25) / 4 / 4)
    assert style([maps], [maps.flip(-1)]).item() == 0  # positions do not matter


def test_feature_matching_is_a_mean_without_gradients_of_the_real_features() -> None:
    fake, real = torch.ones(1, 1, 2, 2, requires_grad=True), torch.zeros(1, 1, 2, 2, requires_grad=True)
    loss = feature_matching([fake, fake * 3], [real, real])
    assert loss.item() == pytest.approx((1 + 3) / 2)
    loss.backward()
    assert real.grad is None
    assert fake.grad is not None


def test_border_variation_counts_the_mask_and_one_pixel_around() -> None:
    picture, mask = torch.zeros(1, 1, 1, 7), torch.zeros(1, 1, 1, 7)
    picture[0, 0, 0] = tensor([9.0, 0, 1, 5, 2, 0, 9])
    mask[..., 3] = 1
    # counted: pixels 2, 3 and 4, so 1-5 and 5-2; neither 0-1 nor 2-0
    assert border_variation(picture, mask).item() == pytest.approx((4 + 3) / 7)
    assert border_variation(picture.transpose(2, 3), mask.transpose(2, 3)).item() == pytest.approx((4 + 3) / 7)


def test_flicker_counts_changes_of_the_error_only() -> None:
    truth = torch.rand(1, 1, 3, 1, 1)
    mask = torch.ones(1, 1, 3, 1, 1)

    def of(error: list[float]) -> Tensor:
        return flicker(truth + tensor(error).reshape(1, 1, 3, 1, 1), truth, mask)

    assert of([0.5, 0.5, 0.5]).item() == pytest.approx(0, abs=1e-6)
    assert of([0.0, 1.0, -1.0]).item() == pytest.approx((1 + 2) / 2, abs=1e-6)
    mask[:, :, 2] = 0
    assert of([0.0, 1.0, -1.0]).item() == pytest.approx(1 / 2, abs=1e-6)


def test_deep_distance_compares_directions_only() -> None:
    first, second = tensor([[[[3.0]], [[4.0]]]]), tensor([[[[0.0]], [[2.0]]]])
    assert deep_distance([first], [10 * first]).item() == pytest.approx(0, abs=1e-6)
    assert deep_distance([first], [second]).item() == pytest.approx(0.6**2 + 0.2**2, abs=1e-5)
    assert deep_distance([first, first], [first, second]).item() == pytest.approx(0.2, abs=1e-5)


def test_r1_is_the_squared_slope() -> None:
    real = torch.ones(2, 3, 2, 2)
    assert r1_penalty(lambda image: 0.5 * image.sum((1, 2, 3)), real).item() == pytest.approx(12 * 0.25)
    squares = r1_penalty(lambda image: image.square().sum((1, 2, 3)), real)  # the gradient is 2 at each value
    assert squares.item() == pytest.approx(12 * 4)


def test_overlap_l2_weighs_the_border_ten_times() -> None:
    truth = torch.zeros(1, 1, 4, 4)
    middle, border = truth.clone(), truth.clone()
    middle[..., 1, 2] = 2
    border[..., 0, 2] = 2
    assert overlap_l2(middle, truth, 1).item() == pytest.approx(4 / 16)
    assert overlap_l2(border, truth, 1).item() == pytest.approx(10 * 4 / 16)


def test_distances_of_features_with_squares() -> None:
    first, second = torch.zeros(1, 2, 2, 2), torch.full((1, 2, 2, 2), 3.0)
    assert perceptual([first, first], [second, first + 1], power=2).item() == pytest.approx(9 + 1)
    assert feature_matching([first, first], [second, first + 1], power=2).item() == pytest.approx((9 + 1) / 2)
