"""Loads what diffusers has saved in a folder, for inpainting: nothing is fetched, and no code in it runs.

The folder of a pipeline holds model_index.json, which names the class of the pipeline and of each of its parts, and one
folder per part. Only classes of diffusers and transformers are accepted, and only .safetensors files are read. A part
whose file lacks a tensor is refused: the libraries would draw it at random. Everything else that is wrong with a folder
raises one WeightsError. Imports torch, diffusers and transformers, so it is imported only when used.
"""

import inspect
import json
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import pipelines as diffusers_pipelines
from diffusers.utils import logging as diffusers_logging
from transformers import PreTrainedTokenizerBase
from transformers.feature_extraction_utils import FeatureExtractionMixin
from transformers.image_processing_base import ImageProcessingMixin
from transformers.utils import logging as transformers_logging

from vidinpaint.core.errors import VidinpaintError, WeightsError

INDEX = "model_index.json"
PARAMETERS = {
    "prompt", "negative_prompt", "image", "mask_image", "height", "width", "strength", "num_inference_steps",
    "guidance_scale", "generator", "output_type", "callback_on_step_end",
}  # fmt: skip
"""What a pipeline is called with; those that take all of it inpaint an image."""
PARTS = (
    torch.nn.Module,
    diffusers.SchedulerMixin,
    PreTrainedTokenizerBase,
    ImageProcessingMixin,
    FeatureExtractionMixin,
)
RENAMED = {"CLIPFeatureExtractor": "CLIPImageProcessor"}  # by transformers 5
HALF = "fp16"  # the name that publishers put into their files of half precision
CONVERT = "DiffusionPipeline.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)"
INPAINTING = "AutoPipelineForInpainting.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)"

_lock = threading.Lock()
_loaded: dict[tuple[Any, ...], Any] = {}  # at most one


@contextmanager
def exclusive_pipeline(folder: Path, device: torch.device, dtype: torch.dtype) -> Iterator[Any]:
    """The pipeline of a folder, for one thread at a time: its noise schedule has a state.

    One pipeline per process stays in memory; one that has changed on disk is loaded again. The libraries show and log
    nothing inside.
    """
    with _lock, _quiet():
        key = (folder.absolute(), _last_change(folder), device, dtype)
        if key not in _loaded:
            _loaded.clear()  # before the next one is loaded: both may not fit into memory
            _loaded[key] = load_pipeline(folder).to(device, dtype)
        yield _loaded[key]


def load_pipeline(folder: Path) -> Any:
    """The inpainting pipeline of a folder, on the CPU. Raises WeightsError."""
    with _one_error(folder):
        index = _index(folder)
        kind = _pipeline_class(folder, index)
        names = inspect.signature(kind.__init__).parameters
        arguments = {
            name: _part(folder / name, *value) if isinstance(value, list) else value
            for name, value in index.items()
            if name in names
        }
        if "add_watermarker" in names:  # by default it depends on the packages that happen to be installed
            arguments["add_watermarker"] = False
        pipeline = kind(**arguments)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


def load_unet(folder: Path) -> Any:
    """The UNet2DModel of a folder, or of the pipeline in it, on the CPU. Raises WeightsError."""
    unet = folder / "unet" if (folder / "unet").is_dir() else folder
    with _lock, _quiet(), _one_error(folder):
        return _network(unet, diffusers.UNet2DModel)


def _index(folder: Path) -> dict[str, Any]:
    path = folder / INDEX
    if not path.is_file():
        actual = f"'{folder}', which has no {INDEX}" if folder.is_dir() else f"'{folder}', which is no folder"
        raise WeightsError("the folder of a pipeline of diffusers", actual, "Check the path.")
    index = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(index, dict):
        raise ValueError(f"{INDEX} holds no table")
    return index


