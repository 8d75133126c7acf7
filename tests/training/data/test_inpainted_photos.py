"""Examples that are inpainted ahead: the same at each call, continued where they stopped, and known pixels intact."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.drawn import draw_photos
from vidinpaint.core.errors import ImageError, SettingError
from vidinpaint.training.data.inpainted_photos import InpaintedPhotos, main, make_inpainted_photos
from vidinpaint.training.data.photos import Photos

METHODS = ("harmonic", "telea", "navier_stokes")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_examples_are_photos_inpainted_under_their_masks(tmp_path: Path) -> None:
    photos = draw_photos(tmp_path / "photos", 2)
    make_inpainted_photos(Photos(photos), tmp_path / "made", 4, 40, METHODS, per_photo=2)
    made = InpaintedPhotos(str(tmp_path / "made"))
    assert {*made.numbers} <= {*METHODS}
    assert sum(map(len, made.numbers.values())) == 8
    for method, numbers in made.numbers.items():
        for number in numbers:
            photo = made.read(method, number)
            assert photo.truth.shape == photo.result.shape == (40, 40, 3)
            assert photo.mask.any()
            assert not photo.mask.all()
            assert (photo.truth == photo.result)[~photo.mask].all()
            assert (photo.truth != photo.result)[photo.mask].any()


def test_a_continued_folder_is_the_same_as_one_made_at_once(tmp_path: Path) -> None:
    photos = draw_photos(tmp_path / "photos", 2)
    for folder, counts in (("whole", [5]), ("parts", [2, 5])):
        for count in counts:
            words = ["--photos", photos, "-o", str(tmp_path / folder), "--count", str(count), "--size", "32"]
            main([*words, "--per-photo", "1", "--methods", *METHODS])
    assert files(tmp_path / "whole") == files(tmp_path / "parts")
    assert len(files(tmp_path / "whole")) == 15


def test_other_seeds_give_other_examples(tmp_path: Path) -> None:
    photos = Photos(draw_photos(tmp_path / "photos", 2))
    for seed in (0, 1):
        make_inpainted_photos(photos, tmp_path / str(seed), 1, 32, ["harmonic"], seed=seed)
    first, second = (InpaintedPhotos(str(tmp_path / str(seed))).read("harmonic", "0") for seed in (0, 1))
    assert not np.array_equal(first.mask, second.mask)


def test_faults_give_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="a folder of inpainted photos"):
        InpaintedPhotos("").numbers  # noqa: B018
    with pytest.raises(ImageError, match="with none"):
        InpaintedPhotos(str(tmp_path)).numbers  # noqa: B018
    with pytest.raises(SettingError, match="for single images"):
        make_inpainted_photos(Photos(draw_photos(tmp_path / "p", 1)), tmp_path / "made", 1, 32, ["temporal_median"])
    (tmp_path / "inpainted" / "telea").mkdir(parents=True)
    (tmp_path / "inpainted" / "telea" / "0.png").write_bytes(b"")
    made = InpaintedPhotos(str(tmp_path) + "/")
    assert made.numbers == {"telea": ("0",)}
    with pytest.raises(ImageError, match="cannot be read"):
        made.read("telea", "0")
