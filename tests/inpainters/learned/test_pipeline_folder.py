"""Folders of diffusers: what is damaged, hostile or of another kind is refused in one line, and no code in it runs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.scenes import texture
from tests.small_pipelines import write_small_pipeline
from tests.weights.test_loading import Bomb
from vidinpaint.core.errors import WeightsError
from vidinpaint.inpainters.interface import inpaint_array
from vidinpaint.inpainters.learned.pipeline_folder import load_pipeline
from vidinpaint.inpainters.learned.stable_diffusion import StableDiffusion
from vidinpaint.weights import running

UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pipeline(tmp_path_factory.mktemp("whole") / "pipeline", checked=True)


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "pipeline"))


def edit(path: Path, **changes: Any) -> None:
    """Change a JSON file."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def index(**changes: Any) -> Callable[[Path], None]:
    return lambda folder: edit(folder / "model_index.json", **changes)


def without_a_tensor(folder: Path) -> None:
    state = load_file(folder / UNET)
    state.pop("conv_in.weight")
    save_file(state, folder / UNET, {"format": "pt"})


def truncated(folder: Path) -> None:
    content = (folder / UNET).read_bytes()
    (folder / UNET).write_bytes(content[: len(content) // 2])


def pickled(folder: Path) -> None:
    (folder / UNET).unlink()
    torch.save({"weight": Bomb()}, folder / "unet" / "diffusion_pytorch_model.bin")


def pickle_renamed(folder: Path) -> None:
    torch.save({"weight": Bomb()}, folder / UNET)


def shards_elsewhere(folder: Path) -> None:
    torch.save({"weight": Bomb()}, folder / "stolen.bin")
    table = {"metadata": {}, "weight_map": {"conv_in.weight": "../stolen.bin"}}
    (folder / f"{UNET}.index.json").write_text(json.dumps(table))


def own_code(folder: Path) -> None:
    (folder / "pipeline.py").write_text("raise SystemExit(7)")
    edit(folder / "model_index.json", _class_name=["pipeline", "Pipeline"])


def part_with_own_code(folder: Path) -> None:
    (folder / "unet" / "own.py").write_text("raise SystemExit(7)")
    edit(folder / "model_index.json", unet=["own", "Network"])


def huge(folder: Path) -> None:
    edit(folder / "unet" / "config.json", block_out_channels=[1 << 28, 1 << 28])


HOSTILE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no index": (lambda folder: (folder / "model_index.json").unlink(), "no model_index.json"),
    "index of garbage": (lambda folder: (folder / "model_index.json").write_bytes(b"\xff{"), "can load"),
    "index is a list": (lambda folder: (folder / "model_index.json").write_text("[]"), "holds no table"),
    "no class": (index(_class_name=None), "None.*Choose an inpainting model"),
    "unknown class": (index(_class_name="NoPipeline"), "'NoPipeline'.*Choose an inpainting model"),
    "text to image": (index(_class_name="StableDiffusionPipeline"), "'StableDiffusionPipeline'.*save_pretrained"),
    "image to image": (index(_class_name="StableDiffusionImg2ImgPipeline"), "inpaints from an image, a mask"),
    "needs more": (index(_class_name="StableDiffusionControlNetInpaintPipeline"), "inpaints from an image, a mask"),
    "no pipeline": (index(_class_name="UNet2DConditionModel"), "'UNet2DConditionModel'"),
    "another family": (index(_class_name="StableDiffusionXLInpaintPipeline"), "can load|inpaints"),
    "own code": (own_code, "Choose an inpainting model"),
    "part with own code": (part_with_own_code, "expected parts that diffusers or transformers know"),
    "part of the system": (index(unet=["os", "system"]), "os.system"),
    "part that chooses its code": (index(tokenizer=["transformers", "AutoTokenizer"]), "AutoTokenizer"),
    "unknown part": (index(unet=["diffusers", "NoNetwork"]), r"diffusers\.NoNetwork"),
    "part of three words": (index(unet=["diffusers", "UNet2DConditionModel", "x"]), "can load"),
    "part left out": (index(unet=[None, None]), "can load|inpaints"),
    "no folder of a part": (lambda folder: shutil.rmtree(folder / "vae"), "expected a folder of each part"),
    "no weights": (lambda folder: (folder / UNET).unlink(), "without any"),
    "pickle only": (pickled, r"\.bin files only.*save_pretrained"),
    "renamed pickle": (pickle_renamed, "can load"),
    "shards elsewhere": (shards_elsewhere, "no '../stolen.bin'"),
    "truncated": (truncated, "can load"),
    "without a tensor": (without_a_tensor, r"all tensors.*conv_in\.weight"),
    "config of garbage": (lambda folder: (folder / "unet" / "config.json").write_text("{"), "can load"),
    "huge": (huge, "can load"),
    "no vocabulary": (lambda folder: shutil.rmtree(folder / "tokenizer"), "expected a folder of each part"),
    "no scheduler": (lambda folder: (folder / "scheduler" / "scheduler_config.json").unlink(), "can load"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_folders_are_refused_in_one_line(kind: str, folder: Path) -> None:
    spoil, message = HOSTILE[kind]
    spoil(folder)
    image, mask = texture(40, 40), np.zeros((40, 40), bool)
    mask[10:20, 10:20] = True
    with pytest.raises(WeightsError, match=message) as caught:  # and no SystemExit
        inpaint_array(StableDiffusion(weights=str(folder), size=64, steps=1), image, mask)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").touch()
    with pytest.raises(WeightsError, match="which is no folder"):
        load_pipeline(tmp_path / "a.safetensors")


def test_files_of_half_precision_alone_are_enough(whole: Path, folder: Path) -> None:
    """As the best known model is published."""
    for path in folder.rglob("*.safetensors"):
        half = {name: value.half() if value.is_floating_point() else value for name, value in load_file(path).items()}
        save_file(half, path.with_name(f"{path.stem}.fp16.safetensors"), {"format": "pt"})
        path.unlink()
    loaded, original = load_pipeline(folder), load_pipeline(whole)
    for name in ("unet", "vae", "text_encoder", "safety_checker"):
        expected = getattr(original, name).state_dict()
        for key, value in getattr(loaded, name).state_dict().items():
            assert torch.equal(value.float(), expected[key].half().float())


def test_full_precision_is_preferred(whole: Path, folder: Path) -> None:
    (folder / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"")
    expected = load_pipeline(whole).unet.state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in load_pipeline(folder).unet.state_dict().items())


def test_a_class_that_transformers_has_renamed(folder: Path) -> None:
    edit(folder / "model_index.json", feature_extractor=["transformers", "CLIPFeatureExtractor"])
    assert load_pipeline(folder).feature_extractor is not None


def test_a_folder_among_the_weights_is_found(whole: Path, weights_folder: Path) -> None:
    assert "stable-diffusion-inpainting/ from https://" in StableDiffusion().unavailable_reason()
    link = weights_folder / "stable-diffusion-inpainting"
    link.symlink_to(whole)
    try:
        assert StableDiffusion().unavailable_reason() == ""
        assert StableDiffusion().weights_path() == StableDiffusion(weights="stable_diffusion_15").weights_path() == link
    finally:
        link.unlink()


def test_without_the_extra_one_line_says_how_to_install_it(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None if name == "diffusers" else True)
    inpainter = StableDiffusion(weights=str(whole))
    with pytest.raises(WeightsError, match=r"package diffusers.*pip install 'vidinpaint\[diffusion\]'") as caught:
        inpaint_array(inpainter, texture(9, 9), np.eye(9, dtype=bool))
    assert inpainter.unavailable_reason() == str(caught.value)
