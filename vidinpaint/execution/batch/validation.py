"""`validated_jobs`: turns the rows of a manifest into jobs, and checks all of them before any is started.

All mistakes of all rows are reported at once: a clip or mask that does not exist, settings that the pipeline does not
have, an output outside of the folder, an output that two rows share, a file of that name from somewhere else.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from vidinpaint.core.errors import BatchError, ClipError, MaskError, SettingError, VidinpaintError
from vidinpaint.core.graph import SEGMENT, Graph
from vidinpaint.core.settings import Table, merge, parse_assignment
from vidinpaint.core.times import parse_rate, parse_time, time_range
from vidinpaint.execution.batch.layout import Layout
from vidinpaint.execution.batch.names import check_name, default_name, same_name
from vidinpaint.execution.batch.rows import Row, resolve_place
from vidinpaint.execution.jobs.job import Job, split_mask
from vidinpaint.execution.jobs.output_place import chosen_output
from vidinpaint.execution.options import default_masks, resolved_settings
from vidinpaint.execution.storage.places import exists, is_url, name_of, stamp
from vidinpaint.masks.specs import parse_mask
from vidinpaint.video.containers.kinds import container_kind
from vidinpaint.video.files.encoding import Encoding

CONCURRENT_CHECKS = 16  # rows; checking a place in an object store is mostly waiting


@dataclass(frozen=True)
class Defaults:
    """Values for rows that do not give their own; paths are relative to the current folder.

    options    values by the names of `vidinpaint.execution.options.OPTION_SETTINGS`
    name       name of each output, with {stem} and {name} of the clip; empty: the name of the clip
    overwrite  whether results may replace files that do not belong to the batch
    strict     whether clips that are damaged or cut off are refused
    """

    masks: Sequence[str] = ()
    pipeline: str = "object_removal"
    config: str = "balanced"
    settings: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    overwrite: bool = False
    strict: bool = False


@dataclass(frozen=True)
class BatchEntry:
    """One clip of a batch: its line in the manifest, the name of its output, its size in bytes, and its job."""

    line: int
    name: str
    size: int
    job: Job


def validated_jobs(rows: Sequence[Row], layout: Layout, defaults: Defaults, source: str) -> list[BatchEntry]:
    """The jobs, small clips first. Raises `BatchError` with one detail per mistake."""
    reader = _Reader(layout, defaults)
    with ThreadPoolExecutor(CONCURRENT_CHECKS) as pool:
        entries = list(pool.map(reader.read, rows))
    found = [(row, entry) for row, entry in zip(rows, entries) if entry]
    by_name: dict[str, list[int]] = defaultdict(list)
    for row, entry in found:
        by_name[same_name(entry.name)].append(row.line)
    inputs = {os.path.realpath(place) for _, entry in found for place in _inputs(entry.job) if not is_url(place)}
    for row, entry in found:
        lines = by_name[same_name(entry.name)]
        if len(lines) > 1:
            others = ", ".join(str(line) for line in lines if line != row.line)
            row.problems.append(
                f"expected an output of its own, found {entry.name!r} as in line {others}. Give them different names."
            )
        if os.path.realpath(entry.job.output) in inputs:
            row.problems.append(f"expected an output that is not an input, found {entry.name!r}. Choose another name.")
    details = tuple(f"line {row.line}: {problem}" for row in rows for problem in row.problems)
    if details:
        wrong = len({row.line for row in rows if row.problems})
        error = BatchError(
            "a list of clips without mistakes", f"mistakes in {wrong} of {len(rows)} rows of {source!r}",
            "No clip was processed; correct the rows and run the same command again.",
        )  # fmt: skip
        error.details, error.exit_code = details, SettingError.exit_code
        raise error
    return sorted((entry for _, entry in found), key=lambda entry: (entry.size, entry.line))


def _inputs(job: Job) -> list[str]:
    masks = [mask for mask in job.masks if isinstance(mask, str)]
    return [job.clip, *(split_mask(mask)[0] for mask in masks)]


class _Reader:
    """Turns a row into a job; mistakes are added to the row's problems."""

    def __init__(self, layout: Layout, defaults: Defaults) -> None:
        self._layout, self._defaults = layout, defaults
        self._graphs: dict[str, tuple[Table, Graph] | VidinpaintError] = {}

    def read(self, row: Row) -> BatchEntry | None:
        values = row.values
        if not values.get("clip"):
            return None
        clip = resolve_place(str(values["clip"]), row.base)
        name = _expanded(str(values.get("output") or self._defaults.name or default_name(clip)), clip)
        checked = [
            _try(row, lambda: self._clip(clip)),
            None if "mask" in row.unusable else _try(row, lambda: self._masks(row, clip)),
            _try(row, lambda: self._settings(row)),
            _try(row, lambda: self._times(values)),
            _try(row, lambda: self._name(name)),
        ]
        if not checked[4] or None in checked or row.problems:  # the name alone shows whether two rows share an output
            return BatchEntry(row.line, name, 0, self._job(name, clip)) if checked[4] else None
        size, masks, (tables, graph), times = checked[:4]
        name = _try(row, lambda: chosen_output(name, clip, graph)) or name
        encoding = graph.stages.get(SEGMENT, Encoding())
        if isinstance(encoding, Encoding):
            _try(row, lambda: container_kind(name).check_codec(encoding.codec))
        _try(row, lambda: self._layout.check_free(name, self._defaults.overwrite))
        job = self._job(name, clip)
        job = replace(
            job, masks=tuple(masks), pipeline=self._pipeline(row), config=str(values.get("config") or
            self._defaults.config), settings=tables, needs=graph.needs, **times,
        )  # fmt: skip
        return BatchEntry(row.line, name, size, job)

    def _job(self, name: str, clip: str) -> Job:
        layout = self._layout
        job = Job(clip, (), layout.output(name), layout.work(name), record=layout.record(name), inside=layout.root)
        return replace(job, strict=self._defaults.strict)

    def _name(self, name: str) -> str:
        check_name(name, self._layout.place)
        return name

    def _clip(self, clip: str) -> int:
        if not exists(clip):
            raise ClipError("a clip", f"{clip!r}, which does not exist", "Check the path.")
        return max(1, stamp(clip)[0])

    def _masks(self, row: Row, clip: str) -> list[str]:
        own = row.values.get("mask")
        base = row.base if own else Path()
        masks = [own] if isinstance(own, str) else list(own or self._defaults.masks or self._own_masks(row))
        if not masks:
            raise MaskError("at least one mask", "none", "Give one in the column mask, or by --mask for all clips.")
        return [_mask(_expanded(mask, clip), base) for mask in masks]

    def _own_masks(self, row: Row) -> list[str]:
        """Those of the row's pipeline; none where its settings are wrong, which is reported on its own."""
        with suppress(VidinpaintError):
            return default_masks(self._settings(row)[1])
        return []

    def _pipeline(self, row: Row) -> str:
        """A name or a path, which is relative to the manifest or, from the command line, to the current folder."""
        own = row.values.get("pipeline")
        return _by_path(str(own), row.base) if own else self._defaults.pipeline

    def _settings(self, row: Row) -> tuple[Table, Graph]:
        own = row.values.get("settings", {})
        table, texts = (own, []) if isinstance(own, dict) else ({}, [own] if isinstance(own, str) else own)
        texts = [*self._defaults.settings, *texts]
        config = row.values.get("config")
        config = _by_path(str(config), row.base) if config else self._defaults.config
        pipeline = self._pipeline(row)
        method = row.values.get("method")
        options = {**self._defaults.options, **({"method": method} if method else {})}
        key = repr((pipeline, config, texts, table, method))
        if key not in self._graphs:
            self._graphs[key] = _resolve(pipeline, config, texts, table, options)
        resolved = self._graphs[key]
        if isinstance(resolved, VidinpaintError):
            raise resolved
        return resolved

    def _times(self, values: Mapping[str, Any]) -> dict[str, Any]:
        start, end = (None if values.get(name) in (None, "") else parse_time(values[name]) for name in ("start", "end"))
        if end is not None and end <= (start or 0):
            raise SettingError("a time range that ends after it starts", time_range(start, end), "Correct the times.")
        return {"start": start, "end": end, "rate": parse_rate(values.get("rate", 25))}


