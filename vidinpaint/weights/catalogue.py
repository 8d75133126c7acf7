"""Which weights there are: shipped with the package, found in the user's folder, or missing and where to get them.

The folder is $VIDINPAINT_WEIGHTS, else ~/.cache/vidinpaint/weights. Nothing is ever downloaded, and nothing that is
missing is replaced by random weights. Reads no file and imports no torch.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vidinpaint.errors import WeightsError
from vidinpaint.settings import choose

SHIPPED_FOLDER = Path(__file__).parent / "shipped"
FOLDER = "VIDINPAINT_WEIGHTS"

_DEEPFILL = "https://github.com/nipponjo/deepfillv2-pytorch"
_PARTIAL = "https://github.com/naoto0804/pytorch-inpainting-with-partial-conv"
_GUIDED = "https://github.com/openai/guided-diffusion"
_REPAINT = "https://github.com/andreas128/RePaint"
_RAFT = "https://github.com/princeton-vl/RAFT"
_TORCHVISION = "https://pytorch.org/vision/stable/models/raft.html"


@dataclass(frozen=True)
class Weights:
    """One known file.

    name      that `weights=` takes
    method    that uses it
    file      its name in the folder
    what      what it was trained on, and by whom
    page      where it is published; empty for our own
    licence   a note
    """

    name: str
    method: str
    file: str
    what: str
    page: str = ""
    licence: str = "Apache-2.0, as vidinpaint"

    @property
    def path(self) -> Path | None:
        """Where it lies; None where it is missing. Our own come with the package, but the user's folder comes first."""
        places = [folder() / self.file, *([] if self.page else [SHIPPED_FOLDER / self.file])]
        return next((place for place in places if place.is_file()), None)

    @property
    def state(self) -> str:
        """shipped, found or missing"""
        if self.path is None:
            return "missing"
        return "shipped" if self.path.parent == SHIPPED_FOLDER else "found"

    @property
    def remedy(self) -> str:
        """Where to get it and where to put it; a sentence."""
        if self.page:
            return f"Get {self.file} from {self.page} and put it into {folder()}."
        return f"Train it with `vidinpaint train {self.method}` and put it into {folder()} as {self.file}."


def _ours(method: str, what: str) -> Weights:
    return Weights(method, method, f"{method}.safetensors", what)


KNOWN = (
    _ours("gated_conv", "our small net: photos of many kinds"),
    Weights("gated_conv_places2", "gated_conv", "states_pt_places2.pth", "Yu 2019 on Places2, tuned by nipponjo",
            _DEEPFILL, "see its page; made from weights for non-commercial use"),
    Weights("gated_conv_celebahq", "gated_conv", "states_pt_celebahq.pth", "Yu 2019 on CelebA-HQ, tuned by nipponjo",
            _DEEPFILL, "see its page; made from weights for non-commercial use"),
    Weights("gated_conv_tf_places2", "gated_conv", "states_tf_places2.pth", "Yu 2019 on Places2, the authors' own",
            _DEEPFILL, "CC BY-NC 4.0, as the authors'"),
    Weights("gated_conv_tf_celebahq", "gated_conv", "states_tf_celebahq.pth", "Yu 2019 on CelebA-HQ, the authors' own",
            _DEEPFILL, "CC BY-NC 4.0, as the authors'"),
    _ours("partial_conv", "our small net: photos of many kinds"),
    Weights("partial_conv_places2", "partial_conv", "1000000.pth", "Liu 2018 on Places2, by naoto0804",
            _PARTIAL, "see its page; none is named for the weights"),
    _ours("repaint", "our small diffusion net, 64 x 64: photos of many kinds"),
    Weights("repaint_imagenet", "repaint", "256x256_diffusion_uncond.pt", "Dhariwal 2021 on ImageNet, 256 x 256",
            _GUIDED, "MIT"),
    Weights("repaint_places2", "repaint", "places256_300000.pt", "Lugmayr 2022 on Places2, 256 x 256",
            _REPAINT, "CC BY-NC-SA 4.0: non-commercial use"),
    Weights("repaint_celeba", "repaint", "celeba256_250000.pt", "Lugmayr 2022 on CelebA-HQ, 256 x 256",
            _REPAINT, "CC BY-NC-SA 4.0: non-commercial use"),
    _ours("conv3d", "our small net: photos that move, and clips"),
    Weights("raft_large_torchvision", "raft", "raft_large_C_T_SKHT_V2-ff5fadd5.pth", "torchvision's RAFT-large",
            _TORCHVISION, "BSD-3-Clause"),
    Weights("raft_things", "raft", "raft-things.pth", "Teed 2020 on FlyingThings3D", _RAFT, "BSD-3-Clause"),
    Weights("raft_sintel", "raft", "raft-sintel.pth", "Teed 2020 on Sintel", _RAFT, "BSD-3-Clause"),
    Weights("raft_small_torchvision", "raft", "raft_small_C_T_V2-01064c6d.pth", "torchvision's RAFT-small",
            _TORCHVISION, "BSD-3-Clause"),
    Weights("raft_small", "raft", "raft-small.pth", "Teed 2020, the small net", _RAFT, "BSD-3-Clause"),
    _ours("raft", "our RAFT-small: synthetic motion"),
    _ours("flow_completion", "our net that completes flow: synthetic motion"),
)  # fmt: skip
"""In the order in which a method looks: our own first, so that a file in the folder changes nothing by itself; but of
RAFT the published ones, which saw far more."""


def folder() -> Path:
    """Where a user puts weights."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else Path.home() / ".cache" / "vidinpaint" / "weights"


def find(method: str, weights: str = "", known: Sequence[Weights] = KNOWN) -> Path:
    """The file of weights for a method.

    weights  empty for the first of the method's that is there, a name of the catalogue, or a path

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


def weights_named(words: Iterable[str], known: Sequence[Weights] = KNOWN) -> list[Path]:
    """The files that are there of the methods, or under the names of the catalogue, among these words."""
    wanted = {*words}
    return [entry.path for entry in known if entry.path and wanted & {entry.name, entry.method}]


def ships(path: Path) -> bool:
    """Whether a file is one of those that come with the package."""
    return path.parent == SHIPPED_FOLDER


def portable(path: Path) -> str:
    """A word for a file that means the same on another machine with this package: a name for what ships with it."""
    return path.stem if ships(path) else str(path.absolute())


def lines(known: Sequence[Weights] = KNOWN) -> list[str]:
    """What `vidinpaint models` says: two lines each, the second one where it is or where to get it."""
    said = [f"folder for weights: {folder()}"]
    for entry in known:
        said.append(f"  {entry.name:<24}{entry.state:<9}{entry.what} ({entry.licence})")
        source = f"{entry.file}: {entry.page}" if entry.page else f"{entry.file}: vidinpaint train {entry.method}"
        said.append(f"  {'':<24}{'':<9}{entry.path or source}")
    return said
