"""The settings of a training run that have nothing to do with what is trained."""

from dataclasses import dataclass
from math import cos, pi

from vidinpaint.errors import SettingError


@dataclass(frozen=True)
class Training:
    """How long, how fast, and how often to look.

    steps                 of the optimiser in all
    learning_rate         its highest; the critics' is `critic_rate` times this
    warm_up               share of the steps during which the rate rises
    last_rate             share of the highest that is left at the end, after a cosine
    weight_decay          of AdamW
    beta1, beta2          of AdamW
    clip                  norm to which gradients are clipped; 0: never
    average               of the weights, per step (exponential moving average): what is kept in the end
    seed                  of everything
    validate_every        steps between validations, sample sheets and checkpoints
    threads               of torch; 0: as many as there are cores. The result depends on it in the last digits
    device                auto, cpu, cuda ...
    """

    steps: int = 1000
    learning_rate: float = 4e-4
    critic_rate: float = 1.0
    warm_up: float = 0.05
    last_rate: float = 0.02
    weight_decay: float = 1e-5
    beta1: float = 0.9
    beta2: float = 0.999
    clip: float = 1.0
    average: float = 0.999
    seed: int = 0
    validate_every: int = 500
    threads: int = 0
    device: str = "auto"

    def __post_init__(self) -> None:
        for name, low, high in (
            ("steps", 1, 1e9),
            ("learning_rate", 0, 1),
            ("critic_rate", 0, 100),
            ("warm_up", 0, 1),
            ("last_rate", 0, 1),
            ("weight_decay", 0, 1),
            ("beta1", 0, 0.999999),
            ("beta2", 0, 0.999999),
            ("clip", 0, 1e6),
            ("average", 0, 0.999999),
            ("seed", 0, 2**31),
            ("validate_every", 1, 1e9),
            ("threads", 0, 1024),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingError(f"training.{name} of {low:g} to {high:g}", f"{value:g}", "Choose another.")

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
