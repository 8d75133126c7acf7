"""`inpaint`: remove what the masks cover from a clip, on files and on arrays."""

import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any, overload

import numpy as np

from vidinpaint.commits.ledger import Ledger
from vidinpaint.compiling import compiling_shown
from vidinpaint.errors import OutputError, SettingError
from vidinpaint.graph import Graph
from vidinpaint.jobs.clip_work import ClipWork
from vidinpaint.jobs.crew import Crew
from vidinpaint.jobs.job import Job
from vidinpaint.jobs.outcome import Outcome
from vidinpaint.jobs.places import check_place_of_output, work_place
from vidinpaint.jobs.staffing import POOLS, Staff, staff
from vidinpaint.masks.specs import MaskLike, MaskSpec, mask_specs
from vidinpaint.progress import Progress, Silent
from vidinpaint.report import Report, write_text
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.page import write_report
from vidinpaint.reporting.place import check_place, is_figures
from vidinpaint.reporting.versions import command, versions
from vidinpaint.runners.run import Run
from vidinpaint.runners.serial import run_serial
from vidinpaint.runners.threads import run_threads
from vidinpaint.settings import Table, choose, merge, parse_assignment
from vidinpaint.presets import fitting, load_config, load_pipeline, version
from vidinpaint.storage.folder import open_folder
from vidinpaint.video.readers import Reader, open_reader
from vidinpaint.video.writers import ArrayWriter, Writer, is_folder, open_writer

log = logging.getLogger(__name__)

HERE = {"serial": run_serial, "threads": run_threads}
"""Runners of this process."""
SHORTCUTS = {
    "fill": ("inpaint.method", "reference_frames.method"),
    "flow": ("flow.method",),
    "codec": ("encode.codec",),
    "crf": ("encode.crf",),
    "grow": ("mask.grow",),
    "resize_mask": ("mask.resize",),
    "feather": ("composite.feather",),
}
"""Options that are short for settings, of which a pipeline must have the first."""


@dataclass(frozen=True)
class Options:
    """How to inpaint; see `inpaint`."""

    pipeline: str = "object_removal"
    config: str = "balanced"
    settings: Mapping[str, Any] | Iterable[str] = ()
    runner: str = "threads"
    start: Fraction | float | None = None
    end: Fraction | float | None = None
    rate: Fraction | float = 25
    report: str | Path | None = None
    debug: str | Path | None = None
    overwrite: bool = False
    workers: int = 0
    address: str = ""
    gpus_per_worker: float = 1.0
    progress: Progress = field(default_factory=Silent)


