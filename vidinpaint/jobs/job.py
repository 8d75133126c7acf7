"""`Job`: one clip to be inpainted. All that a worker needs to know, small, and never frames."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from vidinpaint.commits.keys import array_content, content_of, key_of
from vidinpaint.graph import Graph
from vidinpaint.masks.sources.interface import MaskSource
from vidinpaint.masks.specs import MaskSpec, mask_specs
from vidinpaint.settings import Table
from vidinpaint.presets import load_pipeline
from vidinpaint.storage.inputs import local_copy
from vidinpaint.storage.places import is_url
from vidinpaint.window import Box

_PERIOD = re.compile(r"@[\d:.\s-]+$")


@dataclass(frozen=True)
class Job:
    """One clip.

    clip       path or URL of a video file, or of a folder of frames
    masks      words as for `vidinpaint.masks.specs.parse_mask`, also with URLs; or specs
    output     path or URL of the video file to write
    work       path or URL of the folder for what is finished on the way
    pipeline   name, or path or URL of a .py file; config: its name, for the report
    settings   tables by stage, all sources merged
    start, end seconds: only this part is read and written; rate: frames a second of a folder
    report     where a report is written: a folder, or a .json file; empty for none
    page       whether pictures for a page are to be collected
    needs      what machines must have for the pipeline's stages, see `Graph.needs`
    inside     a folder that nothing may be written outside of; empty: anywhere
    record     path or URL of a file that says, when the output is there, what it was made from; empty for none
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
    rate: Fraction = Fraction(25)
    report: str = ""
    page: bool = False
    record: str = ""
    overwrite: bool = False
    runner: str = ""
    needs: frozenset[str] = frozenset()
    inside: str = ""

    def graph(self) -> Graph:
        """The pipeline with all settings."""
        return load_pipeline(self.pipeline_file).with_settings(self.settings)

    @property
    def pipeline_file(self) -> str:
        """The pipeline by name or by a path of this machine."""
        return str(local_copy(self.pipeline)) if is_url(self.pipeline) else self.pipeline

    def mask_specs(self) -> list[MaskSpec]:
        """The masks, those by URL as files of this machine."""
        return mask_specs([_with_local_file(mask) if isinstance(mask, str) else mask for mask in self.masks])

    def own_files(self) -> list[str]:
        """The content of the pipeline's file where it is the user's own."""
        file = Path(self.pipeline_file)
        return [content_of(file)] if file.suffix == ".py" else []


def split_mask(word: str) -> tuple[str, str]:
    """The place of a mask by URL, and its period with "@", or ""."""
    period = _PERIOD.search(word)
    return (word[: period.start()], period.group()) if period else (word, "")


def _with_local_file(word: str) -> str:
    if not is_url(word):
        return word
    place, period = split_mask(word)
    return f"{local_copy(place)}{period}"


def mask_content(spec: MaskSpec) -> str:
    """A word for what a mask shows and when."""
    source = spec.source
    if isinstance(source, Box):
        what = key_of(source.x, source.y, source.width, source.height)
    elif isinstance(source, MaskSource):
        what = key_of(f"{type(source).__module__}.{type(source).__qualname__}", vars(source))
    elif isinstance(source, Path):
        try:
            what = content_of(source)
        except OSError:
            what = ""  # whoever opens it says what is wrong with it
    else:
        what = array_content(source)
    return key_of(what, spec.start, spec.stop)
