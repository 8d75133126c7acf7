"""The settings of a training run that have nothing to do with what is trained."""

from dataclasses import dataclass
from math import cos, pi

from vidinpaint.core.settings import Settings, setting


@dataclass(frozen=True)
class Training(Settings):
    """How long, how fast, and how often to validate."""

    steps: int = setting(1000, "Steps of the optimiser in total.", low=1, high=1_000_000_000)
    learning_rate: float = setting(4e-4, "Highest learning rate.", low=0, high=1)
    discriminator_rate: float = setting(1.0, "Learning rate of the discriminators, relative to it.", low=0, high=100)
    warm_up: float = setting(0.05, "Share of the steps during which the rate rises.", low=0, high=1)
    last_rate: float = setting(0.02, "Share of the highest rate at the end, after a cosine.", low=0, high=1)
    weight_decay: float = setting(1e-5, "Of AdamW.", low=0, high=1)
    beta1: float = setting(0.9, "Of AdamW.", low=0, high=0.999999)
    beta2: float = setting(0.999, "Of AdamW.", low=0, high=0.999999)
    clip: float = setting(1.0, "Norm to which gradients are clipped; 0: never.", low=0, high=1_000_000)
    average: float = setting(
        0.999, "Decay per step of the moving average of the weights, which is the result.", low=0, high=0.999999
    )
    seed: int = setting(0, "Seed of everything random.", low=0, high=2**31)
    validate_every: int = setting(
        500, "Steps between validations, sample sheets and checkpoints.", low=1, high=1_000_000_000
    )
    threads: int = setting(
        0, "Threads of torch; 0: one per core. The last digits of the result depend on it.", low=0, high=1024
    )
    device: str = setting("auto", "auto, cpu, cuda ...")

    def rate(self, step: int) -> float:
        """The learning rate of a step: a line up, then half a cosine down."""
        rising = max(1.0, self.warm_up * self.steps)
        if step < rising:
            return self.learning_rate * (step + 1) / rising
        share = min(1.0, (step - rising) / max(1.0, self.steps - rising))
        return self.learning_rate * (self.last_rate + (1 - self.last_rate) * (1 + cos(pi * share)) / 2)

    def averaging(self, step: int) -> float:
        """The share of the average that stays in a step; less at first, when there is little to remember."""
        return min(self.average, (1 + step) / (10 + step))
