"""The public functions for clips. Importing this module loads none of the libraries that do the work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, overload

from vidinpaint.core.errors import ClipError, OutputError

if TYPE_CHECKING:
    import numpy as np

    from vidinpaint.core.progress import Progress
    from vidinpaint.core.report import Report
    from vidinpaint.evaluation.distribution.evaluation import DistributionEvaluation
    from vidinpaint.evaluation.evaluation import Evaluation
    from vidinpaint.execution.detect import Found
    from vidinpaint.execution.estimate_template import EstimatedTemplate
    from vidinpaint.execution.options import InpaintOptions
    from vidinpaint.masks.specs import MaskLike


@overload
def inpaint(
    clip: np.ndarray, mask: MaskLike | None = None, output: None = None, **options: Unpack[InpaintOptions]
) -> np.ndarray: ...
@overload
def inpaint(
    clip: str | Path, mask: MaskLike | None = None, *, output: str | Path, **options: Unpack[InpaintOptions]
) -> Report: ...
@overload
def inpaint(
    clip: str | Path, mask: MaskLike | None, output: str | Path, **options: Unpack[InpaintOptions]
) -> Report: ...
def inpaint(
    clip: str | Path | np.ndarray,
    mask: MaskLike | None = None,
    output: str | Path | None = None,
    *,
    pipeline: str | Path = "object_removal",
    config: str | Path = "balanced",
    settings: Mapping[str, Any] | Iterable[str] = (),
    method: str | None = None,
    flow: str | None = None,
    codec: str | None = None,
    crf: int | None = None,
    container: str | None = None,
    grow: int | None = None,
    feather: int | None = None,
    resize_mask: bool | None = None,
    mark: str | Path | None = None,
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
    strict: bool = False,
    progress: Progress | None = None,
) -> np.ndarray | Report:
    """Remove what the masks cover from a clip; everything else stays as it was.

    clip             path or URL of a video file, or of a folder of frames; or an array uint8 (T, H, W, 3) RGB, which
                     is not changed
    mask             one or several, which add up: path of an image, a folder of images or a video (over 127 = inpaint);
                     a box "x,y,width,height" in pixels; each optionally with a time range "@start-end" in seconds, as
                     a player shows the time; or "text" or "mark", which search the clip (see `list_methods` for all
                     kinds); or an array (H, W) or (T, H, W), bool (True = inpaint) or uint8 (over
                     127 = inpaint). They refer to the clip as players show it; in a file whose opacity varies, opaque
                     = inpaint. Default: None, those of the pipeline, which "watermark_removal" has
    output           path or URL of the video file, or path of the folder, to write; for an array None, the default
    pipeline         name of a pipeline (see `list_methods`), or path of a .py file. Default: "object_removal"
    config           name of a config, or path of a .toml file. Default: "balanced"
    settings         {"flow": {"passes": 1}} or ["flow.passes=1"], in place of those of the config. Default: none
    method           inpainter for what no frame shows, by name. Default: that of the config
    flow             optical flow method, by name. Default: that of the config
    codec            codec of a video file: "h264", "hevc", "vp9" or "ffv1" (lossless). Default: that of the config,
                     "h264"
    crf              quality of a lossy codec, 0 (best) to 51 (h264, hevc) or 63 (vp9). Default: that of the config, 16
    container        "suffix": the format of the output's suffix; "auto": another format and suffix where that loses
                     fewer streams of the clip, see `Report.output`. Default: that of the config, "suffix"
    grow             pixels by which masks are widened, 0 to 1000. Default: that of the config, 0
    feather          pixels over which the result is blended inwards from the mask's edge, 0 to 500. Default: that of
                     the config, 0
    resize_mask      scale masks of another size to that of the clip instead of refusing them. Default: that of the
                     config, False
    mark             path of an RGBA PNG, as `estimate_mark` writes it: opacity and colour of a mark that the pipeline
                     "watermark_removal" un-blends. Default: None, they are estimated
    start            seconds, as a player shows the time, 0 to 1e9, at which reading and writing begin. Default: None,
                     at once
    end              seconds likewise, after `start` and at most 1e9, at which they stop. Default: None, at the last
                     frame
    rate             frames per second of a folder or an array, 0.001 to 1000. Default: 25
    runner           "threads" or "serial"; for video files also "processes" and "ray". The pixels are the same.
                     Default: "threads"
    workers          number of processes or Ray workers, 0 to 100000. Default: 0, one per core
    address          address of Ray: "local", "auto", HOST:PORT or ray://HOST:PORT. Default: "", which is "auto" if
                     RAY_ADDRESS is set, else "local"
    gpus_per_worker  GPUs per Ray worker, for stages that need one: above 0 and at most 64. Default: 1.0
    report           folder for a page with images, or .json file for the figures only. Default: None, no report
    debug            folder for debug images (flow, masks, sources). Default: None, no images
    overwrite        replace the output if it exists. Default: False
    strict           refuse a clip that is damaged or cut off. Default: False, the last good frame is repeated where one
                     cannot be decoded, a cut-off clip ends early, and the notes of the report say so
    progress         displays the progress, such as `vidinpaint.core.progress.ProgressBar()`. Default: None, no display

    While a video file is being written, a hidden folder beside it holds the finished windows; after an interruption,
    the same call continues from them.

    Returns the `Report` for files and folders, a new array uint8 (T, H, W, 3) RGB for an array.

    Raises `VidinpaintError`: SettingError for unknown or out-of-range options, ClipError, MaskError, OutputError and
    StorageError for inputs and outputs that cannot be used, WeightsError for missing weights, StageError and
    WorkerError where a stage or the workers fail.
    """
    from vidinpaint.core.progress import SilentProgress
    from vidinpaint.execution.jobs.job import Job, mask_texts
    from vidinpaint.execution.jobs.output_place import chosen_output, work_folder
    from vidinpaint.execution.jobs.worker_options import POOLS, WorkerOptions
    from vidinpaint.execution.options import default_masks, resolved_settings
    from vidinpaint.execution.run_job import check_job, run_job
    from vidinpaint.reporting.destination import is_json_file
    from vidinpaint.video.writers import is_folder

    options = {
        "method": method, "flow": flow, "codec": codec, "crf": crf, "container": container, "grow": grow,
        "feather": feather, "resize_mask": resize_mask, "mark": None if mark is None else str(mark),
    }  # fmt: skip
    tables, graph = resolved_settings(str(pipeline), str(config), settings, options)
    frames = None if isinstance(clip, (str, Path)) else clip
    if frames is not None and output is not None:
        raise OutputError("no output path for an array", repr(str(output)), "Omit it, or give a path as clip.")
    if frames is None and not str(clip):
        raise ClipError("the path of a clip", "an empty word", "Name a video file or a folder of frames.")
    if frames is None and (output is None or not str(output)):
        raise OutputError("a path to write to", "none", "Give output=, the path of a file or a folder.")
    if frames is None:
        output = chosen_output(str(output), str(clip), graph)
    stores_windows = output is not None and not is_folder(output)
    job = Job(
        clip="" if frames is not None else str(clip),
        masks=mask_texts(default_masks(graph) if mask is None else mask),
        output=str(output or ""),
        work=work_folder(str(output)) if stores_windows else "",
        pipeline=str(pipeline),
        config=str(config),
        settings=tables,
        start=None if start is None else Fraction(str(start)),  # by its digits, so that 0.1 is a tenth
        end=None if end is None else Fraction(str(end)),
        rate=Fraction(str(rate)),
        report=str(report or ""),
        page=bool(report) and not is_json_file(Path(str(report))),
        overwrite=overwrite,
        strict=strict,
        runner=runner,
        needs=graph.needs,
    )
    check_job(job, debug)
    worker_options = WorkerOptions(runner, workers, address, gpus_per_worker) if runner in POOLS else None
    return run_job(job, frames, worker_options, progress or SilentProgress(), debug)


def detect(
    clip: str | Path,
    output: str | Path | None = None,
    *,
    what: str = "text,mark",
    start: Fraction | float | None = None,
    end: Fraction | float | None = None,
    rate: Fraction | float = 25,
    overwrite: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Found:
    """Find burnt-in text and marks in a clip; what is found can be inspected, edited, and given to `inpaint`.

    clip       path of a video file, or of a folder of frames
    output     where masks are written: a folder of PNG images, one per frame, 255 = inpaint; or a video with the suffix
               .mkv, .mov, .avi or .nut (FFV1). Beside it, files of the same name ending in .json (boxes, times, text,
               confidence) and .jpg (a contact sheet of the masks). Default: None, nothing is written
    what       masks that search the clip, separated by commas, or one with its settings, such as "text:lower@3-12".
               Default: "text,mark"
    start      seconds, as a player shows the time, at which the search begins. Default: None, at once
    end        seconds likewise, at which it stops. Default: None, at the last frame
    rate       frames per second of a folder, 0.001 to 1000. Default: 25
    overwrite  replace the outputs if they exist. Default: False
    strict     refuse a clip that is damaged or cut off. Default: False
    progress   displays the progress. Default: None, no display

    Returns what was `Found`, possibly nothing: `detections`, each with its mask, and `lines` that describe them.

    Raises ClipError, MaskError, OutputError and SettingError for inputs and outputs that cannot be used.
    """
    from vidinpaint.core.progress import SilentProgress
    from vidinpaint.core.times import parse_rate
    from vidinpaint.execution import detect as detection

    return detection.detect(
        clip,
        output,
        what,
        start=None if start is None else Fraction(str(start)),
        end=None if end is None else Fraction(str(end)),
        rate=parse_rate(Fraction(str(rate))),
        overwrite=overwrite,
        strict=strict,
        progress=progress or SilentProgress(),
    )


def estimate_mark(
    clips: str | Path | Sequence[str | Path],
    output: str | Path,
    *,
    mask: MaskLike = "mark",
    overwrite: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> EstimatedTemplate:
    """Estimate the opacity and colour of a half-transparent mark, for `inpaint(..., mark=...)`.

    clips      path of one or several video files or folders of frames that show the mark at the same place
    output     path of the RGBA PNG to write
    mask       where the mark is, given as for `inpaint`; a rough box is enough. Default: "mark", it is searched for
    overwrite  replace the output if it exists. Default: False
    strict     refuse clips that are damaged or cut off. Default: False
    progress   displays the progress. Default: None, no display

    Returns an `EstimatedTemplate`: place, opacity, colour and confidence.

    Raises ClipError, MaskError (also where there is no mark, or the background hardly changes) and OutputError.
    """
    from vidinpaint.core.progress import SilentProgress
    from vidinpaint.execution.estimate_template import estimate_template

    several = [clips] if isinstance(clips, (str, Path)) else clips
    return estimate_template(
        several, output, mask, overwrite=overwrite, strict=strict, progress=progress or SilentProgress()
    )


def evaluate(
    output: str | Path | np.ndarray,
    truth: str | Path | np.ndarray,
    mask: MaskLike,
    *,
    perceptual: bool = False,
    weights: Sequence[str | Path] = (),
    resize_mask: bool = False,
    grow: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure the quality of a result by comparing it with the true clip, under the masks and in the whole frame.

    output       the result: path of a video file or a folder of frames, or an array uint8 (T, H, W, 3) RGB
    truth        the clip without the removed object, of the same size and length, given like `output`
    mask         what was inpainted, given as for `inpaint`
    perceptual   also measure deep feature distance and LPIPS, which need the extra `perceptual` and weights; the notes
                 of the result say what is missing. Default: False
    weights      files of torchvision's AlexNet or VGG16, for LPIPS. Default: those in the folder for weights
    resize_mask  scale masks of another size to that of the clip instead of refusing them. Default: False
    grow         pixels by which masks are widened, 0 to 1000. Default: 0
    progress     displays the progress. Default: None, no display

    Returns an `Evaluation`. Frames are read one after the other: memory does not grow with the length of the clip.

    Raises ClipError for clips that cannot be read or differ in size or length, MaskError for masks that cannot be read
    or do not match, WeightsError for `weights` that cannot be used, and SettingError for `grow` out of range.
    """
    from vidinpaint.evaluation.comparison import compare

    return compare(
        output, truth, mask, perceptual=perceptual, weights=weights, resize=resize_mask, grow=grow, progress=progress
    )


