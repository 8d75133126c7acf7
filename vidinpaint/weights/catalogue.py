"""Which weights there are: shipped with the package, found in the user's folder, or missing and where to get them.

Each method declares the weights that it knows (`Learned`); there is no central list.

The folder is $VIDINPAINT_WEIGHTS, else ~/.cache/vidinpaint/weights. Nothing is ever downloaded, and nothing that is
missing is replaced by random weights. Reads no file and imports no torch.
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
FOLDER = "VIDINPAINT_WEIGHTS"


@dataclass(frozen=True)
class Weights:
    """One known file.

    name         that `weights=` takes
    method       that uses it
    file         its name in the folder
    description  what it was trained on, and by whom
    page         where it is published; empty for those that ship with vidinpaint
    licence      a note
    """

    name: str
    method: str
    file: str
    description: str
    page: str = ""
    licence: str = "Apache-2.0, as vidinpaint"

    @property
    def path(self) -> Path | None:
        """Where it lies; None where it is missing. Our own come with the package, but the user's folder comes first."""
        places = [folder() / self.file, *([] if self.page else [BUNDLED_FOLDER / self.file])]
        return next((place for place in places if place.is_file()), None)

    @property
    def state(self) -> str:
        """shipped, found or missing"""
        if self.path is None:
            return "missing"
        return "shipped" if self.path.parent == BUNDLED_FOLDER else "found"

    @property
    def remedy(self) -> str:
        """Where to get it and where to put it; a sentence."""
        if self.page:
            return f"Get {self.file} from {self.page} and put it into {folder()}."
        return f"Train it with `vidinpaint train {self.method}` and put it into {folder()} as {self.file}."


class Learned:
    """What every method that runs a network says: the weights that it knows, in the order in which it looks for them.

    Declared in the method's own file, and collected from there by `known_weights`. Our own come first where they serve,
    so that a file in the folder changes nothing by itself.
    """

    known_weights: ClassVar[tuple[Weights, ...]] = ()


def own_weights(method: str, description: str) -> Weights:
    """The weights that ship with vidinpaint for a method."""
    return Weights(method, method, f"{method}.safetensors", description)


def known_weights() -> list[Weights]:
    """What all methods declare, those of other packages too; methods that cannot be imported are left out."""
    return _collected()[0]


def _collected() -> tuple[list[Weights], list[str]]:
    """All weights, and a line for every method that cannot be imported."""
    kinds, errors = registry.declaring(f"{__name__}.Learned")
    return [weights for kind in kinds for weights in kind.known_weights], errors


def folder() -> Path:
    """Where a user puts weights."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else Path.home() / ".cache" / "vidinpaint" / "weights"


def find(method: str, weights: str, known: Sequence[Weights]) -> Path:
    """The file of weights for a method.

    weights  empty for the first of the known that is there, a name of one, or a path
    known    what the method declares, see `Learned`

    Raises a WeightsError that says where to get what is missing and where to put it.
    """
    own = {entry.name: entry for entry in known if entry.method == method}
    if weights and weights not in own:
        if Path(weights).expanduser().exists():
            return Path(weights).expanduser()
        remedy = f"{choose(weights, own)} Or give the path of a file."
        raise WeightsError(f"weights of {method}", f"{weights!r}, which is not there", remedy)
    wanted = [own[weights]] if weights else list(own.values())
    for entry in wanted:
        if entry.path is not None:
            return entry.path
    remedy = " Or: ".join(entry.remedy for entry in wanted[:2]) or f"Set {method}.weights to the path of a file."
    raise WeightsError(f"weights for {method}", "none", remedy)


def weights_named(words: Iterable[str], known: Sequence[Weights] | None = None) -> list[Path]:
    """The files that are there of the methods, or of the weights, that these words name; known: by default all."""
    known = known_weights() if known is None else known
    wanted = {*words}
    return [entry.path for entry in known if entry.path and wanted & {entry.name, entry.method}]


def ships(path: Path) -> bool:
    """Whether a file is one of those that come with the package."""
    return path.parent == BUNDLED_FOLDER


def portable(path: Path) -> str:
    """A word for a file that means the same on another machine with this package: a name for what ships with it."""
    return path.stem if ships(path) else str(path.absolute())


def lines() -> list[str]:
    """What `vidinpaint models` says: two lines each, the second one where it is or where to get it."""
    known, errors = _collected()
    said = [f"folder for weights: {folder()}"]
    for entry in known:
        said.append(f"  {entry.name:<24}{entry.state:<9}{entry.description} ({entry.licence})")
        source = f"{entry.file}: {entry.page}" if entry.page else f"{entry.file}: vidinpaint train {entry.method}"
        said.append(f"  {'':<24}{'':<9}{entry.path or source}")
    return said + errors
