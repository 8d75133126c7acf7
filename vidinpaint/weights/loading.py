"""Reads files of weights safely, and writes those of our own networks.

Our own files are safetensors. Their metadata names the network and its settings: {"net": name of the module in
`vidinpaint.networks`, "settings": arguments of its constructor as JSON}. Files of other publishers are PyTorch files;
they are read with `weights_only=True`, so no code in them is run, and their network is recognised by the names of their
tensors (`vidinpaint.weights.published`). Names and shapes are compared before memory is allocated. Every failure raises
one WeightsError.
"""

import inspect
import json
import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from vidinpaint.core.errors import SettingError, VidinpaintError, WeightsError
from vidinpaint.core.registry import load, names
from vidinpaint.weights import foreign_objects
from vidinpaint.weights.layouts.layout import State
from vidinpaint.weights.published import recognise

MAX_BYTES = 8 << 30  # of a file, and of its unpacked content
SUFFIX = ".safetensors"
NETWORK_KEY = "net"  # of the metadata; files of version 0.1 have it, so it keeps its name
TABLES = ("state_dict", "model", "G", "params_ema", "generator")  # in files of publishers, around the tensors
_AGAIN = "Get the file again."
_NEWER = "The file may need a newer version of vidinpaint."


def load_network(path: Path, *kinds: str) -> nn.Module:
    """The network of a file, on the CPU, in evaluation mode, without gradients.

    kinds  names of the accepted networks: modules of `vidinpaint.networks`

    Raises WeightsError for a file that is missing, damaged, malicious or of another network.
    """
    state, metadata = read_weights(path)
    if NETWORK_KEY in metadata:
        name, settings = metadata[NETWORK_KEY], _settings(path, metadata)
    else:
        name, settings, state = recognise(path, state)
    if name not in kinds:
        expected = f"weights of {' or '.join(kinds)}"
        raise WeightsError(expected, f"'{path}' with weights of {name}", "Choose another file.")
    return _with_weights(path, _network(path, name, settings), state)


def read_weights(path: Path) -> tuple[State, dict[str, str]]:
    """The tensors of a file by name, on the CPU, and its metadata ({} for PyTorch files). Raises WeightsError."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise WeightsError("a file of weights", f"'{path}': {error.strerror}", "Check the path.") from None
    if size > MAX_BYTES or path.is_dir():
        actual = "which is a folder" if path.is_dir() else f"of {size >> 30} GiB"
        raise WeightsError(
            f"a file of weights of at most {MAX_BYTES >> 30} GiB", f"'{path}', {actual}", "Check the path."
        )
    return _read_safetensors(path) if path.suffix == SUFFIX else (_read_pickled(path), {})


def save_weights(path: Path, network: str, settings: Mapping[str, Any], state: Mapping[str, Tensor]) -> None:
    """Write weights as safetensors; network: module of `vidinpaint.networks`, settings: its constructor's arguments."""
    from safetensors.torch import save

    metadata = {NETWORK_KEY: network, "settings": json.dumps(dict(settings), sort_keys=True)}
    path.write_bytes(save({name: value.detach().cpu().contiguous() for name, value in state.items()}, metadata))


