"""The trainer of all recipes: optimisation, moving average, checkpoints, log, sheets and a plot.

It writes into its folder

    checkpoint.pt        the state of the run; the same command continues from it, bit for bit
    weights.safetensors  the moving average of the weights, as the inpainter or flow method loads it
    log.csv              one row per step: seconds, rate, all terms
    validation.csv       one row per validation
    loss.png             a plot of both
    sheets/STEP.png      results on held-out examples

Before each step torch and the generator of its examples are seeded with the run's seed and the number of the step, so
no random state has to be saved.
"""

import copy
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from vidinpaint.core.errors import OutputError, SettingError
from vidinpaint.execution.runners.thread_counts import set_thread_counts
from vidinpaint.training.log import Log
from vidinpaint.training.recipe import Batch, Recipe, Terms
from vidinpaint.training.training_settings import Training
from vidinpaint.weights.loading import load_network, save_weights
from vidinpaint.weights.running import device_named

CHECKPOINT = "checkpoint.pt"


class Trainer:
    """One run of a recipe in a folder; continues from the checkpoint of the folder if there is one."""

    def __init__(self, name: str, recipe: Recipe, training: Training, folder: Path) -> None:
        self._recipe, self._training, self._folder = recipe, training, folder
        self._device = device_named(training.device)
        self._settings = {"recipe": name, "training": _fixed_settings(training), name: asdict(recipe)}  # type: ignore[call-overload]
        self._limit_threads()
        torch.manual_seed(training.seed)
        self.network = self._initial_network().to(self._device)
        self.discriminators = recipe.discriminators().to(self._device)
        self.average = copy.deepcopy(self.network).requires_grad_(False).eval()
        self._optimiser = self._new_optimiser(self.network)
        self._discriminator_optimiser = self._new_optimiser(self.discriminators) if len(self.discriminators) else None
        self.step, self._seconds = 0, 0.0
        self._log = Log(folder)
        self._resume()

    def _initial_network(self) -> nn.Module:
        """The recipe's network, with the weights of `training.initial` if it is set."""
        network = self._recipe.network()
        if self._training.initial:
            name, _ = self._recipe.description()
            network.load_state_dict(load_network(Path(self._training.initial), name).state_dict())
        return network

    def run(self, quiet: bool = False) -> dict[str, float]:
        """Train to the last step; returns the figures of the last validation."""
        figures = self._validate() if self.step == 0 else self._log.last_figures()
        bar = tqdm(
            total=self._training.steps, initial=self.step, unit="step", desc=self._folder.name, disable=quiet,
            dynamic_ncols=True, mininterval=1.0,
        )  # fmt: skip
        with bar, ThreadPoolExecutor(1, initializer=self._limit_threads) as pool:
            future = pool.submit(self._batch, self.step)
            while self.step < self._training.steps:
                start = monotonic()
                terms, future = self._train_step(future, pool)
                self._seconds += monotonic() - start
                self._log.step(self.step, self._seconds, self._training.rate(self.step - 1), terms)
                bar.update()
                if "loss" in terms:
                    bar.set_postfix_str(f"loss {terms['loss']:.4f}", refresh=False)
                if self.step % self._training.validate_every == 0 or self.step == self._training.steps:
                    figures = self._validate()
                    if not quiet:
                        text = ", ".join(f"{key} {value:.4g}" for key, value in figures.items())
                        bar.write(f"step {self.step}: {text}", sys.stderr)
        return figures

    def _train_step(self, future: Future[Batch], pool: ThreadPoolExecutor) -> tuple[dict[str, float], Future[Batch]]:
        """One step on the future's examples; returns its terms, and the future of the next step's examples."""
        batch = {key: value.to(self._device) for key, value in future.result().items()}
        future = pool.submit(self._batch, self.step + 1)
        torch.manual_seed(_step_seed(self._training.seed, self.step))
        rate = self._training.rate(self.step)
        log: dict[str, float] = {}
        if self._discriminator_optimiser is not None:
            with self._precision():
                terms = self._recipe.discriminator_loss(self.network, self.discriminators, batch, self.step)
            if terms:
                log |= self._optimise(
                    terms, self.discriminators, self._discriminator_optimiser, rate * self._training.discriminator_rate
                )
                log["discriminator_loss"] = log.pop("loss")
        self.discriminators.requires_grad_(False)
        with self._precision():
            terms = self._recipe.loss(self.network, self.discriminators, batch, self.step)
        if terms:
            log |= self._optimise(terms, self.network, self._optimiser, rate)
            self._update_ema()
        self.discriminators.requires_grad_(True)
        self.step += 1
        return log, future

    def _optimise(
        self, terms: Terms, networks: nn.Module, optimiser: torch.optim.Optimizer, rate: float
    ) -> dict[str, float]:
        """One step of an optimiser on the sum of the terms; returns each term, and their sum as `loss`."""
        loss = torch.stack([term.reshape(()) for term in terms.values()]).sum()
        if not torch.isfinite(loss):
            parts = ", ".join(f"{key} {float(value.detach()):g}" for key, value in terms.items())
            remedy = "Lower training.learning_rate. The last checkpoint is kept."
            raise SettingError("a finite loss", f"{parts} in step {self.step}", remedy)
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self._training.clip:
            nn.utils.clip_grad_norm_(networks.parameters(), self._training.clip)
        optimiser.step()
        return {**{key: float(value.detach()) for key, value in terms.items()}, "loss": float(loss.detach())}

    @torch.no_grad()
    def _update_ema(self) -> None:
        """Move the average towards the weights; buffers, such as statistics of batch normalisation, are copied."""
        decay = self._training.ema_decay(self.step)
        for weights, new in zip(self.average.parameters(), self.network.parameters()):
            weights.lerp_(new, 1 - decay)
        for buffer, current in zip(self.average.buffers(), self.network.buffers()):
            buffer.copy_(current)

    def _validate(self) -> dict[str, float]:
        """Validate the average, write a sheet, the log and a checkpoint; returns the figures."""
        with torch.no_grad():
            torch.manual_seed(self._training.seed)
            figures = self._recipe.validate(self.average)
            sheet = self._recipe.sheet(self.average)
        self._log.validation(self.step, self._seconds, figures)
        self._log.flush()
        _write_image(self._folder / "sheets" / f"{self.step:07d}.png", sheet)
        self._log.plot(self._folder / "loss.png")
        self._save()
        return figures

    def _save(self) -> None:
        name, settings = self._recipe.description()
        save_weights(self._folder / "weights.safetensors", name, settings, self.average.state_dict())
        state = {
            "settings": self._settings,
            "step": self.step,
            "seconds": self._seconds,
            "network": self.network.state_dict(),
            "discriminators": self.discriminators.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }
        if self._discriminator_optimiser is not None:
            state["discriminator_optimiser"] = self._discriminator_optimiser.state_dict()
        new = self._folder / f"{CHECKPOINT}.new"
        torch.save(state, new)
        new.replace(self._folder / CHECKPOINT)

    def _resume(self) -> None:
        path = self._folder / CHECKPOINT
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._log.begin(-1)
            return
        state = _checkpoint(path)
        _check_same(state["settings"], self._settings, self._folder)
        self.network.load_state_dict(state["network"])
        self.discriminators.load_state_dict(state["discriminators"])
        self.average.load_state_dict(state["average"])
        self._optimiser.load_state_dict(state["optimiser"])
        if self._discriminator_optimiser is not None:
            self._discriminator_optimiser.load_state_dict(state["discriminator_optimiser"])
        self.step, self._seconds = state["step"], state["seconds"]
        self._log.begin(self.step)

    def _precision(self) -> torch.autocast:
        """The context in which convolutions calculate with `training.precision`."""
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._training.precision == "bfloat16")

    def _limit_threads(self) -> None:
        """Set the number of threads of the calling thread: Numba and torch count them per thread."""
        if self._training.threads:
            set_thread_counts(self._training.threads)

    def _batch(self, step: int) -> Batch:
        return self._recipe.batch(np.random.default_rng((self._training.seed, step)))

    def _new_optimiser(self, networks: nn.Module) -> torch.optim.Optimizer:
        training = self._training
        betas = training.beta1, training.beta2
        return torch.optim.AdamW(
            networks.parameters(), training.learning_rate, betas, weight_decay=training.weight_decay
        )


