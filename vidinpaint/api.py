"""The public functions for clips. Importing this module loads none of the libraries that do the work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

from vidinpaint.core.errors import OutputError

if TYPE_CHECKING:
    import numpy as np

    from vidinpaint.core.progress import Progress
    from vidinpaint.core.report import Report
    from vidinpaint.evaluation.metrics import Evaluation
    from vidinpaint.masks.specs import MaskLike


class InpaintOptions(TypedDict, total=False):
    """The keyword arguments of `inpaint`."""

    pipeline: str | Path
    config: str | Path
    settings: Mapping[str, Any] | Iterable[str]
    method: str | None
    flow: str | None
    codec: str | None
    crf: int | None
    grow: int | None
    feather: int | None
    resize_mask: bool | None
    start: Fraction | float | None
    end: Fraction | float | None
    rate: Fraction | float
    runner: str
    workers: int
    address: str
    gpus_per_worker: float
    report: str | Path | None
    debug: str | Path | None
    overwrite: bool
    progress: Progress | None


@overload
def inpaint(clip: np.ndarray, mask: MaskLike, output: None = None, **options: Unpack[InpaintOptions]) -> np.ndarray: ...
@overload
def inpaint(clip: str | Path, mask: MaskLike, output: str | Path, **options: Unpack[InpaintOptions]) -> Report: ...
def inpaint(
    clip: str | Path | np.ndarray,
    mask: MaskLike,
    output: str | Path | None = None,
    *,
    pipeline: str | Path = "object_removal",
    config: str | Path = "balanced",
    settings: Mapping[str, Any] | Iterable[str] = (),
    method: str | None = None,
    flow: str | None = None,
    codec: str | None = None,
    crf: int | None = None,
    grow: int | None = None,
    feather: int | None = None,
    resize_mask: bool | None = None,
    start: Fraction | float | None = None,
    end: Fraction | float | None = None,
    rate: Fraction | float = 25,
    runner: str = "threads",
    workers: int = 0,
    address: str = "",
    gpus_per_worker: float = 1.0,
    report: str | Path | None = None,
    debug: str | Path | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> np.ndarray | Report:
    """Remove what the masks cover from a clip; everything else stays as it was.

    clip             path or URL of a video file, or of a folder of frames; or an array uint8 (T, H, W, 3) RGB, which
                     is not changed
    mask             one or several: path of an image, a folder of images or a video (over 127 = inpaint); a box
                     "x,y,w,h" in pixels; each optionally with a time range "@start-end" in seconds; or an array bool
                     (H, W) or (T, H, W), True = inpaint. Several masks add up
    output           path or URL of the video file, or path of the folder, to write; None for an array
    pipeline         name of a pipeline (see `list_methods`), or path of a .py file. Default: "object_removal"
    config           name of a config, or path of a .toml file. Default: "balanced"
    settings         over those of the config: {"flow": {"passes": 1}} or ["flow.passes=1"]. Default: none
    method           inpainter of what no frame shows, by name. Default: the config's
    flow             flow method, by name. Default: the config's
    codec            of a video file: "h264", "hevc", "vp9" or "ffv1" (lossless). Default: the config's, else "h264"
    crf              quality of a lossy codec, 0 (best) to 51 (h264, hevc) or 63 (vp9). Default: the config's, else 16
    grow             pixels by which masks are widened, 0 or more. Default: the config's
    feather          pixels over which the result is blended inward from the mask's edge, 0 or more. Default: the
                     config's
    resize_mask      scale masks of another size to the clip's instead of refusing them. Default: False
    start            seconds from the first frame, 0 or more: only from here on is read and written. Default: all
    end              seconds from the first frame, after `start`: only to before here. Default: all
    rate             frames per second of a folder or an array, 0.001 to 1000. Default: 25
    runner           "threads" or "serial"; for video files also "processes" and "ray". The pixels are the same.
                     Default: "threads"
    workers          of processes and ray: how many, 0 to 100000. Default: 0, one per core
    address          of Ray: "local", "auto", HOST:PORT or ray://HOST:PORT. Default: RAY_ADDRESS, else "local"
    gpus_per_worker  of ray, for stages that need a GPU: above 0 and at most 64. Default: 1.0
    report           folder for a page with images, or .json file for the figures alone. Default: none is written
    debug            folder for debug images (flow, masks, sources). Default: none are written
    overwrite        replace the output if it exists. Default: False
    progress         is told how far the run is, such as `vidinpaint.core.progress.Bar()`. Default: nothing is shown

    A video file in the making has a hidden work folder beside it; after an interruption the same call continues.

    Returns the `Report` for files and folders, a new array uint8 (T, H, W, 3) for an array.

    Raises `VidinpaintError`: SettingError for unknown or out-of-range options, ClipError, MaskError and OutputError for
    inputs and outputs that cannot be used, StageError and WorkerError where a stage or the workers fail.
    """
    from vidinpaint.core.progress import Silent
    from vidinpaint.execution.jobs.job import Job, mask_texts
    from vidinpaint.execution.jobs.output_place import work_folder
    from vidinpaint.execution.jobs.worker_options import POOLS, WorkerOptions
    from vidinpaint.execution.options import resolved_settings
    from vidinpaint.execution.run_job import check_job, run_job
    from vidinpaint.reporting.destination import is_json_file
    from vidinpaint.video.writers import is_folder

    options = {
        "method": method, "flow": flow, "codec": codec, "crf": crf, "grow": grow, "feather": feather,
        "resize_mask": resize_mask,
    }  # fmt: skip
    tables, graph = resolved_settings(str(pipeline), str(config), settings, options)
    frames = None if isinstance(clip, (str, Path)) else clip
    if frames is not None and output is not None:
        raise OutputError("no output path for an array", repr(str(output)), "Leave it out, or give a path as clip.")
    if frames is None and output is None:
        raise OutputError("a path to write to", "none", "Give output=, a file or a folder.")
    keeps_windows = output is not None and not is_folder(output)
    job = Job(
        clip="" if frames is not None else str(clip),
        masks=mask_texts(mask),
        output=str(output or ""),
        work=work_folder(str(output)) if keeps_windows else "",
        pipeline=str(pipeline),
        config=str(config),
        settings=tables,
        start=None if start is None else Fraction(start),
        end=None if end is None else Fraction(end),
        rate=Fraction(rate),
        report=str(report or ""),
        page=bool(report) and not is_json_file(Path(str(report))),
        overwrite=overwrite,
        runner=runner,
        needs=graph.needs,
    )
    check_job(job, debug)
    chosen = WorkerOptions(runner, workers, address, gpus_per_worker) if runner in POOLS else None
    return run_job(job, frames, chosen, progress or Silent(), debug)


def evaluate(
    output: str | Path | np.ndarray,
    truth: str | Path | np.ndarray,
    mask: MaskLike,
    *,
    resize_mask: bool = False,
    grow: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure a result against the clip as it should be, where the masks are and in the whole picture.

    output       the result: path of a video file or a folder of frames, or an array uint8 (T, H, W, 3) RGB
    truth        the clip without what was removed, of the same size and length: as `output`
    mask         what was inpainted, as for `inpaint`
    resize_mask  scale masks of another size to the clip's instead of refusing them. Default: False
    grow         pixels by which masks are widened, 0 or more. Default: 0
    progress     is told how far the comparison is. Default: nothing is shown

    Reads frame by frame. Raises ClipError where sizes or lengths differ, MaskError for masks that do not match.
    """
    from vidinpaint.evaluation.comparison import compare

    return compare(output, truth, mask, resize=resize_mask, grow=grow, progress=progress)