def _read_safetensors(path: Path) -> tuple[State, dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError("a safetensors file", f"'{path}': {_line(error)}", _AGAIN) from None


def _read_pickled(path: Path) -> State:
    _check_archive(path)
    try:
        found = foreign_objects.load(path)
    except pickle.UnpicklingError:
        remedy = "It was not run; get a file of weights only, or a safetensors file."
        raise WeightsError("a file of weights only", f"'{path}', which contains code or is damaged", remedy) from None
    except (RuntimeError, OSError, EOFError, ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        raise WeightsError("a file of weights saved by PyTorch", f"'{path}': {_line(error)}", _AGAIN) from None
    except (struct.error, OverflowError, MemoryError, AssertionError, ImportError) as error:
        raise WeightsError("a file of weights saved by PyTorch", f"'{path}': {_line(error)}", _AGAIN) from None
    return _tensors(path, found)


def _check_archive(path: Path) -> None:
    """Raise a WeightsError for an archive that unpacks to more than `MAX_BYTES`."""
    if not zipfile.is_zipfile(path):
        return  # PyTorch's older format, which is not an archive
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise WeightsError("a file of weights saved by PyTorch", f"'{path}': {_line(error)}", _AGAIN) from None
    if size > MAX_BYTES:
        actual = f"'{path}', which unpacks to {size >> 30} GiB"
        raise WeightsError(f"weights of at most {MAX_BYTES >> 30} GiB", actual, "Do not use it.")


def _tensors(path: Path, found: object) -> State:
    """The tensors inside the nested tables of publishers, without the prefix that parallel modules add to names."""
    while isinstance(found, Mapping):
        inner = [found[key] for key in TABLES if isinstance(found.get(key), Mapping)]
        if not inner:
            break
        found = inner[0]
    if not isinstance(found, Mapping) or not all(isinstance(value, Tensor) for value in found.values()) or not found:
        raise WeightsError("tensors by name", f"'{path}' with other content", "Get a file of weights only.")
    size = sum(value.numel() * value.element_size() for value in found.values())  # a view may have any shape
    if size > MAX_BYTES:
        actual = f"'{path}', whose tensors take {size >> 30} GiB"
        raise WeightsError(f"weights of at most {MAX_BYTES >> 30} GiB", actual, "Do not use it.")
    return {str(name).removeprefix("module."): value for name, value in found.items()}


def _settings(path: Path, metadata: Mapping[str, str]) -> dict[str, Any]:
    try:
        settings = json.loads(metadata.get("settings", "{}"))
        if isinstance(settings, dict):
            return settings
    except json.JSONDecodeError:
        pass
    raise WeightsError("the settings of a network as JSON", f"other metadata in '{path}'", _AGAIN)


def _network(path: Path, name: str, settings: Mapping[str, Any]) -> nn.Module:
    """The network on the meta device: shapes without memory."""
    try:
        kind = load("networks", name) if name in names("networks") else None
        if kind is None or not issubclass(kind, nn.Module):
            raise SettingError("a network", repr(name), _NEWER)
        unknown = settings.keys() - inspect.signature(kind).parameters.keys()
        if unknown:
            raise SettingError(f"settings of {name}", ", ".join(sorted(unknown)), _NEWER)
        with torch.device("meta"):
            return kind(**settings)
    except (VidinpaintError, ValueError, TypeError, RuntimeError, ArithmeticError, MemoryError) as error:
        raise WeightsError(f"a network {name!r} that can be built", f"'{path}': {_line(error)}", _AGAIN) from None


def _with_weights(path: Path, network: nn.Module, state: State) -> nn.Module:
    """The network with these tensors, converted to its types."""
    expected = network.state_dict()
    missing, extra = sorted(expected.keys() - state.keys()), sorted(state.keys() - expected.keys())
    if missing or extra:
        parts = [
            f"{len(names)} {what} ({names[0]} ...)" for names, what in ((missing, "missing"), (extra, "extra")) if names
        ]
        actual = f"'{path}' with {' and '.join(parts)}"
        raise WeightsError(f"the {len(expected)} tensors of {type(network).__name__}", actual, "Choose another file.")
    for name, like in expected.items():
        value = state[name]
        if value.shape != like.shape or value.is_floating_point() != like.is_floating_point() or value.is_sparse:
            actual = f"{_kind(value)} in '{path}'"
            raise WeightsError(f"{name} of {_kind(like)}", actual, "Choose another file.")
    converted = {name: state[name].to(like.dtype).contiguous() for name, like in expected.items()}
    for name, value in converted.items():
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise WeightsError("finite weights", f"NaN or infinity in {name} of '{path}'", _AGAIN)
    network.load_state_dict(converted, assign=True)
    return network.requires_grad_(False).eval()


def _kind(tensor: Tensor) -> str:
    """Type and shape, such as "float32 (8, 3)"."""
    return f"{str(tensor.dtype).removeprefix('torch.')} {tuple(tensor.shape)}"


def _line(error: BaseException) -> str:
    """The message of a library's error as one line of at most 160 characters."""
    return " ".join((str(error) or type(error).__name__).split())[:160]