def _step_seed(seed: int, step: int) -> int:
    """The seed of one step of a run."""
    return int(np.random.SeedSequence((seed, step)).generate_state(1, np.uint64)[0] >> np.uint64(1))


def _fixed_settings(training: Training) -> dict[str, Any]:
    """The settings that may not change when a run continues: all but its length, validations and device."""
    return {key: value for key, value in asdict(training).items() if key not in {"steps", "validate_every", "device"}}


def _check_same(before: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> None:
    if dict(before) != dict(now):
        flat = [{f"{table}.{key}": value for table, keys in each.items() if isinstance(keys, dict)
                 for key, value in keys.items()} for each in (before, now)]  # fmt: skip
        changed = [key for key in flat[0].keys() | flat[1].keys() if flat[0].get(key) != flat[1].get(key)]
        raise SettingError(
            f"the settings that the run in '{folder}' was started with",
            f"other values of {', '.join(sorted(changed)) or 'recipe'}",
            "Use the same settings to continue, or another folder to start a new run.",
        )


def _checkpoint(path: Path) -> dict[str, Any]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        return {**state, "step": int(state["step"]), "seconds": float(state["seconds"])}
    except Exception as error:
        reason = str(error).partition("\n")[0]
        actual = f"'{path}': {reason}"
        raise SettingError("a checkpoint of this trainer", actual, "Remove it to start a new run.") from None


def _write_image(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR)):
        raise OutputError("a writable folder", str(path.parent), "Check its permissions and the free space.")
