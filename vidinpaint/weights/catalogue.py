"""The known files of weights: bundled with the package, found in the user's folder, or missing and where to get them.

Each method declares the weights that it can use (`Learned`); there is no central list.

The user's folder is $VIDINPAINT_WEIGHTS, by default ~/.cache/vidinpaint/weights. Nothing is ever downloaded, and
missing weights are never replaced by random ones. This module reads no file and imports no torch.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from vidinpaint.core import registry
from vidinpaint.core.errors import WeightsError
from vidinpaint.core.settings import choose

BUNDLED_FOLDER = Path(__file__).parent / "bundled"
FOLDER_VARIABLE = "VIDINPAINT_WEIGHTS"
GPU = "device: networks also run on a GPU (`device=cuda`), but this version was never run on one."


@dataclass(frozen=True)
class Weights:
    """One known file of weights, or folder of files.

    name         value of the setting `weights` that selects it
    method       name of the inpainter or flow method that uses it
    file         its file name in the user's folder; that of a folder ends with "/"
    description  what it was trained on, and by whom
    page         address where it is published. Default: "", it is our own
    licence      its licence, in a few words
    bundled      whether the file comes with vidinpaint
    """

    name: str
    method: str
    file: str
    description: str
    page: str = ""
    licence: str = "Apache-2.0, as vidinpaint"
    bundled: bool = False

    @property
    def path(self) -> Path | None:
        """Its path, None if it is missing; the user's folder takes precedence over the bundled files."""
        paths = [folder() / self.file, *([BUNDLED_FOLDER / self.file] if self.bundled else [])]
        return next((path for path in paths if path.exists()), None)

    @property
    def state(self) -> str:
        """One of "bundled", "found" (in the user's folder) and "missing"."""
        if self.path is None:
            return "missing"
        return "bundled" if is_bundled(self.path) else "found"

    @property
    def remedy(self) -> str:
        """A sentence that says where to get the file and where to put it."""
        if self.page:
            return f"Get {self.file} from {self.page} and put it into {folder()}."
        return f"Train it with `vidinpaint train {self.method}` and put it into {folder()} as {self.file}."


class Learned:
    """Base of methods that run a network: declares the weights that the method can use, by precedence.

    They are declared in the file of the method; `known_weights` collects them. Bundled weights come first where they
    are good enough, so that a file in the user's folder changes no result by itself.
    """

    known_weights: ClassVar[tuple[Weights, ...]] = ()


def own_weights(method: str, description: str) -> Weights:
    """The weights of a method that are bundled with vidinpaint."""
    return Weights(method, method, f"{method}.safetensors", description, bundled=True)


def users_weights(method: str) -> Weights:
    """The weights of a method that a user can train and put into the folder; none are bundled."""
    return Weights(method, method, f"{method}.safetensors", "your own training", licence="yours")


def known_weights() -> list[Weights]:
    """The weights that all methods declare, including those of plugins; methods that fail to import are left out."""
    return _collected()[0]


def _collected() -> tuple[list[Weights], list[str]]:
    """All declared weights, and one line for each method that cannot be imported."""
    kinds, errors = registry.declaring(f"{__name__}.Learned")
    return [weights for kind in kinds for weights in kind.known_weights], errors


def folder() -> Path:
    """The user's folder for weights."""
    configured = os.environ.get(FOLDER_VARIABLE)
    return Path(configured) if configured else Path.home() / ".cache" / "vidinpaint" / "weights"


def find(method: str, weights: str, known: Sequence[Weights]) -> Path:
    """The file of weights for a method.

    weights  the name of known weights or the path of a file; "": the first of the known weights that is not missing
    known    the weights that the method declares, see `Learned`

    Raises WeightsError if there is none; its message says where to get the file and where to put it.
    """
    own = {entry.name: entry for entry in known if entry.method == method}
    if weights and weights not in own:
        if Path(weights).expanduser().exists():
            return Path(weights).expanduser()
        remedy = f"{choose(weights, own)} Or give the path of a file."
        raise WeightsError(f"weights of {method}", f"{weights!r}, which does not exist", remedy)
    candidates = [own[weights]] if weights else list(own.values())
    for entry in candidates:
        if entry.path is not None:
            return entry.path
    remedy = " Or: ".join(entry.remedy for entry in candidates[:2]) or f"Set {method}.weights to the path of a file."
    raise WeightsError(f"weights for {method}", "none", remedy)


def weights_named(names: Iterable[str], known: Sequence[Weights] | None = None) -> list[Path]:
    """The existing files of the methods or weights with these names, among `known`. Default: all known weights."""
    known = known_weights() if known is None else known
    names = {*names}
    return [entry.path for entry in known if entry.path and names & {entry.name, entry.method}]


def is_bundled(path: Path) -> bool:
    """Whether a file is bundled with the package."""
    return path.parent == BUNDLED_FOLDER


def portable(path: Path) -> str:
    """What names a file on every machine with this package: the name of bundled weights, else an absolute path."""
    return path.stem if is_bundled(path) else str(path.absolute())


def lines() -> list[str]:
    """The output of `vidinpaint models`: two lines per file, the second one with its path or where to get it."""
    known, errors = _collected()
    output = [f"folder for weights: {folder()}"]
    for entry in known:
        output.append(f"  {entry.name:<24}{entry.state:<9}{entry.description} ({entry.licence})")
        source = f"{entry.file}: {entry.page}" if entry.page else f"{entry.file}: vidinpaint train {entry.method}"
        output.append(f"  {'':<24}{'':<9}{entry.path or source}")
    return [*output, GPU, *errors]
