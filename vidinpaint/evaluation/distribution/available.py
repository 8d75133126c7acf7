"""`set_metrics`: the metrics whose weights are there, and a note for each of those whose weights are missing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vidinpaint.core.errors import WeightsError
from vidinpaint.evaluation.distribution.fid import Fid
from vidinpaint.evaluation.distribution.interface import SetMetric
from vidinpaint.evaluation.distribution.vfid import Vfid
from vidinpaint.weights.catalogue import Weights
from vidinpaint.weights.running import require_torch

if TYPE_CHECKING:
    from torch import nn

Kind = TypeVar("Kind", bound="nn.Module")
LITE0_TITLE = "FID on EfficientNet-Lite0 features"


def set_metrics(files: Sequence[Path], of_clips: bool) -> tuple[list[SetMetric], list[str]]:
    """The metrics that can be measured here, and one line for each other one: what is missing and where to get it.

    files     weights of FID's Inception network and of I3D; for a kind that is not among them, those in the folder
    of_clips  whether the sets have clips, which VFID needs

    Raises WeightsError for files that cannot be used, and without torch.
    """
    require_torch()
    from vidinpaint.evaluation.distribution.features import I3dFeatures, InceptionFeatures, Lite0Features
    from vidinpaint.networks.i3d import I3d
    from vidinpaint.networks.inception import Inception
    from vidinpaint.weights.loading import load_network

    given = [load_network(file, "inception", "i3d") for file in files]
    metrics: list[SetMetric] = []
    notes = []
    try:
        metrics.append(Fid(Lite0Features(), "_lite0", LITE0_TITLE))
    except WeightsError as error:
        notes.append(f"{LITE0_TITLE}: {error}")
    try:
        metrics.append(Fid(InceptionFeatures(_network(Inception, given, Fid.known_weights[0]))))
    except WeightsError as error:
        notes.append(f"FID: {error}")
    if of_clips:
        try:
            metrics.append(Vfid(I3dFeatures(_network(I3d, given, Vfid.known_weights[0]))))
        except WeightsError as error:
            notes.append(f"VFID: {error}")
    elif any(isinstance(network, I3d) for network in given):
        notes.append("VFID needs folders of clips (video files or folders of frames); these are images.")
    return metrics, notes


def _network(kind: type[Kind], given: Sequence["nn.Module"], weights: Weights) -> Kind:
    """The network of a kind among those given, else the known one. Raises WeightsError."""
    from vidinpaint.weights.loading import load_network

    for network in given:
        if isinstance(network, kind):
            return network
    if weights.path is None:
        raise WeightsError(f"the weights {weights.name}", "none", weights.remedy)
    network = load_network(weights.path, kind.__name__.lower())
    assert isinstance(network, kind)
    return network
