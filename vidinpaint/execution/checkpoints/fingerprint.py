"""Fingerprints: hashes of everything that a window is made from. Equal fingerprints mean equal pixels.

A fingerprint covers the content of the clip and of the masks, the stages with all their settings, the content of every
file or folder of weights that a setting names, the program, the libraries that affect pixels, and the window.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.core.declarations import file_of
from vidinpaint.core.graph import Graph, Phase
from vidinpaint.core.presets import version
from vidinpaint.core.registry import plugin_files
from vidinpaint.core.window import Window
from vidinpaint.execution.checkpoints.segment_store import sha256_of
from vidinpaint.execution.storage.places import files_in
from vidinpaint.weights.catalogue import weights_named

_LIBRARIES = ("numpy", "numba", "opencv-contrib-python-headless", "av", "torch", "diffusers", "transformers")


def fingerprint(*parts: Any) -> str:
    """Hash of values that JSON can represent; others, such as fractions and paths, enter as text."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def window_fingerprint(clip_fingerprint: str, window: Window) -> str:
    """Fingerprint of one window of a clip."""
    return fingerprint(clip_fingerprint, asdict(window))


def content_of(path: Path) -> str:
    """Hash of the content of a file, or of the names and contents of all files in a folder."""
    if path.is_dir():
        return fingerprint([(file.name, sha256_of(file)) for file in files_in(path)])
    return sha256_of(path)


def array_content(array: np.ndarray) -> str:
    """Hash of the type, shape and values of an array."""
    return fingerprint(str(array.dtype), array.shape, hashlib.sha256(np.ascontiguousarray(array).data).hexdigest())


def stages_of(graph: Graph, phases: Iterable[Phase]) -> list[Any]:
    """What results depend on in the stages of some phases: settings, and the files that they name."""
    names = [name for phase in phases for name in graph.names(phase)]
    settings = {name: graph.settings()[graph.stage_name(name)] for name in names}
    kinds = {name: f"{type(graph[name]).__module__}.{type(graph[name]).__qualname__}" for name in names}
    texts = sorted({text for name in names for text in _texts(settings[name])})
    weights = [*(Path(text) for text in texts if _is_file(text)), *weights_named(texts)]
    files = [file for path in weights for file in (_pipeline_files(path) if path.is_dir() else [path])]
    modules = {type(graph[name]).__module__ for name in names} - {"<run_path>"}
    files += [file for module in sorted(modules) if module.split(".")[0] != "vidinpaint" and (file := file_of(module))]
    return [
        [(name, kinds[name], settings[name]) for name in names],
        [sha256_of(file) for file in files],
    ]


@cache
def program() -> dict[str, str]:
    """Hashes of the program's code and weights and of plugins, and the versions of libraries that affect pixels."""
    package = Path(__file__).parents[2]
    files = sorted([*package.rglob("*.py"), *package.rglob("*.safetensors")])
    code = [(str(file.relative_to(package)), sha256_of(file)) for file in files]
    plugins = {name: sha256_of(file) for name, file in plugin_files().items()}
    return {"vidinpaint": fingerprint(code), **plugins, **{library: version(library) for library in _LIBRARIES}}


def _texts(settings: Any) -> Iterator[str]:
    if isinstance(settings, str):
        yield settings
    elif isinstance(settings, Mapping):
        for value in settings.values():
            yield from _texts(value)
    elif isinstance(settings, (list, tuple)):
        for value in settings:
            yield from _texts(value)


def _is_file(text: str) -> bool:
    """Whether text is the path of a file, or of a folder of diffusers."""
    try:
        return ("." in text and Path(text).is_file()) or (text != "" and Path(text, "model_index.json").is_file())
    except (OSError, ValueError):
        return False


def _pipeline_files(folder: Path) -> list[Path]:
    """The files in a folder of diffusers, and in the folders in it, that a pipeline is made from."""
    kinds = (".json", ".safetensors", ".txt", ".model")
    return sorted(path for path in folder.rglob("*") if path.suffix in kinds and path.is_file())