def _resolve(
    pipeline: str, config: str, texts: list[str], table: Table, options: Mapping[str, Any]
) -> tuple[Table, Graph] | VidinpaintError:
    try:
        return resolved_settings(pipeline, config, merge(*map(parse_assignment, texts), table), options)
    except VidinpaintError as error:
        return error


def _try(row: Row, check: Callable[[], Any]) -> Any:
    try:
        return check()
    except VidinpaintError as error:
        row.problems.append(" ".join(str(error).split()))
    except ValueError as error:  # a null byte in a path
        row.problems.append(f"expected valid paths, found an error: {error}. Correct the row.")
    return None


def _expanded(template: str, clip: str) -> str:
    """Replace {stem} and {name} in a mask or an output by those of the clip."""
    name = PurePosixPath(name_of(clip)) if clip else PurePosixPath("clip")
    return template.replace("{stem}", name.stem).replace("{name}", name.name)


def _mask(text: str, base: Path) -> str:
    """The mask, a relative path in it being relative to `base`; raises `MaskError` if there is no such mask."""
    if is_url(text):
        if not exists(split_mask(text)[0]):
            raise MaskError("a mask", f"{text!r}, which does not exist", "Check the URL.")
        return text
    joined = str(base / text)
    if not os.path.exists(joined) and not isinstance(parse_mask(text).source, Path):
        return text
    spec = parse_mask(joined)
    if isinstance(spec.source, Path) and not spec.source.exists():
        raise MaskError("a mask", f"{str(spec.source)!r}, which does not exist", "Check the path.")
    return joined


def _by_path(name: str, base: Path) -> str:
    return resolve_place(name, base) if name.endswith((".py", ".toml")) else name
