"""Keys: what a window was made from, as one word. A window with the same key has the same pixels.

Into it go the content of the clip and of the masks, the stages with all their settings, the content of every file that
a setting names (weights), the program itself and the libraries that pixels go through, and the window.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from vidinpaint.commits.ledger import sha256_of
from vidinpaint.declarations import file_of
from vidinpaint.graph import Graph, Lane
from vidinpaint.registry import plugin_files
from vidinpaint.storage.places import files_in
from vidinpaint.weights.catalogue import weights_named
from vidinpaint.window import Window

_LIBRARIES = ("numpy", "numba", "opencv-contrib-python-headless", "av", "torch")


def key_of(*parts: Any) -> str:
    """One word for values that JSON can hold, dataclasses' dictionaries, fractions and paths among them."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def window_key(clip_key: str, window: Window) -> str:
    return key_of(clip_key, asdict(window))


def content_of(path: Path) -> str:
    """A word for the content of a file, or of the files in a folder with their names."""
    if path.is_dir():
        return key_of([(file.name, sha256_of(file)) for file in files_in(path)])
    return sha256_of(path)


def array_content(array: np.ndarray) -> str:
    return key_of(str(array.dtype), array.shape, hashlib.sha256(np.ascontiguousarray(array).data).hexdigest())


def stages_of(graph: Graph, lanes: Iterable[Lane]) -> list[Any]:
    """The stages of some lanes, as far as results depend on them."""
    chosen = [name for lane in lanes for name in graph.names(lane)]
    settings = {name: graph.settings()[graph.stage_name(name)] for name in chosen}
    kinds = {name: f"{type(graph[name]).__module__}.{type(graph[name]).__qualname__}" for name in chosen}
    words = sorted({word for name in chosen for word in _words(settings[name])})
    files = [*(Path(word) for word in words if _is_file(word)), *weights_named(words)]
    modules = {type(graph[name]).__module__ for name in chosen} - {"<run_path>"}
    files += [file for module in sorted(modules) if module.split(".")[0] != "vidinpaint" and (file := file_of(module))]
    return [
        [(name, kinds[name], settings[name]) for name in chosen],
        [sha256_of(file) for file in files],
    ]


@cache
def program() -> dict[str, str]:
    """The program's code and weights, methods of other packages, and versions of libraries that pixels depend on."""
    package = Path(__file__).parent.parent
    files = sorted([*package.rglob("*.py"), *package.rglob("*.safetensors")])
    code = [(str(file.relative_to(package)), sha256_of(file)) for file in files]
    found = {"vidinpaint": key_of(code), **{name: sha256_of(file) for name, file in plugin_files().items()}}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = ""
    return found


def _words(settings: Any) -> Iterator[str]:
    if isinstance(settings, str):
        yield settings
    elif isinstance(settings, Mapping):
        for value in settings.values():
            yield from _words(value)
    elif isinstance(settings, (list, tuple)):
        for value in settings:
            yield from _words(value)


def _is_file(word: str) -> bool:
    try:
        return "." in word and Path(word).is_file()
    except (OSError, ValueError):
        return False