def _pipeline_class(folder: Path, index: dict[str, Any]) -> Any:
    """The class of the pipeline; refuses what is no inpainting pipeline of diffusers itself."""
    name = index.get("_class_name")
    kind = getattr(diffusers, name, None) if isinstance(name, str) else None
    if isinstance(kind, type) and issubclass(kind, diffusers.DiffusionPipeline):
        parameters = {*inspect.signature(kind.__call__).parameters}
        if parameters >= PARAMETERS and not any("control" in parameter for parameter in parameters):
            return kind
    remedy = f"Choose an inpainting model; {INPAINTING} makes one of a text-to-image model."
    raise WeightsError("a pipeline that inpaints from an image, a mask and a prompt", f"{name!r} in '{folder}'", remedy)


def _part(path: Path, library: str | None, name: str | None) -> Any:
    """One part of a pipeline, from its own folder; None for one that is left out."""
    if library is None or name is None:
        return None
    kind = _part_class(path, library, RENAMED.get(name, name))
    if not path.is_dir():
        raise WeightsError("a folder of each part of the pipeline", f"no '{path}'", "Get the folder again.")
    if not issubclass(kind, torch.nn.Module):
        return kind.from_pretrained(str(path), local_files_only=True)
    return _network(path, kind)


def _network(path: Path, kind: Any) -> Any:
    """A network of this class from its folder, for evaluation."""
    options = {
        "local_files_only": True,
        "use_safetensors": True,
        "output_loading_info": True,
        "variant": _variant(path),
    }
    network, found = kind.from_pretrained(str(path), **options)
    missing = sorted(found["missing_keys"])
    if missing:
        actual = f"'{path}' without {len(missing)} of them, such as {missing[0]}"
        raise WeightsError(f"all tensors of {kind.__name__}", actual, "Get the folder again.")
    return network.eval().requires_grad_(False)


def _part_class(path: Path, library: str, name: str) -> Any:
    """The class of a part, in diffusers, in transformers or beside the pipelines of diffusers."""
    of_library = library in ("diffusers", "transformers")
    kind = getattr(import_module(library) if of_library else getattr(diffusers_pipelines, library, None), name, None)
    if isinstance(kind, type) and issubclass(kind, PARTS):
        return kind
    raise WeightsError(
        "parts that diffusers or transformers know", f"{library}.{name} for '{path}'", "Get another model."
    )


def _variant(path: Path) -> str | None:
    """The variant of the .safetensors files of a network: full precision if there is one, else half precision."""
    files = [file.name for file in path.glob("*.safetensors")]
    if not files:
        if any(path.glob("*.bin")):
            actual, remedy = f"'{path}' with .bin files only, which may run code", f"If you trust them: {CONVERT}."
            raise WeightsError("a network in .safetensors files", actual, remedy)
        raise WeightsError("a network in .safetensors files", f"'{path}' without any", "Get the folder again.")
    for table in path.glob("*.safetensors.index*.json"):
        for shard in json.loads(table.read_text(encoding="utf-8"))["weight_map"].values():
            if shard not in files:
                raise WeightsError(f"the files that '{table}' lists", f"no {shard!r}", "Get the folder again.")
    return None if any(f".{HALF}" not in file for file in files) else HALF


def _last_change(folder: Path) -> int:
    """The time of the last change of any file in a folder; 0 if there is none."""
    return max((file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()), default=0)


@contextmanager
def _one_error(folder: Path) -> Iterator[None]:
    """Turn whatever the libraries raise at a damaged or hostile folder into one WeightsError."""
    try:
        yield
    except (VidinpaintError, MemoryError):
        raise
    except Exception as error:
        actual = f"'{folder}': {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise WeightsError("a folder that diffusers can load", actual, "Get the folder again.") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """No messages, warnings and progress bars of the libraries inside."""
    logs = (diffusers_logging, transformers_logging)
    before = [(log, log.get_verbosity(), log.is_progress_bar_enabled()) for log in logs]
    for log in logs:
        log.set_verbosity(logging.CRITICAL)
        log.disable_progress_bar()
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        for log, verbosity, bars in before:
            log.set_verbosity(verbosity)
            if bars:
                log.enable_progress_bar()
