"""Denoising diffusion: the noise schedule, forward steps that add noise, and reverse steps from predicted noise.

    x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) noise

Steps are numbered 0 to T - 1; x of the last one is nearly all noise, and x before step 0 is the image (alpha_bar = 1).

Source: Ho, Jain, Abbeel 2020, Denoising Diffusion Probabilistic Models, equations 1 to 7; cosine schedule, respacing
and learned variances: Nichol and Dhariwal 2021, Improved Denoising Diffusion Probabilistic Models, sections 3 and 4.
"""

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import mul

import torch
from torch import Tensor

SCHEDULES = ("linear", "cosine")
MAX_BETA = 0.999  # variance that one step may add


@dataclass(frozen=True)
class Diffusion:
    """A schedule of noise.

    alpha_bars  alpha_bar of each step, decreasing from nearly 1 to nearly 0: the remaining variance of the image
    times       number of each step in the schedule of the training: the input of the network
    """

    alpha_bars: tuple[float, ...]
    times: tuple[int, ...]

    @classmethod
    def named(cls, schedule: str, steps: int = 1000) -> "Diffusion":
        """The schedule `linear` (Ho 2020, section 4) or `cosine` (Nichol 2021, section 3.2); steps: 1 to 10000."""
        if schedule not in SCHEDULES or not 1 <= steps <= 10000:
            raise ValueError(f"expected a schedule of {SCHEDULES} and 1 to 10000 steps, found {schedule!r} and {steps}")
        if schedule == "linear":
            lowest, highest = 0.1 / steps, min(20 / steps, MAX_BETA)
            betas = [lowest + (highest - lowest) * step / max(steps - 1, 1) for step in range(steps)]
        else:
            level = [math.cos((step / steps + 0.008) / 1.008 * math.pi / 2) ** 2 for step in range(steps + 1)]
            betas = [min(1 - after / before, MAX_BETA) for before, after in pairwise(level)]
        return cls(tuple(accumulate((1 - beta for beta in betas), mul)), tuple(range(steps)))

    def respaced(self, steps: int) -> "Diffusion":
        """The schedule with at most `steps` of its steps, evenly spaced, including the first and the last."""
        count = min(steps, len(self))
        stride = (len(self) - 1) / max(count - 1, 1)
        selected = [round(stride * number) for number in range(count)]
        return Diffusion(
            tuple(self.alpha_bars[step] for step in selected), tuple(self.times[step] for step in selected)
        )

    def __len__(self) -> int:
        return len(self.alpha_bars)

    def alpha_bar_before(self, step: int) -> float:
        """alpha_bar of the previous step; 1 before step 0."""
        return self.alpha_bars[step - 1] if step > 0 else 1.0

    def noised(self, image: Tensor, steps: Tensor, noise: Tensor) -> Tensor:
        """x_t of images (N, C, H, W) at steps int64 (N,)."""
        alpha_bar = torch.tensor(self.alpha_bars, dtype=torch.float64)[steps.cpu()].to(image)[:, None, None, None]
        return alpha_bar.sqrt() * image + (1 - alpha_bar).sqrt() * noise

    def noised_before(self, image: Tensor, step: int, noise: Tensor) -> Tensor:
        """x_{t-1} of an image; the image itself before step 0."""
        alpha_bar = self.alpha_bar_before(step)
        return math.sqrt(alpha_bar) * image + math.sqrt(1 - alpha_bar) * noise

    def forward_step(self, x: Tensor, step: int, noise: Tensor) -> Tensor:
        """x_t of x_{t-1}: one step of noise."""
        alpha = self.alpha_bars[step] / self.alpha_bar_before(step)
        return math.sqrt(alpha) * x + math.sqrt(1 - alpha) * noise

    def image(self, x: Tensor, step: int, noise: Tensor) -> Tensor:
        """The image, in [-1, 1], of x_t and its noise."""
        alpha_bar = self.alpha_bars[step]
        return ((x - math.sqrt(1 - alpha_bar) * noise) / math.sqrt(alpha_bar)).clamp(-1, 1)

    def reverse_step(self, x: Tensor, step: int, output: Tensor, noise: Tensor) -> Tensor:
        """x_{t-1} of x_t (N, C, H, W), sampled with noise of the same shape.

        output  of the network at this step: the noise in x_t (N, C, H, W); or (N, 2 C, H, W), followed by the position
                of the logarithm of the variance between its bounds, -1 to 1
        """
        channels = x.shape[1]
        image = self.image(x, step, output[:, :channels])
        if step == 0:
            return self._mean(x, image, step)
        lowest, highest = math.log(self._posterior_variance(step)), math.log(self._beta(step))
        if output.shape[1] == 2 * channels:
            position = (output[:, channels:] + 1) / 2
            log_variance = position * highest + (1 - position) * lowest
            return self._mean(x, image, step) + torch.exp(0.5 * log_variance) * noise
        return self._mean(x, image, step) + math.exp(0.5 * lowest) * noise

    def _beta(self, step: int) -> float:
        return 1 - self.alpha_bars[step] / self.alpha_bar_before(step)

    def _posterior_variance(self, step: int) -> float:
        """The variance of x_{t-1} given x_t and the image."""
        return self._beta(step) * (1 - self.alpha_bar_before(step)) / (1 - self.alpha_bars[step])

    def _mean(self, x: Tensor, image: Tensor, step: int) -> Tensor:
        """The mean of x_{t-1} given x_t and the image."""
        before, current = self.alpha_bar_before(step), self.alpha_bars[step]
        image_weight = math.sqrt(before) * self._beta(step) / (1 - current)
        x_weight = math.sqrt(current / before) * (1 - before) / (1 - current)
        return image_weight * image + x_weight * x
