"""PatchMatch led by the structure network: it asks for the network's weights, and copies patches of the image."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.scenes import texture
from vidinpaint.core.errors import WeightsError
from vidinpaint.core.registry import build
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.guided_patchmatch import GuidedPatchMatch


def scene() -> tuple[np.ndarray, np.ndarray]:
    mask = np.zeros((120, 140), bool)
    mask[40:80, 50:100] = True
    return texture(120, 140), mask


def test_the_network_changes_the_result_and_patches_keep_its_texture(small_weights: dict[str, dict[str, Any]]) -> None:
    image, mask = scene()
    guided = inpaint_array(build("inpainters", "guided_patchmatch", small_weights["guided_patchmatch"]), image, mask)
    alone = inpaint_array(build("inpainters", "patchmatch", {}), image, mask)
    network = inpaint_array(build("inpainters", "structure", small_weights["structure"]), image, mask)

    def roughness(picture: np.ndarray) -> float:
        return float(np.abs(np.diff(picture[44:76, 54:96], axis=1)).mean())

    assert not np.array_equal(guided, alone)
    assert roughness(guided) > 0.6 * roughness(image) > 1.5 * roughness(network)


def test_missing_weights_are_those_of_the_structure_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("vidinpaint.weights.catalogue.BUNDLED_FOLDER", tmp_path)
    with pytest.raises(WeightsError, match="expected weights for structure, found none"):
        inpaint_array(GuidedPatchMatch(), *scene())
    assert "structure" in GuidedPatchMatch().unavailable_reason()