def evaluate_distribution(
    output: str | Path,
    truth: str | Path,
    *,
    weights: Sequence[str | Path] = (),
    progress: Progress | None = None,
) -> DistributionEvaluation:
    """Measure how much a set of results looks like a set of true images or clips: FID, KID and VFID.

    output    folder of images, or folder of clips: video files or folders of frames
    truth     the same of true images or clips; they need not show the same, nor be as many
    weights   files of the Inception network of FID and of I3D. Default: those in the folder for weights
    progress  displays the progress. Default: None, no display

    Returns a `DistributionEvaluation`; its notes say what is missing, and where figures are biased. Needs the extra
    `perceptual`.

    Raises ClipError for folders that cannot be read or hold fewer than two images, and WeightsError for `weights` that
    cannot be used.
    """
    from vidinpaint.evaluation.distribution.comparison import compare_distributions

    return compare_distributions(output, truth, weights=weights, progress=progress)


def train(
    recipe: str,
    output: str | Path,
    *,
    config: str | Path = "",
    settings: Mapping[str, Any] | Iterable[str] = (),
    quiet: bool = False,
) -> dict[str, float]:
    """Train the weights of a learned method; needs the extra `train`.

    recipe    name of a recipe, see `list_methods`
    output    folder for checkpoints, metrics and weights; a training that it already holds is continued
    config    name of a config in configs/train, or path of a .toml file. Default: "", the small one of the recipe
    settings  {"training": {"steps": 100}} or ["training.steps=100"], in place of those of the config. Default: none
    quiet     show no progress. Default: False

    Returns the metrics of the last validation: name -> value.

    Raises SettingError for unknown or out-of-range settings, ImageError where there are no images to train on,
    WeightsError where a library is missing.
    """
    from vidinpaint.training.run import train as run_training

    overrides = settings if isinstance(settings, Mapping) else list(settings)
    return run_training(recipe, output, config=str(config), settings=overrides, quiet=quiet)


def warm_up(*, progress: Progress | None = None) -> float:
    """Compile the kernels of the default pipeline in advance, so that the first run on this machine is not delayed.

    progress  displays the progress. Default: None, no display

    Returns the seconds of compilation, near 0 where everything was compiled already. Compiled kernels are stored in
    Numba's cache (NUMBA_CACHE_DIR, or beside the package).
    """
    from vidinpaint.execution import warm_up as compilation

    return compilation.warm_up(progress)


@dataclass(frozen=True)
class Methods:
    """The names that the functions accept: name -> summary in one line, for each kind.

    pipelines         for `inpaint(pipeline=...)`
    configs           for `inpaint(config=...)`
    inpainters        for `inpaint(method=...)` and `inpaint_image(method=...)`
    video_inpainters  for `inpaint(method=...)` with a pipeline that inpaints all frames together
    flow_methods      for `inpaint(flow=...)`
    mask_sources      kinds of masks, for `inpaint(..., mask)`
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
    """The names of all pipelines, configs, inpainters, flow methods, mask sources and recipes; loads none of them."""
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
