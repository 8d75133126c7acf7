"""`Job`: the description of one clip to inpaint: everything that a worker needs, small and without frames."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidinpaint.core.graph import Graph
from vidinpaint.core.presets import load_pipeline
from vidinpaint.core.settings import Table
from vidinpaint.execution.storage.inputs import local_copy
from vidinpaint.execution.storage.places import is_url
from vidinpaint.masks.specs import MaskLike, MaskSpec, mask_specs

_TIME_RANGE = re.compile(r"@[\d:.,\s>-]+$")


@dataclass(frozen=True)
class Job:
    """One clip.

    clip       path or URL of a video file or of a folder of frames; empty if the session is given an array
    masks      texts as for `vidinpaint.masks.specs.parse_mask`, paths may be URLs; or specs
    output     path or URL of the video file to write, or path of a folder; empty for an array
    work       path or URL of the folder for finished windows; empty for folders and arrays, which keep nothing
    pipeline   name, or path or URL of a .py file
    config     name of the config, for the report
    settings   tables by stage, all sources merged
    start      seconds; start and end limit the part that is read and written; None: the whole clip
    strict     whether a clip that is damaged or truncated is refused
    rate       frames per second of a folder or an array, 0.001 to 1000
    report     where the report is written: a folder or a .json file; empty for none
    page       whether images for the report page are collected
    record     path or URL of the `CompletionRecord`; empty for none
    overwrite  whether the output may replace a file or folder
    runner     name of the runner
    needs      what machines must have for the pipeline's stages, see `Graph.needs`
    inside     a folder outside of which nothing may be written; empty for no limit
    """

    clip: str
    masks: tuple[str | MaskSpec, ...]
    output: str
    work: str
    pipeline: str = "object_removal"
    config: str = "balanced"
    settings: Table = field(default_factory=dict)
    start: Fraction | None = None
    end: Fraction | None = None
    strict: bool = False
    rate: Fraction = Fraction(25)
    report: str = ""
    page: bool = False
    record: str = ""
    overwrite: bool = False
    runner: str = ""
    needs: frozenset[str] = frozenset()
    inside: str = ""

    def graph(self) -> Graph:
        """The pipeline with all settings. Raises GraphError if it lacks a value that execution reads."""
        graph = load_pipeline(self.pipeline_file).with_settings(self.settings)
        graph.check_outputs()
        return graph

    @property
    def pipeline_file(self) -> str:
        """The name of the pipeline, or the path of its file on this machine."""
        return str(local_copy(self.pipeline)) if is_url(self.pipeline) else self.pipeline

    def mask_specs(self) -> list[MaskSpec]:
        """The masks; those by URL are downloaded to this machine."""
        return mask_specs([_with_local_file(mask) if isinstance(mask, str) else mask for mask in self.masks])


def split_mask(text: str) -> tuple[str, str]:
    """The place of a mask, and its time range with "@", or an empty text."""
    time_range = _TIME_RANGE.search(text)
    return (text[: time_range.start()], time_range.group()) if time_range else (text, "")


def _with_local_file(text: str) -> str:
    if not is_url(text):
        return text
    place, time_range = split_mask(text)
    return f"{local_copy(place)}{time_range}"


def mask_texts(mask: MaskLike) -> tuple[str | MaskSpec, ...]:
    """Masks as a job holds them: texts stay as they are, so that they can name a URL."""
    masks = [mask] if isinstance(mask, (str, Path, np.ndarray, MaskSpec)) else list(mask)
    return tuple(str(mask) if isinstance(mask, (str, Path)) else mask_specs(mask)[0] for mask in masks)
