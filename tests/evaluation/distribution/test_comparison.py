"""FID, KID and VFID of folders: what is measured, with which networks, and what is said about the rest."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

import vidinpaint
from tests.evaluation.images import texture, worse
from vidinpaint.core.errors import ClipError
from vidinpaint.evaluation.distribution import features
from vidinpaint.evaluation.distribution.available import set_metrics
from vidinpaint.evaluation.distribution.comparison import compare_distributions
from vidinpaint.evaluation.distribution.features import Lite0Features
from vidinpaint.evaluation.distribution.fid import Fid
from vidinpaint.evaluation.distribution.frechet import frechet_distance
from vidinpaint.evaluation.distribution.kernel_distance import kernel_distance
from vidinpaint.evaluation.distribution.vfid import Vfid


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Five results and four true images."""
    monkeypatch.setenv("VIDINPAINT_WEIGHTS", str(tmp_path / "weights"))
    output, truth = tmp_path / "output", tmp_path / "truth"
    for folder, count in ((output, 5), (truth, 4)):
        folder.mkdir()
        for index in range(count):
            image = texture(index, 50 + index, 60)
            cv2.imwrite(str(folder / f"{index}.png"), worse(image) if folder == output else image)
    return output, truth


def test_two_folders_of_images(folders: tuple[Path, Path]) -> None:
    measured = compare_distributions(*folders)
    rows = [
        np.stack([Lite0Features()(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)) for path in sorted(folder.iterdir())])
        for folder in folders
    ]
    assert measured.fid_lite0 == pytest.approx(frechet_distance(*rows))
    assert measured.kid_lite0 == pytest.approx(kernel_distance(*rows))
    assert (measured.images_output, measured.images_truth, measured.clips_output) == (5, 4, 0)
    assert measured.fid is measured.kid is measured.vfid is None
    bias, missing = measured.notes
    assert bias.startswith("FID on EfficientNet-Lite0 features is biased upwards with 5 and 4 images")
    assert "at least 1280" in bias
    assert missing.startswith("FID: expected the weights fid_inception, found none. Get pt_inception-2015-12-05")
    assert json.loads(json.dumps(measured.to_json()))["notes"] == [bias, missing]
    table = measured.table().splitlines()
    assert table[-2:] == [f"Note: {bias}", f"Note: {missing}"]
    assert any(line.startswith("FID on EfficientNet-Lite0 features") for line in table)


def test_a_set_against_itself(folders: tuple[Path, Path]) -> None:
    measured = vidinpaint.evaluate_distribution(folders[1], folders[1])
    assert measured.fid_lite0 == pytest.approx(0, abs=1e-4)


class FewFeatures:
    """Two features of a clip: its mean brightness and its number of frames."""

    def scaled(self, frame: np.ndarray) -> np.ndarray:
        return frame[:2]

    def __call__(self, frames: list[np.ndarray]) -> np.ndarray:
        return np.array([np.mean(frames), len(frames)])


def test_vfid_has_one_vector_per_clip() -> None:
    metric = Vfid(FewFeatures())
    clips = {"output": [(10, 2), (20, 3), (40, 4)], "truth": [(0, 2), (10, 5)]}
    for side, of_side in clips.items():
        for brightness, count in of_side:
            for _ in range(count):
                metric.add(side, np.full((8, 8, 3), brightness, np.uint8))
            metric.end_clip(side)
    rows = [np.array(of_side, float) for of_side in clips.values()]
    assert metric.values() == {"vfid": pytest.approx(frechet_distance(*rows))}
    assert metric.notes == []


def test_one_clip_is_too_few_for_vfid() -> None:
    metric = Vfid(FewFeatures())
    for side in ("output", "truth"):
        metric.add(side, np.zeros((8, 8, 3), np.uint8))
        metric.end_clip(side)
    assert metric.values() == {}
    assert metric.notes == ["VFID needs at least 2 clips on each side."]


def test_enough_images_give_no_note_and_one_image_is_refused() -> None:
    metric = Fid(lambda image: image[0, 0])
    for side in ("output", "truth"):
        metric.add(side, np.zeros((2, 2, 3)))
    with pytest.raises(ClipError, match="at least 2 images on each side, found 1 and 1"):
        metric.values()
    for index in range(3):
        metric.add("output", np.full((2, 2, 3), index))
        metric.add("truth", np.full((2, 2, 3), index))
    rows = np.array([0, 0, 1, 2])[:, None] * np.ones(3)
    assert metric.values() == {"fid": pytest.approx(0, abs=1e-9), "kid": pytest.approx(kernel_distance(rows, rows))}
    assert metric.notes == []


def test_clips(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Folders of frames are clips; all frames count for FID, and VFID is named as missing."""
    root = tmp_path / "clips"
    for clip in ("a", "b"):
        (root / clip).mkdir(parents=True)
        for index in range(2):
            cv2.imwrite(str(root / clip / f"{index}.png"), texture(index, 40, 50))
    measured = compare_distributions(root, root)
    assert (measured.images_output, measured.clips_output, measured.clips_truth) == (4, 2, 2)
    assert any(note.startswith("VFID: ") and "rgb_imagenet.pt" in note for note in measured.notes)
    assert "clips" in measured.table()
    with pytest.raises(ClipError, match="two folders of images, found clips"):
        compare_distributions(root, folders[1])


def test_given_networks_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their kind, whatever their order; with images there is no VFID, and a note says so."""
    import torch

    from vidinpaint.networks.i3d import I3d
    from vidinpaint.networks.inception import Inception
    from vidinpaint.weights import loading

    with torch.device("meta"):
        networks = {Path("a"): I3d(), Path("b"): Inception()}
    monkeypatch.setattr(loading, "load_network", lambda path, *kinds: networks[path])
    metrics, notes = set_metrics(list(networks), of_clips=True)
    assert [type(metric) for metric in metrics] == [Fid, Fid, Vfid]
    assert notes == []
    metrics, notes = set_metrics(list(networks), of_clips=False)
    assert [type(metric) for metric in metrics] == [Fid, Fid]
    assert notes == ["VFID needs folders of clips (video files or folders of frames); these are images."]


def test_features_have_the_input_that_publications_use() -> None:
    """Inception sees [-1, 1]; I3D sees [0, 1] at 432 x 240."""
    seen = []

    def network(value):
        seen.append(value)
        return value.flatten(1)[:, :3]

    image = np.zeros((50, 60, 3), np.uint8)
    image[::2] = 255
    assert features.InceptionFeatures(network)(image).shape == (3,)
    clip = features.I3dFeatures(network)
    assert clip([clip.scaled(image)] * 4).shape == (3,)
    assert [tuple(value.shape) for value in seen] == [(1, 3, 50, 60), (1, 3, 4, 240, 432)]
    assert [(float(value.min()), float(value.max())) for value in seen] == [(-1, 1), (0, 1)]
