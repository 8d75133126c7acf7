"""EdgeConnect in three stages, each a run of its own: edges, completion, joint.

    edges       L_adversarial + 10 L_feature_matching
    completion  L1 + 0.1 L_adversarial + 0.1 L_perceptual + 250 L_style, with the true edges
    joint       the same for both networks together, with the edges of the first one, at a lower learning rate

The first two stages write the weights of one network each, which the method `edgeconnect` takes as `edge_weights` and
`weights`; the last one starts from both files and writes both networks as one file. Edges of the truth are Canny's. The
discriminators score patches, with spectral normalisation and the non-saturating loss; in the last stage there is none
for edges. Source: Nazeri 2019, EdgeConnect, sections 3.1 to 3.3 and 4.1.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vidinpaint.core.settings import setting
from vidinpaint.networks.edge_completion import EdgeCompletion
from vidinpaint.networks.edge_generator import EdgeGenerator
from vidinpaint.networks.edgeconnect import EdgeConnect as EdgeConnectNetwork
from vidinpaint.networks.edgeconnect import grey
from vidinpaint.numerics.canny import HIGH, LOW, canny
from vidinpaint.training.data.masks import Random
from vidinpaint.training.data.tensors import array_of, rgb8_of, tensor_of
from vidinpaint.training.discriminators.patch import Patch
from vidinpaint.training.features.feature_network import feature_terms
from vidinpaint.training.image_recipe import SHEET_IMAGES, ImageRecipe
from vidinpaint.training.losses.adversarial import gan_loss
from vidinpaint.training.losses.feature_matching import feature_matching
from vidinpaint.training.recipe import Batch, Terms, evaluation
from vidinpaint.weights.loading import load_network

GAN = gan_loss("vanilla")
EDGES, COMPLETION, JOINT = STAGES = ("edges", "completion", "joint")


@dataclass(frozen=True)
class EdgeConnect(ImageRecipe):
    """Edges first, then colours: three stages."""

    stage: str = setting(EDGES, "What is trained: the edge network, the completion network, or both.", choices=STAGES)
    edge_weights: str = setting("", "File of the stage `edges` to start `joint` from; empty: random weights.")
    completion_weights: str = setting("", "File of the stage `completion` to start `joint` from; empty: random.")
    width: int = setting(64, "Channels of the networks at full size; 64 in the paper.")
    blocks: int = setting(8, "Residual blocks; 8 in the paper.")
    spectral: bool = setting(True, "Whether the edge network has spectral normalisation, as in the paper.")
    sigma: float = setting(2.0, "Blur before edges are detected, in pixels.", above=0, high=20)
    low: float = setting(LOW, "Least slope of an edge, of Sobel's derivatives of grey in [0, 1].", low=0, high=4)
    high: float = setting(HIGH, "Slope above which an edge begins.", low=0, high=4)
    discriminator_width: int = setting(64, "Channels of the discriminator's first layer; 64 in the paper.")
    edge_adversarial: float = setting(1.0, "Weight of the adversarial term of edges.")
    feature_matching: float = setting(10.0, "Weight of the discriminator's features of edges, summed over its layers.")
    l1: float = setting(1.0, "Weight of L1 of the whole image, divided by the part that is masked.")
    adversarial: float = setting(0.1, "Weight of the adversarial term of images; 0: no discriminator.")
    features: str = setting(
        "derivatives", "Feature network of the perceptual and style terms: derivatives, lite0, vgg16, vgg16:PATH."
    )
    perceptual: float = setting(0.1, "Weight of the perceptual term; 0: none.")
    style: float = setting(250.0, "Weight of the style term, of the masked part of the images; 0: none.")

    def network(self) -> nn.Module:
        """See `Recipe`."""
        if self.stage == EDGES:
            return EdgeGenerator(self.width, self.blocks, self.spectral)
        if self.stage == COMPLETION:
            return EdgeCompletion(self.width, self.blocks)
        network = EdgeConnectNetwork(self.width, self.blocks, self.spectral)
        if self.edge_weights:
            network.edges.load_state_dict(load_network(Path(self.edge_weights), "edge_generator").state_dict())
        if self.completion_weights:
            completion = load_network(Path(self.completion_weights), "edge_completion")
            network.completion.load_state_dict(completion.state_dict())
        return network

    def discriminators(self) -> nn.ModuleDict:
        """See `Recipe`: of grey values with edges, or of colours."""
        if self.stage == EDGES:
            return nn.ModuleDict({"patch": Patch(2, self.discriminator_width)})
        return nn.ModuleDict({"patch": Patch(3, self.discriminator_width)} if self.adversarial else {})

    def batch(self, random: Random) -> Batch:
        """See `ImageRecipe`; with the edges of the truth."""
        batch = super().batch(random)
        return {**batch, "edges": self._edges(batch["truth"])}

    def inpaint(self, network: nn.Module, batch: Batch) -> Tensor:
        """See `InpaintingRecipe`; not in the stage `edges`."""
        truth = batch["truth"]
        edges = batch["edges"] if "edges" in batch else self._edges(truth).to(truth.device)
        output: Tensor = network(truth, batch["mask"], edges)
        return output

    def loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        output = self._output(network, batch)
        if self.stage == EDGES:
            image = grey(batch["truth"])
            fake, real = (
                _features(discriminators["patch"], torch.cat([image, edges], 1)) for edges in (output, batch["edges"])
            )
            return {
                "adversarial": self.edge_adversarial * GAN.network(fake[-1]),
                "feature_matching": self.feature_matching * len(real) * feature_matching(fake, real),
            }
        truth, mask = batch["truth"], batch["mask"]
        terms = {"l1": self.l1 * (output - truth).abs().mean() / 2 / mask.mean()}
        if self.adversarial:
            terms["adversarial"] = self.adversarial * GAN.network(discriminators["patch"](output))
        terms |= feature_terms(self.features, {"perceptual": self.perceptual}, [output], truth)
        masked, true_masked = ((images + 1) * mask - 1 for images in (output, truth))
        return terms | feature_terms(self.features, {"style": self.style}, [masked], true_masked)

    def discriminator_loss(self, network: nn.Module, discriminators: nn.ModuleDict, batch: Batch, step: int) -> Terms:
        """See `Recipe`."""
        if not len(discriminators):
            return {}
        patch, fake = discriminators["patch"], self._output(network, batch).detach()
        if self.stage == EDGES:
            image = grey(batch["truth"])
            pair = torch.cat([image, batch["edges"]], 1), torch.cat([image, fake], 1)
        else:
            pair = batch["truth"], fake
        return {"discriminator": GAN.discriminator(patch(pair[0]), patch(pair[1]))}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """As `ImageRecipe`; of edges the mean |error| under the masks, 0 to 1, and the same without any edge."""
        if self.stage != EDGES:
            return super().validate(network)
        drawn, edges, mask = self._held_out_edges(network)
        return {"edge_l1": float((drawn - edges).abs()[mask].mean()), "no_edges_l1": float(edges[mask].mean())}

    def sheet(self, network: nn.Module) -> np.ndarray:
        """As `ImageRecipe`; rows of edges: masked image, known edges, all edges, edges of the truth."""
        if self.stage != EDGES:
            return super().sheet(network)
        drawn, edges, mask = (maps[:SHEET_IMAGES] for maps in self._held_out_edges(network))
        truth = tensor_of(self.held_out_example().truth[:SHEET_IMAGES]) * 2 - 1
        known = edges * ~mask
        rows = [truth * ~mask, *((maps * 2 - 1).expand(-1, 3, -1, -1) for maps in (known, known + drawn * mask, edges))]
        return np.vstack([np.hstack(list(rgb8_of(row))) for row in rows])

    def description(self) -> tuple[str, dict[str, Any]]:
        """See `Recipe`."""
        settings: dict[str, Any] = {"width": self.width, "blocks": self.blocks}
        if self.stage == COMPLETION:
            return "edge_completion", settings
        return {EDGES: "edge_generator", JOINT: "edgeconnect"}[self.stage], {**settings, "spectral": self.spectral}

    def _edges(self, images: Tensor) -> Tensor:
        """float32 (N, 1, H, W) on the CPU: 1 on an edge of the images (N, 3, H, W) in [-1, 1]."""
        greys = array_of(grey(images))[..., 0]
        known = np.ones(greys.shape[1:], bool)
        return tensor_of(np.stack([canny(image, known, self.sigma, self.low, self.high) for image in greys])[..., None])

    def _output(self, network: nn.Module, batch: Batch) -> Tensor:
        """The network's result for a batch, calculated once per step and kept with the batch."""
        if "output" not in batch:
            batch["output"] = self._drawn(network, batch) if self.stage == EDGES else self.inpaint(network, batch)
        return batch["output"]

    def _drawn(self, network: nn.Module, batch: Batch) -> Tensor:
        edges: Tensor = network(grey(batch["truth"]), batch["edges"], batch["mask"])
        return edges

    def _held_out_edges(self, network: nn.Module) -> tuple[Tensor, Tensor, Tensor]:
        """Edges from the network and from the truth, and masks as bool, each (N, 1, H, W), of the held-out crops."""
        batch = self.held_out_example().tensors()
        batch["edges"] = self._edges(batch["truth"])
        drawn = []
        with evaluation(network) as device:
            for first in range(0, len(batch["truth"]), self.batch_size):
                part = {name: value[first : first + self.batch_size].to(device) for name, value in batch.items()}
                drawn.append(self._drawn(network, part).cpu())
        return torch.cat(drawn), batch["edges"], batch["mask"] > 0


def _features(patch: nn.Module, images: Tensor) -> list[Tensor]:
    assert isinstance(patch, Patch)
    return patch.features(images)
