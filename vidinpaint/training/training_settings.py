"""The settings of a training run that do not depend on the recipe."""

from dataclasses import dataclass
from math import cos, pi

from vidinpaint.core.settings import Settings, setting


@dataclass(frozen=True)
class Training(Settings):
    """Length, learning rate, averaging and validation of a training run."""

    steps: int = setting(1000, "Total number of optimiser steps.", low=1, high=1_000_000_000)
    learning_rate: float = setting(4e-4, "Greatest learning rate.", low=0, high=1)
    discriminator_rate: float = setting(1.0, "Rate of the discriminators, relative to learning_rate.", low=0, high=100)
    warm_up: float = setting(0.05, "Fraction of the steps in which the rate rises to learning_rate.", low=0, high=1)
    last_rate: float = setting(0.02, "Final rate relative to learning_rate, reached by half a cosine.", low=0, high=1)
    weight_decay: float = setting(1e-5, "Weight decay of AdamW.", low=0, high=1)
    beta1: float = setting(0.9, "Decay of the first moment in AdamW.", low=0, high=0.999999)
    beta2: float = setting(0.999, "Decay of the second moment in AdamW.", low=0, high=0.999999)
    clip: float = setting(1.0, "Norm to which gradients are clipped; 0: no clipping.", low=0, high=1_000_000)
    average: float = setting(
        0.999, "Decay per step of the moving average of the weights, which is the result.", low=0, high=0.999999
    )
    seed: int = setting(0, "Seed of everything random.", low=0, high=2**31)
    validate_every: int = setting(
        500, "Steps between validations, sample sheets and checkpoints.", low=1, high=1_000_000_000
    )
    threads: int = setting(
        0, "Threads of torch; 0: one per core. The last digits of the result depend on their number.", low=0, high=1024
    )
    device: str = setting("auto", "Device: auto, cpu, cuda, cuda:1 ...")
    precision: str = setting(
        "float32", "Type of numbers in convolutions; bfloat16 is faster where the processor has it.",
        choices=("float32", "bfloat16"),
    )  # fmt: skip
    initial: str = setting("", "File of weights of the same network to start a new run from; empty: random weights.")

    def rate(self, step: int) -> float:
        """The learning rate of a step: a linear rise, then half a cosine."""
        rising = max(1.0, self.warm_up * self.steps)
        if step < rising:
            return self.learning_rate * (step + 1) / rising
        progress = min(1.0, (step - rising) / max(1.0, self.steps - rising))
        return self.learning_rate * (self.last_rate + (1 - self.last_rate) * (1 + cos(pi * progress)) / 2)

    def ema_decay(self, step: int) -> float:
        """Decay of the moving average in a step, lower in the first steps."""
        return min(self.average, (1 + step) / (10 + step))