@overload
def inpaint(clip: np.ndarray, mask: MaskLike, output: None = None, **options: Any) -> np.ndarray: ...
@overload
def inpaint(clip: str | Path, mask: MaskLike, output: str | Path, **options: Any) -> Report: ...
def inpaint(
    clip: str | Path | np.ndarray, mask: MaskLike, output: str | Path | None = None, **options: Any
) -> np.ndarray | Report:
    """Remove what the masks cover from a clip; everything else stays as it was.

    clip     path of a video file or of a folder of frames; or an array uint8 (T, H, W, 3) RGB
    mask     one or several: path of an image, a folder of images or a video; a box "x,y,w,h"; each optionally with a
             time range "@start-end" (seconds); or a bool array (H, W) or (T, H, W), True = paint
    output   path of the file or folder to write; None for an array, which comes back as a new array

    Options: pipeline, config (names or paths), settings ({"flow": {"passes": 1}} or ["flow.passes=1"]), runner
    ("threads", "serial"; for files also "processes" and "ray", with workers, address, gpus_per_worker), start and end
    (seconds: only this part is read and written), rate (frames a second of a folder), report (a folder for a page with
    pictures, or a .json file for the figures alone), debug (folder for pictures), overwrite, progress; and short for
    settings: fill, flow, codec, crf, grow, resize_mask, feather.

    A video file that is being made has a hidden work folder beside it; after an interruption the same call goes on.

    Returns the `Report` for files, the painted frames uint8 (T, H, W, 3) for an array. Raises `VidinpaintError`.
    """
    short = {name: options.pop(name) for name in SHORTCUTS if name in options}
    unknown = options.keys() - Options.__dataclass_fields__.keys()
    if unknown:
        name = sorted(unknown)[0]
        raise SettingError(
            "an option of inpaint", repr(name), choose(name, [*Options.__dataclass_fields__, *SHORTCUTS])
        )
    chosen = Options(**options)
    graph = configured_graph(chosen, short)
    if chosen.runner not in (*HERE, *POOLS):
        raise SettingError("a runner", repr(chosen.runner), choose(chosen.runner, [*HERE, *POOLS]))
    specs = mask_specs(mask)
    _check_places(chosen)
    with compiling_shown(chosen.progress):
        here = isinstance(clip, np.ndarray) or (output is not None and is_folder(output))
        if here and chosen.runner not in HERE:
            actual = f"runner {chosen.runner!r} for an array or a folder"
            raise SettingError("a video file as output, for workers", actual, f"Use one of {', '.join(HERE)}.")
        if isinstance(clip, np.ndarray):
            if output is not None:
                raise OutputError(
                    "no output path for an array", repr(str(output)), "Leave it out, or give a path as clip."
                )
            array = ArrayWriter()
            with _open(clip, chosen) as reader:
                _run(reader, array, specs, graph, chosen, "", "")
            return array.frames
        if output is None:
            raise OutputError("a path to write to", "none", "Give output=, a file or a folder.")
        if is_folder(output):
            with _open(clip, chosen) as reader, open_writer(output, reader, overwrite=chosen.overwrite) as writer:
                return _run(reader, writer, specs, graph, chosen, str(clip), str(output))
        job = _job(str(clip), mask, str(output), chosen, short, graph.needs)
        check_place_of_output(job, chosen.overwrite)
        return _inpaint_here(job, chosen) if chosen.runner in HERE else _inpaint_elsewhere(job, chosen)


def _job(
    clip: str, mask: MaskLike, output: str, options: Options, short: Mapping[str, Any], needs: frozenset[str]
) -> Job:
    report = str(options.report or "")
    return Job(
        clip=clip,
        masks=_words(mask),
        output=output,
        work=work_place(output),
        pipeline=options.pipeline,
        config=options.config,
        settings=resolved_tables(options, short),
        start=_seconds(options.start),
        end=_seconds(options.end),
        rate=Fraction(options.rate),
        report=report,
        page=bool(report) and not is_figures(Path(report)),
        runner=options.runner,
        needs=needs,
    )


def _inpaint_here(job: Job, options: Options) -> Report:
    """One video file, in this process; what an interrupted run has finished is not done again."""
    debug = Path(options.debug) if options.debug else None
    try:
        with closing(ClipWork(job, options.progress, debug)) as work:
            work.paint_all(HERE[options.runner])
            report = work.finish()
    finally:
        options.progress.end()
    if report is None:
        actual = f"some of {job.work!r} gone or changed"
        raise OutputError("what was written to stay as it was", actual, "Run the same command again.")
    return report


def _inpaint_elsewhere(job: Job, options: Options) -> Report:
    """One video file, by workers."""
    if any(isinstance(mask, MaskSpec) for mask in job.masks):
        raise SettingError("masks as files or boxes, for workers", "an array", "Write it to a file, such as a .png.")
    if options.debug:
        raise SettingError("debug pictures from this process", f"runner {options.runner!r}", "Use --runner threads.")
    progress = options.progress

    def tell(event: str, **facts: Any) -> None:
        if event == "planned":
            progress.begin("inpaint", facts["missing"], "window")
        elif event == "painted":
            progress.advance(1)

    try:
        with staff(_staff(options), [job]) as (pool, workers):
            (clip,) = Crew(pool, workers, tell).run([job])
    finally:
        progress.end()
    if clip.error:
        folder = open_folder(job.work)
        if not Ledger(folder).count():
            folder.clear()
        raise clip.error
    assert clip.report
    return clip.report


def _staff(options: Options) -> Staff:
    return Staff(options.runner, options.workers, options.address, options.gpus_per_worker)


def _open(clip: str | Path | np.ndarray, options: Options) -> Reader:
    return open_reader(clip, _seconds(options.start), _seconds(options.end), Fraction(options.rate))


