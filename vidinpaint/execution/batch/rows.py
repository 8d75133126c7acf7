"""`read_rows`: reads the rows of a manifest: CSV with a header, JSON lines, or TOML with [[clip]] tables.

    clip,mask,output,settings                               {"clip": "a.mp4", "mask": ["logo.png", "9,9,30,20@0-5"],
    a.mp4,"logo.png;9,9,30,20@0-5",one.mp4,encode.crf=18    "settings": {"encode": {"crf": 18}}}

In CSV, ";" separates several masks or settings. The cells themselves may be separated by ",", ";" or tabs, as
spreadsheets save them; a cell with the separator in it is quoted. A TOML file may have a table [defaults]. Paths are
relative to the folder of the manifest. Problems are collected and not raised, so that the user sees all at once.
"""

import codecs
import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import choose
from vidinpaint.execution.storage.places import is_url

COLUMNS = ("clip", "mask", "output", "pipeline", "config", "settings", "method", "fill", "start", "end", "rate")
MANIFESTS = (".csv", ".tsv", ".jsonl", ".toml")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass
class Row:
    """One clip of a manifest.

    line      line number in the manifest, from 1
    base      the folder that paths are relative to
    values    values by column, without empty cells
    problems  what is wrong with the row, one sentence each
    unusable  columns whose values have the wrong type
    """

    line: int
    base: Path
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)


def read_rows(manifest: Path) -> list[Row]:
    """All rows; raises `SettingError` if the file as a whole cannot be read."""
    readers = {".csv": _csv, ".tsv": _csv, ".jsonl": _jsonl, ".toml": _toml}
    try:
        text = _text(manifest.read_bytes())
        rows = list(readers[manifest.suffix.lower()](text, manifest.parent))
    except OSError as error:
        raise SettingError("a manifest", f"{str(manifest)!r}: {error.strerror}", "Check the path.") from error
    except (csv.Error, tomllib.TOMLDecodeError, ValueError) as error:
        raise SettingError("a manifest", f"{str(manifest)!r}: {error}", "Correct it.") from error
    if not rows:
        raise SettingError("a manifest with clips", f"{str(manifest)!r} without any clip", "List one clip per row.")
    for row in rows:
        _check_columns(row)
    return rows


def _text(data: bytes) -> str:
    """UTF-8, with or without a byte order mark, or UTF-16 with one, in which spreadsheets save "Unicode text"."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(f"line {line} is not in UTF-8; save it again, in a spreadsheet as 'CSV UTF-8'") from error


def _csv(text: str, base: Path) -> Iterator[Row]:
    lines = text.splitlines(keepends=True)
    first = 0
    while first < len(lines) and (not lines[first].strip() or lines[first].lower().startswith("sep=")):  # for Excel
        first += 1
    separator = _separator(lines[first]) if first < len(lines) else ","
    reader = csv.DictReader(lines[first:], delimiter=separator, skipinitialspace=separator != "\t", strict=True)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if names and not set(names) & set(COLUMNS):
        raise ValueError(
            f"its first line names no column ({', '.join(COLUMNS[:3])} ...): {lines[first].strip()[:60]!r}"
        )
    for values in reader:
        extra = [cell for cell in values.pop(None, ()) if cell.strip()]  # type: ignore[call-overload]
        cells = {key.strip().lower(): cell.strip() for key, cell in values.items() if key and cell}
        row = Row(first + reader.line_num, base, {key: cell for key, cell in cells.items() if cell})
        for key in ("mask", "settings"):
            if key in row.values:
                row.values[key] = [text.strip() for text in row.values[key].split(";") if text.strip()]
        if extra:
            row.problems.append(
                f"expected the number of cells of the header, found {len(extra)} more. Put quotes around cells "
                f"with {SEPARATORS[separator]}."
            )
        if row.values or extra:
            yield row


def _separator(header: str) -> str:
    """The separator by which the header has the most columns that are known."""

    def known(separator: str) -> int:
        return len({name.strip(' "\r\n').lower() for name in header.split(separator)} & set(COLUMNS))

    return max(SEPARATORS, key=known)


def _jsonl(text: str, base: Path) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            yield Row(number, base, problems=[f"expected JSON, found an error: {error}. Write one object per line."])
            continue
        if isinstance(values, dict):
            yield Row(number, base, values)
        else:
            yield Row(number, base, problems=[f"expected an object, found {line[:40]!r}. Write one object per line."])


def _toml(text: str, base: Path) -> Iterator[Row]:
    tables = tomllib.loads(text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*clip\s*\]\]", line)]
    clips, defaults = tables.pop("clip", []), tables.pop("defaults", {})
    if tables:
        raise ValueError(f"unknown table {next(iter(tables))!r}; the tables are [[clip]] and [defaults]")
    if not isinstance(clips, list) or not isinstance(defaults, Mapping) or len(lines) != len(clips):
        raise ValueError("expected one [[clip]] table per clip")
    for line, values in zip(lines, clips):
        yield Row(line, base, {**defaults, **values})


def _check_columns(row: Row) -> None:
    """Record unknown columns and values of the wrong type as problems of the row."""
    if row.problems and not row.values:
        return
    for name in sorted(row.values.keys() - set(COLUMNS), key=str):
        row.problems.append(str(SettingError("a column of a manifest", repr(name), choose(str(name), COLUMNS))))
    row.values = {name: row.values[name] for name in COLUMNS if row.values.get(name) is not None}
    for name, value in list(row.values.items()):
        if not _fits(name, value):
            expected = {"mask": "text or a list of texts", "settings": "a table or texts"}.get(name, "text")
            row.problems.append(f"expected {name} as {expected}, found {value!r}. Correct the value.")
            row.unusable.add(name)
            del row.values[name]
    if "fill" in row.values:  # the earlier name of the column
        method = row.values.setdefault("method", row.values["fill"])
        if method != row.values.pop("fill"):
            row.problems.append("expected one of the columns method and fill, found both. Leave out fill.")
    if not row.values.get("clip") and "clip" not in row.unusable:
        row.problems.append("expected a clip, found none. Name a file or a folder of frames.")


def _fits(name: str, value: Any) -> bool:
    texts = isinstance(value, str) or (isinstance(value, list) and all(isinstance(text, str) for text in value))
    if name == "mask":
        return texts
    if name == "settings":
        return texts or isinstance(value, dict)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str) or (name in ("start", "end", "rate") and number)


def resolve_place(place: str, base: Path) -> str:
    """A path or URL of a row; a relative path is relative to `base`."""
    return place if is_url(place) else str(base / place)
