"""Reads PyTorch files in which tensors lie among objects of other programs, without running or importing anything.

Checkpoints of Lightning hold settings and callbacks beside the tensors, and TorchScript archives hold modules around
them. Both are read with `weights_only=True`; each class of such a program is replaced by `Inert`, which only keeps the
values of an object. Every other name in a file that is not about tensors remains refused, so code is never run.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import torch
from torch import Tensor

PROGRAMS = (
    "__torch__",
    "argparse",
    "lightning",
    "lightning_fabric",
    "numpy",
    "omegaconf",
    "pathlib",
    "pytorch_lightning",
    "typing",
)
"""Packages whose objects are replaced; `__torch__` are the modules of a TorchScript archive."""
TYPES = ("bool", "dict", "float", "int", "list", "str", "tuple")
"""Built-in types that settings name."""
SCRIPT_ONLY = "constants.pkl"
"""The record by which PyTorch recognises a TorchScript archive."""
MAX_CLASSES = 10_000


class Inert:
    """Stands for an object of another program: accepts any arguments and keeps the values that it is given."""

    def __init__(self, *values: object) -> None:
        self.values: dict[str, Any] = {}

    def __setstate__(self, state: object) -> None:
        self.values = state if isinstance(state, dict) else {}


def load(path: Path) -> object:
    """What `torch.load` reads from a file with `weights_only=True`; the tensors by name of a TorchScript archive.

    Raises what `torch.load` raises, pickle.UnpicklingError for code.
    """
    if not zipfile.is_zipfile(path):  # PyTorch's older format
        return torch.load(path, map_location="cpu", weights_only=True)
    with _without_script(path) as file:
        unsafe = torch.serialization.get_unsafe_globals_in_checkpoint(file)
        file.seek(0)
        if len(unsafe) > MAX_CLASSES:
            raise ValueError(f"{len(unsafe)} classes")
        stand_ins: list[Callable[..., object] | tuple[Callable[..., object], str]] = [
            (stand_in, name) for name in unsafe if (stand_in := _stand_in(name))
        ]
        with torch.serialization.safe_globals(stand_ins):
            found = torch.load(file, map_location="cpu", weights_only=True)
    return dict(_named(found)) if isinstance(found, Inert) else found


def _stand_in(name: str) -> Callable[..., object] | None:
    """What replaces the class or function of this name, None: nothing, so that reading it fails."""
    if name == "collections.defaultdict":
        return _table
    if name.startswith("torch.jit._pickle."):
        return _typed
    package, _, rest = name.partition(".")
    return Inert if package in PROGRAMS or (package == "builtins" and rest in TYPES) else None


def _table(*kind: object) -> dict[Any, Any]:
    """An empty dict, for one with default values."""
    return {}


def _typed(value: object, *kind: object) -> object:
    """The value to which TorchScript adds its type."""
    return value


@contextmanager
def _without_script(path: Path) -> Iterator[IO[bytes]]:
    """The archive as an open file; of a TorchScript archive only the tensors and their names."""
    with zipfile.ZipFile(path) as archive:
        script = any(name.partition("/")[2] == SCRIPT_ONLY for name in archive.namelist())
        if not script:
            with path.open("rb") as file:
                yield file
            return
        with TemporaryFile() as file:
            with zipfile.ZipFile(file, "w") as copy:
                for entry in archive.infolist():
                    record = entry.filename.partition("/")[2]
                    if record in ("data.pkl", "version", "byteorder") or record.startswith("data/"):
                        copy.writestr(entry.filename, archive.read(entry))
            file.seek(0)
            yield file


def _named(root: Inert) -> Iterator[tuple[str, Tensor]]:
    """The tensors inside nested objects, under names as in `state_dict`."""
    seen, remaining = {id(root)}, [("", root)]
    while remaining:
        prefix, found = remaining.pop()
        for name, value in found.values.items():
            if isinstance(value, Tensor):
                yield f"{prefix}{name}", value
            elif isinstance(value, Inert) and id(value) not in seen:
                seen.add(id(value))
                remaining.append((f"{prefix}{name}.", value))