def train(
    recipe: str,
    output: str | Path,
    *,
    config: str | Path = "",
    settings: Mapping[str, Any] | Iterable[str] = (),
    quiet: bool = False,
) -> dict[str, float]:
    """Train the weights of a learned method, or continue a training; needs the extra `train`.

    recipe    name of a recipe, see `list_methods`
    output    folder for checkpoints, figures and weights; where it holds a training, that one continues
    config    name of a config in configs/train, or path of a .toml file. Default: "", the recipe's small one
    settings  over those of the config: {"training": {"steps": 100}} or ["training.steps=100"]. Default: none
    quiet     show no progress. Default: False

    Returns the figures of the last validation by name. Raises SettingError for unknown or out-of-range settings,
    ImageError where there are no images to train on, WeightsError where a library is missing.
    """
    from vidinpaint.training.run import train as run_training

    given = settings if isinstance(settings, Mapping) else list(settings)
    return run_training(recipe, output, config=str(config), settings=given, quiet=quiet)


def warm_up(*, progress: Progress | None = None) -> float:
    """Compile the kernels of the default pipeline, so that the first run on this machine starts at once.

    progress  shows how far the compilation is. Default: nothing is shown

    What is compiled is kept in Numba's cache (NUMBA_CACHE_DIR, or beside the package). Returns the seconds that
    compiling took, near 0 where everything was compiled already.
    """
    from vidinpaint.execution import warm_up as warming

    return warming.warm_up(progress)


@dataclass(frozen=True)
class Methods:
    """What there is to choose from: name -> one line about it, for each kind.

    inpainters        for clips and for single images; video_inpainters: for clips only
    flow_methods      for `inpaint(flow=...)`
    mask_sources      kinds of masks
    recipes           for `train`
    """

    pipelines: dict[str, str]
    configs: dict[str, str]
    inpainters: dict[str, str]
    video_inpainters: dict[str, str]
    flow_methods: dict[str, str]
    mask_sources: dict[str, str]
    recipes: dict[str, str]


def list_methods() -> Methods:
    """The pipelines, configs, inpainters, flow methods and recipes that can be named. Loads none of them."""
    from vidinpaint.core.presets import configs, pipelines
    from vidinpaint.core.registry import names

    return Methods(
        pipelines=pipelines(),
        configs=configs(),
        inpainters=names("image_inpainters"),
        video_inpainters=names("video_inpainters"),
        flow_methods=names("flow_methods"),
        mask_sources=names("mask_sources"),
        recipes=names("recipes"),
    )
