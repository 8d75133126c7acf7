"""The arithmetic of denoising diffusion: how noise is added, and what a step back is, given what the noise was.

    x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) noise

Steps are numbered 0 to T - 1, the last one nearly all noise; "before" step 0 is the picture itself (abar = 1).

Source: Ho, Jain, Abbeel 2020, Denoising Diffusion Probabilistic Models, equations 1 to 7; cosine schedule, respacing
and learned variances: Nichol and Dhariwal 2021, Improved Denoising Diffusion Probabilistic Models, sections 3 and 4.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

SCHEDULES = ("linear", "cosine")
MOST = 0.999  # of the variance that one step may add


@dataclass(frozen=True)
class Diffusion:
    """A schedule of noise.

    kept   abar of every step, falling: how much of the picture's variance is left
    times  the number of every step in the schedule that the network was trained with: what it is told
    """

    alpha_bars: tuple[float, ...]
    times: tuple[int, ...]

    @classmethod
    def named(cls, schedule: str, steps: int = 1000) -> "Diffusion":
        """The schedule `linear` (Ho 2020, section 4) or `cosine` (Nichol 2021, section 3.2) of 1 to 10000 steps."""
        if schedule not in SCHEDULES or not 1 <= steps <= 10000:
            raise ValueError(f"expected a schedule of {SCHEDULES} and 1 to 10000 steps, found {schedule!r} and {steps}")
        if schedule == "linear":
            lowest, highest = 0.1 / steps, min(20 / steps, MOST)
            added = [lowest + (highest - lowest) * step / max(steps - 1, 1) for step in range(steps)]
        else:
            level = [math.cos((step / steps + 0.008) / 1.008 * math.pi / 2) ** 2 for step in range(steps + 1)]
            added = [min(1 - after / before, MOST) for before, after in pairwise(level)]
        kept, left = [], 1.0
        for variance in added:
            left *= 1 - variance
            kept.append(left)
        return cls(tuple(kept), tuple(range(steps)))

    def respaced(self, steps: int) -> "Diffusion":
        """At most so many of its steps, evenly spaced, the first and the last among them."""
        count = min(steps, len(self))
        stride = (len(self) - 1) / max(count - 1, 1)
        chosen = [round(stride * number) for number in range(count)]
        return Diffusion(tuple(self.alpha_bars[step] for step in chosen), tuple(self.times[step] for step in chosen))

    def __len__(self) -> int:
        return len(self.alpha_bars)

    def alpha_bar_before(self, step: int) -> float:
        return self.alpha_bars[step - 1] if step > 0 else 1.0

    def noised(self, picture: Tensor, steps: Tensor, noise: Tensor) -> Tensor:
        """x_t of pictures (N, C, H, W) at steps int64 (N,); for training and for what is known."""
        kept = torch.tensor(self.alpha_bars, dtype=torch.float64)[steps.cpu()].to(picture)[:, None, None, None]
        return kept.sqrt() * picture + (1 - kept).sqrt() * noise

    def noised_before(self, picture: Tensor, step: int, noise: Tensor) -> Tensor:
        """x_{t-1}: the picture itself before step 0."""
        kept = self.alpha_bar_before(step)
        return math.sqrt(kept) * picture + math.sqrt(1 - kept) * noise

    def forward_step(self, x: Tensor, step: int, noise: Tensor) -> Tensor:
        """x_t of x_{t-1}: one step of noise."""
        kept = self.alpha_bars[step] / self.alpha_bar_before(step)
        return math.sqrt(kept) * x + math.sqrt(1 - kept) * noise

    def picture(self, x: Tensor, step: int, noise: Tensor) -> Tensor:
        """The picture, in [-1, 1], that x_t shows, if this is its noise."""
        kept = self.alpha_bars[step]
        return ((x - math.sqrt(1 - kept) * noise) / math.sqrt(kept)).clamp(-1, 1)

    def reverse_step(self, x: Tensor, step: int, said: Tensor, noise: Tensor) -> Tensor:
        """x_{t-1} of x_t (N, C, H, W), drawn with noise of its shape.

        said  what the network says at this step: the noise in x_t (N, C, H, W), or (N, 2 C, H, W) with where the
              variance lies between its bounds, -1 to 1, in logarithms
        """
        channels = x.shape[1]
        picture = self.picture(x, step, said[:, :channels])
        if step == 0:
            return self._mean(x, picture, step)
        lowest, highest = math.log(self._least_variance(step)), math.log(self._added(step))
        if said.shape[1] == 2 * channels:
            share = (said[:, channels:] + 1) / 2
            return self._mean(x, picture, step) + torch.exp(0.5 * (share * highest + (1 - share) * lowest)) * noise
        return self._mean(x, picture, step) + math.exp(0.5 * lowest) * noise

    def _added(self, step: int) -> float:
        return 1 - self.alpha_bars[step] / self.alpha_bar_before(step)

    def _least_variance(self, step: int) -> float:
        """Of x_{t-1}, if the picture is known exactly."""
        return self._added(step) * (1 - self.alpha_bar_before(step)) / (1 - self.alpha_bars[step])

    def _mean(self, x: Tensor, picture: Tensor, step: int) -> Tensor:
        before, here = self.alpha_bar_before(step), self.alpha_bars[step]
        of_picture = math.sqrt(before) * self._added(step) / (1 - here)
        of_x = math.sqrt(here / before) * (1 - before) / (1 - here)
        return of_picture * picture + of_x * x
