"""Running networks: the installed libraries, the device, networks kept in memory, reproducible results.

With the same weights the same machine gives the same pixels. Another kind of processor, another number of threads for
one network (see `one_torch_thread`) or a GPU sums in another order: results differ by about 1e-5 of the range. Noise is
always drawn on the CPU, so a seed means the same everywhere.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidinpaint.core.errors import SettingError, WeightsError

if TYPE_CHECKING:
    import torch

MAX_LOADED = 4  # networks kept in memory per process


def require_torch() -> None:
    """Raise a WeightsError unless torch and safetensors are installed."""
    require_installed("learned", "torch", "safetensors")


def require_installed(extra: str, *packages: str) -> None:
    """Raise a WeightsError unless all these packages are installed; `extra` of vidinpaint installs them."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        remedy = f"Install it: pip install 'vidinpaint[{extra}]'."
        raise WeightsError(f"the package {missing[0]}, for learned methods", "none", remedy)


def unavailable_reason(path: Callable[[], Path]) -> str:
    """Why a network cannot run here whose weights path() finds, as one line; "" if it can."""
    try:
        require_torch()
        path()
    except WeightsError as error:
        return str(error)
    return ""


def device_named(name: str) -> "torch.device":
    """The torch device of a name: cpu, cuda, cuda:1 ...; auto: the first GPU if there is one, else the CPU."""
    # A GPU sums in a fixed order if this is set before its first use.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise SettingError("a device: auto, cpu, cuda or cuda:1", repr(name), "Choose one of them.") from None
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        count = torch.cuda.device_count()
        raise SettingError("an existing GPU", f"{name!r} on a machine with {count}", "Choose auto or cpu.")
    return device


def loaded_network(path: Path, kinds: tuple[str, ...], device: "torch.device") -> Any:
    """A network of one of these kinds on a device, which stays in memory; see `loading.load_network`."""
    return _loaded_network(path, path.stat().st_mtime_ns if path.exists() else 0, kinds, str(device))


@lru_cache(MAX_LOADED)
def _loaded_network(path: Path, changed: int, kinds: tuple[str, ...], device: str) -> Any:
    from vidinpaint.weights.loading import load_network

    return load_network(path, *kinds).to(device)


@contextmanager
def deterministic() -> Iterator[None]:
    """Run torch without gradients and with deterministic algorithms inside."""
    import torch

    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    benchmark = torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        torch.backends.cudnn.benchmark = benchmark


def one_torch_thread() -> AbstractContextManager[None]:
    """Run torch on one thread inside, so that the result of small networks does not depend on the number of cores."""
    return torch_threads(1)


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Run torch on this number of threads inside."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
