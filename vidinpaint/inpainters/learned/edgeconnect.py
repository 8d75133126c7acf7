"""EdgeConnect: a first network continues the edges into the mask, a second one paints the colours between them.

When to use: large masks in photos with clear outlines. Cost: one run of two networks. Source: Nazeri et al. 2019,
EdgeConnect: Generative Image Inpainting with Adversarial Edge Learning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from vidinpaint.core.settings import setting
from vidinpaint.inpainters.learned.interface import LearnedInpainter, as_array, padded, tensors
from vidinpaint.numerics.canny import HIGH, LOW, canny
from vidinpaint.weights.catalogue import Weights, find, users_weights
from vidinpaint.weights.running import loaded_network, unavailable_reason

if TYPE_CHECKING:
    import torch

PAGE, LICENCE = "https://github.com/knazeri/edge-connect", "CC BY-NC 4.0: non-commercial use"
EDGES_FILE, COMPLETION_FILE = "EdgeModel_gen.pth", "InpaintingModel_gen.pth"


def _published(name: str, folder: str, dataset: str, network: str, file: str) -> Weights:
    return Weights(name, "edgeconnect", f"{folder}/{file}", f"Nazeri 2019 on {dataset}: {network}", PAGE, LICENCE)


DATASETS = {"places2": "Places2", "celeba": "CelebA", "psv": "Paris StreetView"}
COMPLETIONS = tuple(
    _published(f"edgeconnect_{folder}", folder, dataset, "colours", COMPLETION_FILE)
    for folder, dataset in DATASETS.items()
)
EDGES = tuple(
    _published(f"edge_model_{folder}", folder, dataset, "edges", EDGES_FILE) for folder, dataset in DATASETS.items()
)


@dataclass(frozen=True)
class EdgeConnect(LearnedInpainter):
    """Learned: edges first, then colours (Nazeri 2019).

    `weights` holds both networks, as `vidinpaint train edgeconnect` writes them in its last stage, or the completion
    network only, as the authors published it; then `edge_weights` holds the network that continues edges.
    """

    edge_weights: str = setting(
        "", "The edge network: a name or a file; empty: `EdgeModel_gen.pth` beside `weights`, else the first installed."
    )
    sigma: float = setting(2.0, "Blur before edges are detected.", above=0, high=20, unit="pixels")
    low: float = setting(LOW, "Least slope of an edge, of Sobel's derivatives of grey in [0, 1].", low=0, high=4)
    high: float = setting(HIGH, "Slope above which an edge begins.", low=0, high=4)

    known_weights: ClassVar[tuple[Weights, ...]] = (
        users_weights("edgeconnect"), *COMPLETIONS, *EDGES,
    )  # fmt: skip

    def unavailable_reason(self) -> str:
        """See `ImageInpainter`; a safetensors file is expected to hold both networks until it is read."""
        path: Callable[[], Path] = self.weights_path
        reason = unavailable_reason(path)
        if reason or path().suffix == ".safetensors":
            return reason
        return unavailable_reason(self.edge_weights_path)

    def run_network(self, start: np.ndarray, mask: np.ndarray) -> np.ndarray:
        device = self.torch_device()
        network = loaded_network(self.weights_path(), ("edgeconnect", "edge_completion"), device)
        image, mask_tensor, edges = self._inputs(*padded(start, mask, network.multiple), device)
        return as_array(self._inpainting(network, device)(image, mask_tensor, edges), *mask.shape)

    def weights_path(self) -> Path:
        """The file of both networks or of the completion network; raises WeightsError if there is none."""
        return find(self._name, self.weights, [entry for entry in self.known_weights if entry not in EDGES])

    def edge_weights_path(self) -> Path:
        """The file of the edge network that belongs to a completion network; raises WeightsError if there is none."""
        beside = self.weights_path().with_name(EDGES_FILE)
        return beside if not self.edge_weights and beside.is_file() else find(self._name, self.edge_weights, EDGES)

    def _inpainting(self, network: Any, device: "torch.device") -> Callable[..., "torch.Tensor"]:
        """The function of image, mask and edges: the network itself, or the edge network and it as completion."""
        from vidinpaint.networks.edge_completion import EdgeCompletion
        from vidinpaint.networks.edgeconnect import completed

        if not isinstance(network, EdgeCompletion):
            whole: Callable[..., torch.Tensor] = network
            return whole
        drawing = loaded_network(self.edge_weights_path(), ("edge_generator",), device)
        return lambda image, mask, edges: completed(drawing, network, image, mask, edges)

    def _inputs(self, start: np.ndarray, mask: np.ndarray, device: "torch.device") -> "list[torch.Tensor]":
        """Image, mask and edges as tensors."""
        from vidinpaint.networks.edgeconnect import GREY_WEIGHTS

        edges = canny(start @ np.array(GREY_WEIGHTS, np.float32), ~mask, self.sigma, self.low, self.high)
        return [*tensors(start, mask, device), tensors(start, edges, device)[1]]