def _words(mask: MaskLike) -> tuple[str | MaskSpec, ...]:
    """Masks as a job holds them: words stay words, so that they can name a URL."""
    several = [mask] if isinstance(mask, (str, Path, np.ndarray, MaskSpec)) else list(mask)
    return tuple(str(one) if isinstance(one, (str, Path)) else mask_specs(one)[0] for one in several)


def configured_graph(options: Options, short: Mapping[str, Any]) -> Graph:
    """The pipeline with all settings: field defaults, then the config, then `settings`, then the short options."""
    return load_pipeline(options.pipeline).with_settings(resolved_tables(options, short))


def resolved_tables(options: Options, short: Mapping[str, Any]) -> Table:
    """All that is set apart from field defaults, by stage; later ones win."""
    graph = load_pipeline(options.pipeline)
    given = options.settings
    tables = [given] if isinstance(given, Mapping) else [parse_assignment(text) for text in given]
    shortcuts: list[Table] = []
    for name, value in short.items():
        if value is None:
            continue
        places = [place.split(".") for place in SHORTCUTS[name]]
        stage = places[0][0]
        if stage not in graph.by_name:
            actual = f"{name}={value!r}, while pipeline {options.pipeline!r} has no stage {stage!r}"
            raise SettingError("an option of this pipeline", actual, "Leave it out, or choose another pipeline.")
        shortcuts += [{stage: {key: value}} for stage, key in places if stage in graph.by_name]
    config = fitting(load_config(options.config), graph)
    chosen = merge(config, *tables, *shortcuts)
    return merge(chosen, graph.with_settings(chosen).settled())


def _run(
    reader: Reader, writer: Writer, specs: list[MaskSpec], graph: Graph, options: Options, clip: str, output: str
) -> Report:
    """Plan, run, finish; the writer is left as it is where something fails."""
    begin, started = perf_counter(), datetime.now(UTC)
    progress = options.progress
    place = Path(options.report) if options.report else None
    evidence: Evidence | None = None
    debug = Path(options.debug) if options.debug else None
    run = Run(graph, {"reader": reader, "mask_specs": specs, "writer": writer, "progress": progress}, progress, debug)
    try:
        run.make_plan()
        plan = run.plan
        if place and not is_figures(place):
            evidence = Evidence(plan, reader.info, run.values["masks"])
            run.witness = evidence.collect
        notes = [*reader.info.notes, *run.values["masks"].notes, *graph.notes]
        empty = not any(window.boxes for window in plan.windows)
        copied = writer.copy() if empty else None
        if empty:
            kept = "" if copied is None else ", all streams were copied as they are"
            notes.append(f"the mask is empty: nothing to paint{kept}")
        if copied is None:
            progress.begin("inpaint", len(plan))
            HERE[options.runner](run)
            notes += writer.finish()
        else:
            notes += copied
    finally:
        progress.end()
    report = Outcome.of_run(run).report(
        clip=clip,
        output=output,
        version=version(),
        pipeline=options.pipeline,
        config=options.config,
        runner=options.runner,
        frames=len(plan),
        width=reader.info.width,
        height=reader.info.height,
        shots=len(plan.shots),
        windows=len(plan.windows),
        total_seconds=round(perf_counter() - begin, 3),
        notes=tuple(dict.fromkeys(notes)),
        settings=graph.settings(),
        started=started.isoformat(" ", "seconds"),
        command=command(),
        versions=versions(),
    )
    if place and evidence:
        write_report(place, report, evidence)
    elif place:
        write_text(place, json.dumps(report.to_json(), indent=2) + "\n")
    return report


def _seconds(time: Fraction | float | None) -> Fraction | None:
    return None if time is None else Fraction(time)


def _check_places(options: Options) -> None:
    """Refuse places for the report and the debug pictures that cannot be written, before any work is done."""
    if options.report:
        check_place(Path(options.report))
    try:
        if options.debug:
            Path(options.debug).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        place = f"{str(options.debug)!r}: {error.strerror or error}"
        raise OutputError("a place that can be written", place, "Give another one.") from error
